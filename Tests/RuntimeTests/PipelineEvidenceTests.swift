import Board
import Drivers
import Evidence
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

/// What the pipeline writes beside the values: configuration, clocks, raw bytes, sizes.
@Suite(.timeLimit(.minutes(1))) struct PipelineEvidenceTests {
  @Test func `the configuration stands before the first data that depends on it`() async throws {
    let file = Array("board: { name: test }".utf8)
    let board = try airBoard(
      more: "kernels: { hot: { kind: threshold, of: air.temperature, above: 30 } }")
    let bench = try await PipelineBench(board, boardFile: file)
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.tick(instant(10_000))
    await bench.accept(airMeasurement(20_000), at: instant(11_000))
    await bench.pipeline.tick(instant(20_000))
    let entries = try bench.entries()
    #expect(entries.map(\.type) == [.genesis, .boot, .configuration, .data, .data])
    let body = try bench.entry(2).configurationBody()
    #expect(body.boardFile == file)
    #expect(body.boardFileDigest == Hash.digest(of: file))
    #expect(body.runtimeVersion == "cairn 1")
    #expect(
      body.sensors == [
        ConfigurationBody.Sensor(name: "air", driver: "sht3x", driverRevision: 1, calibration: nil)
      ])
    #expect(body.kernels.map(\.name) == ["hot"])
    #expect(body.kernels.first?.kind == "threshold")
    let above = body.kernels.first?.parameters.first { $0.key == .text("above") }
    #expect(above?.value == .text("30"))
  }

  @Test func `the configuration holds the hash only where the board file says so`() async throws {
    let bench = try await PipelineBench(
      airBoard(record: "every: 10 s, configuration: hash"), boardFile: Array("text".utf8))
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.finish(at: instant(2000))
    let body = try bench.entry(2).configurationBody()
    #expect(body.boardFile == nil)
    #expect(body.boardFileDigest == Hash.digest(of: Array("text".utf8)))
  }

  @Test func `the configuration is repeated when a calibration becomes known or changes`()
    async throws
  {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(.failed("no acknowledge"), at: instant(1000))
    await bench.pipeline.tick(instant(10_000))
    await bench.accept(airMeasurement(20_000), at: instant(11_000), calibration: [1, 1])
    await bench.pipeline.tick(instant(20_000))
    await bench.accept(airMeasurement(20_000), at: instant(21_000), calibration: [1, 1])
    // A failure that knows no calibration changes nothing.
    await bench.accept(.failed("no acknowledge"), at: instant(22_000))
    await bench.pipeline.tick(instant(30_000))
    await bench.accept(airMeasurement(20_000), at: instant(31_000), calibration: [2, 2])
    await bench.pipeline.tick(instant(40_000))
    let entries = try bench.entries()
    #expect(
      entries.map(\.type) == [
        .genesis, .boot, .configuration, .event, .configuration, .data, .event, .data, .event,
        .configuration, .data, .event,
      ])
    let calibrations = try entries.filter { $0.type == .configuration }
      .map { try $0.configurationBody().sensors.first?.calibration }
    #expect(calibrations == [nil, [1, 1], [2, 2]])
  }

  @Test func `data stands behind the calibration with which it was decoded, never another`()
    async throws
  {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(1_000), at: instant(1000), calibration: [1])
    await bench.accept(airMeasurement(2_000), at: instant(2000), calibration: [1])
    await bench.accept(airMeasurement(3_000), at: instant(3000), calibration: [2])
    await bench.accept(airMeasurement(4_000), at: instant(4000), calibration: [1])
    await bench.pipeline.finish(at: instant(5000))
    var calibration: [UInt8]?
    var pairs: [String] = []
    for entry in try bench.entries() {
      if entry.type == .configuration {
        calibration = try entry.configurationBody().sensors.first?.calibration
      }
      for record in entry.records where record.name.hasSuffix("temperature") {
        pairs.append("\(record.number ?? -1) with \(calibration ?? [])")
      }
    }
    #expect(pairs == ["1.0 with [1]", "2.0 with [1]", "3.0 with [2]", "4.0 with [1]"])
  }

  @Test func `a board file that does not fit beside many calibrations leaves its hash`()
    async throws
  {
    let lines = (0..<112).map { line in
      "c\(line): { driver: pulse-counter, on: header, line: \(line), debounce: 20 ms, "
        + "per-pulse: 1 Wh, every: 1 s }"
    }
    let board = try board(
      """
      board: { name: test }
      buses: { header: { gpiochip: gpiochip0 } }
      sensors:
        \(lines.joined(separator: "\n  "))
      """)
    let file = [UInt8](repeating: 0x23, count: 48 * 1024)
    let bench = try await PipelineBench(board, boardFile: file)
    for sensor in board.sensors.indices {
      await bench.accept(
        .failed("-"), sensor: sensor, at: instant(1000),
        calibration: [UInt8](repeating: 1, count: 200))
    }
    await bench.pipeline.finish(at: instant(2000))
    #expect(bench.recorder.state.failure == nil)
    let body = try bench.entry(2).configurationBody()
    #expect(body.sensors.count == 112)
    #expect(body.boardFile == nil)
    #expect(body.boardFileDigest == Hash.digest(of: file))
  }

  @Test func `without a clock that is kept, records have no time and the entry has theirs`()
    async throws
  {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1234, quality: nil))
    await bench.accept(airMeasurement(20_000), at: instant(2345, quality: nil))
    await bench.pipeline.tick(instant(10_000, quality: nil))
    let data = try #require(try bench.entries().last)
    #expect(data.clock == nil)
    #expect(data.records.map(\.timeSeconds) == [nil, nil, nil, nil])
    #expect(data.extra == .array([1234, 1234, 2345, 2345].map { .unsigned($0) }))
    #expect(!bench.outbox.texts(on: "cairn/1/test/sensor/air")[0].contains("\"t\""))
  }

  @Test func `records with a time need no monotonic times`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.tick(instant(10_000))
    let data = try #require(try bench.entries().last)
    #expect(data.extra == nil)
    #expect(data.clock?.source == .ntp)
  }

  @Test func `records from before the clock was kept keep their monotonic times after it`()
    async throws
  {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000, quality: nil))
    await bench.accept(airMeasurement(20_000), at: instant(2000))
    await bench.pipeline.tick(instant(10_000))
    let data = try #require(try bench.entries().last)
    #expect(data.clock != nil)
    #expect(data.records.map { $0.timeSeconds != nil } == [false, false, true, true])
    #expect(data.extra == .array([1000, 1000, 2000, 2000].map { .unsigned($0) }))
  }

  @Test func `a clock in the first days of 1970 gives no time, and loses no record`() async throws {
    let bench = try await PipelineBench(airBoard())
    let moment = Moment(
      bootMilliseconds: 1000, unixNanoseconds: 86_400_000_000_000,
      quality: ClockQuality(errorMilliseconds: 0, source: .operator))
    await bench.pipeline.accept(
      Acquisition(sensor: 0, moment: moment, outcome: airMeasurement(20_000)))
    await bench.pipeline.finish(at: moment)
    #expect(try bench.records().map(\.timeSeconds) == [nil, nil])
    #expect(
      try bench.entries().contains {
        $0.type == .data && $0.extra == .array([.unsigned(1000), .unsigned(1000)])
      })
  }

  @Test(arguments: [-3_600_000, 3_600_000, 1001, -1001] as [Int64])
  func `a step of the clock is an event, and the kernels begin anew`(step: Int64) async throws {
    let bench = try await PipelineBench(
      airBoard(
        more:
          "kernels: { calm: { kind: statistics, of: air.temperature, window: 10 s, compute: count } }"
      ))
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.accept(airMeasurement(20_000), at: instant(2000))
    await bench.accept(airMeasurement(20_000), at: instant(3000, unixOffset: step))
    await bench.accept(airMeasurement(20_000), at: instant(4000, unixOffset: step))
    await bench.pipeline.tick(instant(20_000, unixOffset: step))
    let steps = try bench.events(.clockStep)
    #expect(steps.map { $0.detail("step_ms") } == [.integer(step)])
    // Only samples after the step are in the windows.
    let counts = try bench.records().filter { $0.name.hasSuffix("calm/count") }.compactMap(\.number)
    #expect(counts.reduce(0, +) == 2)
  }

  @Test func `a clock that is drawn to the right time slowly makes no step`() async throws {
    let bench = try await PipelineBench(airBoard())
    for second in 1...100 as ClosedRange<UInt64> {
      await bench.pipeline.tick(instant(second * 1000, unixOffset: Int64(second) * 400))
    }
    await bench.pipeline.finish(at: instant(101_000, unixOffset: 40_400))
    #expect(try bench.events(.clockStep) == [])
  }

  @Test func `raw bytes stand beside the records, in the order of the measurements`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.accept(
      .measured(Measurement([Reading("temperature", celsius(1))]), raw: [[9, 9]]),
      at: instant(2000))
    await bench.pipeline.finish(at: instant(3000))
    let data = try #require(try bench.entries().last)
    #expect(
      data.evidence == [SensorEvidence(sensor: "air", readings: [[1, 2, 3, 4, 5, 6], [9, 9]])])
  }

  @Test func `raw bytes are left out where the board file says so`() async throws {
    let bench = try await PipelineBench(airBoard(record: "every: 10 s, raw: no"))
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.finish(at: instant(2000))
    let data = try #require(try bench.entries().last)
    #expect(data.type == .data)
    #expect(data.evidence == nil)
  }

  @Test func `very many records make several entries, none too long and none missing`()
    async throws
  {
    let bench = try await PipelineBench(airBoard(record: "every: 1 h"))
    let count: UInt64 = 3000
    for index in 0..<count {
      await bench.accept(airMeasurement(Int128(index)), at: instant(1000 + index))
    }
    await bench.pipeline.finish(at: instant(5000))
    #expect(bench.recorder.state.failure == nil)
    let entries = try bench.entries()
    let data = entries.filter { $0.type == .data }
    #expect(data.count > 6)
    let temperatures = data.flatMap(\.records).filter { $0.name.hasSuffix("temperature") }
    #expect(temperatures.map(\.number) == (0..<count).map { Double($0) / 1000 })
    #expect(data.flatMap { $0.evidence ?? [] }.flatMap(\.readings).count == Int(count))
    // What waits is bounded: it is signed before the hour is over.
    #expect(bench.log.appendedGroups.count > 3)
  }

  @Test func `very many gaps make several entries, none too long and none missing`() async throws {
    let bench = try await PipelineBench(airBoard())
    let cause = String(repeating: "x", count: 900)
    for index in 0..<300 as Range<UInt64> {
      await bench.accept(.failed("\(index) \(cause)"), at: instant(1000 + index))
    }
    await bench.pipeline.finish(at: instant(2000))
    #expect(bench.recorder.state.failure == nil)
    #expect(try bench.events(.gap).count == 300)
    #expect(try bench.entries().count { $0.type == .event } > 4)
  }

  @Test func `many sensors with raw bytes and no valid value fit into entries`() async throws {
    let lines = (1000..<1800).map { line in
      "counter-with-a-name-of-32-lo\(line): "
        + "{ driver: pulse-counter, on: header, line: \(line - 1000), debounce: 20 ms, every: 1 s }"
    }
    let board = try board(
      """
      board: { name: test }
      buses: { header: { gpiochip: gpiochip0 } }
      sensors:
        \(lines.joined(separator: "\n  "))
      record: { configuration: hash }
      """)
    let bench = try await PipelineBench(board)
    for sensor in board.sensors.indices {
      await bench.accept(
        .measured(Measurement([]), raw: [[UInt8](repeating: 1, count: 60)]), sensor: sensor,
        at: instant(1000))
    }
    await bench.pipeline.finish(at: instant(2000))
    let raw = try bench.entries().flatMap { $0.evidence ?? [] }
    #expect(bench.recorder.state.failure == nil)
    #expect(raw.count == 800)
  }

  @Test func `a clock that is set late gives the start's entries a time afterwards`() async throws {
    let bench = try await PipelineBench(
      airBoard(record: "every: 1 s, checkpoint: 1 min"), startingWithoutClock: true)
    await bench.accept(airMeasurement(20_000), at: instant(1000, quality: nil))
    await bench.pipeline.tick(instant(1000, quality: nil))
    await bench.accept(airMeasurement(21_000), at: instant(2000))
    await bench.pipeline.tick(instant(2000))
    await bench.accept(airMeasurement(22_000), at: instant(3000))
    await bench.pipeline.tick(instant(3000))
    let entries = try bench.entries()
    #expect(
      entries.map(\.type) == [.genesis, .boot, .configuration, .data, .timeSync, .data, .data])
    #expect(entries[3].records.allSatisfy { $0.timeSeconds == nil })
    let sync = entries[4]
    #expect(sync.monotonicMilliseconds == 2000)
    #expect(sync.clock?.unixMilliseconds == 1_750_000_002_000)
    var clock = BootClock()
    for entry in entries { clock.note(entry) }
    #expect(
      clock.derived(boot: 1, monotonicMilliseconds: 1000)?.unixMilliseconds == 1_750_000_001_000)
    #expect(clock.derived(boot: 1, monotonicMilliseconds: 1000)?.errorMilliseconds == 3)
    #expect(clock.derived(boot: 2, monotonicMilliseconds: 1000) == nil)
  }

  @Test func `a clock that steps is mapped anew, the nearest later mapping counts`() async throws {
    let bench = try await PipelineBench(airBoard(record: "every: 1 s, checkpoint: 1 min"))
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.tick(instant(1000))
    await bench.accept(airMeasurement(21_000), at: instant(2000, unixOffset: 60_000))
    await bench.pipeline.tick(instant(2000, unixOffset: 60_000))
    await bench.accept(airMeasurement(22_000), at: instant(3000))
    await bench.pipeline.tick(instant(3000))
    let syncs = try bench.entries().filter { $0.type == .timeSync }
    #expect(syncs.map { $0.clock?.unixMilliseconds } == [1_750_000_062_000, 1_750_000_003_000])
    var clock = BootClock()
    for entry in try bench.entries() { clock.note(entry) }
    func derived(_ milliseconds: UInt64) -> UInt64? {
      clock.derived(boot: 1, monotonicMilliseconds: milliseconds)?.unixMilliseconds
    }
    #expect(derived(1500) == 1_750_000_061_500)
    #expect(derived(2500) == 1_750_000_002_500)
    #expect(derived(9000) == 1_750_000_009_000)
  }
}
