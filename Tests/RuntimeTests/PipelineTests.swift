import Board
import Drivers
import Evidence
import MerkleLog
import Quantities
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct PipelineTests {
  @Test func `calibrates a value before anybody sees it`() async throws {
    let bench = try await PipelineBench(
      airBoard(channels: "temperature: { calibrate: { scale: 2, offset: -0.4 } }"))
    await bench.accept(airMeasurement(21_500), at: instant(1000))
    await bench.pipeline.finish(at: instant(2000))
    let records = try bench.records()
    #expect(
      records.map(\.name) == ["air/temperature", "air/humidity"].map { "urn:dev:cairn:test:" + $0 })
    #expect(records.map(\.number) == [42.6, 50])
    #expect(records.map(\.unit) == ["Cel", "%RH"])
    #expect(records.map(\.timeSeconds) == [1_750_000_001, 1_750_000_001])
    #expect(
      bench.outbox.texts(on: "cairn/1/test/sensor/air") == [
        #"[{"n":"urn:dev:cairn:test:air/temperature","u":"Cel","t":1750000001.0,"v":42.6},"#
          + #"{"n":"urn:dev:cairn:test:air/humidity","u":"%RH","t":1750000001.0,"v":50.0}]"#
      ])
  }

  @Test func `a value outside its valid range is a gap and nothing else`() async throws {
    let bench = try await PipelineBench(
      airBoard(
        channels: "temperature: { valid: -40..85 }",
        more: "kernels: { hot: { kind: threshold, of: air.temperature, above: 30 } }"))
    await bench.accept(airMeasurement(85_000), at: instant(1000))
    await bench.accept(airMeasurement(85_001), at: instant(2000))
    await bench.accept(airMeasurement(-40_001), at: instant(3000))
    await bench.pipeline.finish(at: instant(4000))
    #expect(
      try bench.records().filter { $0.name.hasSuffix("temperature") }.map(\.number) == [85])
    #expect(try bench.records().filter { $0.name.hasSuffix("humidity") }.count == 3)
    let gaps = try bench.events(.gap)
    #expect(gaps.map(\.subject) == ["air.temperature"])
    #expect(gaps.first?.detail("missed") == .unsigned(2))
    #expect(gaps.first?.detail("cause") == .text("value is outside 'valid'"))
    // The sensor itself is well, and the kernel saw no invalid value.
    #expect(try bench.events(.fault) == [])
    #expect(try bench.events(.anomaly).map { $0.detail("value") } == [.float(85)])
    #expect(!bench.outbox.texts(on: "cairn/1/test/sensor/air").joined().contains("85.001"))
  }

  @Test func `a value that calibration makes too large is a gap`() async throws {
    let bench = try await PipelineBench(
      airBoard(channels: "temperature: { calibrate: { scale: 100000000000 } }"))
    let huge = Quantity(nano: Int128.max / 1_000_000_000, unit: .celsius)
    await bench.accept(
      .measured(Measurement([Reading("temperature", huge)]), raw: []), at: instant(1000))
    await bench.pipeline.finish(at: instant(2000))
    #expect(try bench.records() == [])
    #expect(try bench.events(.gap).map { $0.detail("cause") } == [.text("value cannot be kept")])
  }

  @Test func `a channel that the driver does not declare is a gap`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(
      .measured(Measurement([Reading("colour", celsius(1))]), raw: []), at: instant(1000))
    await bench.pipeline.finish(at: instant(2000))
    #expect(try bench.events(.gap).map(\.subject) == ["air.colour"])
  }

  @Test func `a driver's faults are gaps of their channels`() async throws {
    let bench = try await PipelineBench(airBoard())
    let faults = [ChannelFault("humidity", cause: "sensor is wet")]
    await bench.accept(airMeasurement(20_000, faults: faults), at: instant(1000))
    await bench.accept(airMeasurement(20_000, faults: faults), at: instant(5000))
    await bench.pipeline.finish(at: instant(6000))
    let gaps = try bench.events(.gap)
    #expect(gaps.map(\.subject) == ["air.humidity"])
    #expect(gaps.first?.detail("cause") == .text("sensor is wet"))
    #expect(gaps.first?.detail("missed") == .unsigned(2))
    #expect(gaps.first?.detail("from") == .unsigned(1000))
    #expect(gaps.first?.detail("to") == .unsigned(5000))
    #expect(gaps.first?.severity == .warning)
  }

  @Test func `gaps of one cause are one event, and another cause is another`() async throws {
    let bench = try await PipelineBench(airBoard())
    for second in 1...5 as ClosedRange<UInt64> {
      await bench.accept(.failed("no acknowledge"), at: instant(second * 1000))
    }
    await bench.accept(.failed("checksum is wrong"), at: instant(6000))
    await bench.accept(.failed("no acknowledge"), at: instant(7000))
    await bench.pipeline.finish(at: instant(8000))
    let gaps = try bench.events(.gap)
    #expect(
      gaps.map { $0.detail("cause") } == [.text("no acknowledge"), .text("checksum is wrong")])
    #expect(gaps.map { $0.detail("missed") } == [.unsigned(6), .unsigned(1)])
    #expect(gaps.map { $0.detail("from") } == [.unsigned(1000), .unsigned(6000)])
    #expect(gaps.map { $0.detail("to") } == [.unsigned(7000), .unsigned(6000)])
  }

  @Test func `a fault and its end are told once per change`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    for second in 2...9 as ClosedRange<UInt64> {
      await bench.accept(.failed("cause \(second)"), at: instant(second * 1000))
    }
    await bench.accept(airMeasurement(20_000), at: instant(10_000))
    await bench.accept(airMeasurement(20_000), at: instant(11_000))
    await bench.accept(.failed("again"), at: instant(12_000))
    await bench.pipeline.finish(at: instant(13_000))
    #expect(
      try bench.events(.fault).map { $0.detail("cause") } == [.text("cause 2"), .text("again")])
    let recovered = try bench.events(.recovered)
    #expect(recovered.map(\.subject) == ["air"])
    #expect(recovered.first?.detail("missed") == .unsigned(8))
    #expect(bench.outbox.texts(on: "cairn/1/test/event").count == 3)
    #expect(
      bench.outbox.texts(on: "cairn/1/test/event")[0]
        == #"{"kind":"fault","subject":"air","time":1750000002,"severity":"warning","#
        + #""details":{"cause":"cause 2"}}"#)
    let health = await bench.pipeline.sensors[0]
    #expect(health.condition == .failing)
    #expect(health.measurements == 3)
    #expect(health.failures == 9)
    #expect(health.lastCause == "again")
  }

  @Test func `an absent sensor and a bus without any are told once, with what was tried`()
    async throws
  {
    let bench = try await PipelineBench(
      RuntimeTests.board(
        """
        board: { name: test }
        buses: { i2c-1: { device: /dev/i2c-1 } }
        sensors:
          air: { driver: sht3x, on: i2c-1, address: 0x44, every: 1 s }
          roof: { driver: sht3x, on: i2c-1, address: 0x45, every: 1 s }
        """))
    func fail(_ sensor: Int, _ second: UInt64, isAbsent: Bool = false) async {
      await bench.pipeline.accept(
        Acquisition(
          sensor: sensor, moment: instant(second * 1000), outcome: .failed("no acknowledge"),
          steps: isAbsent ? [] : [.reinitialise], isAbsent: isAbsent))
    }
    await fail(0, 1)
    await fail(1, 1)
    for second in 2...5 as ClosedRange<UInt64> { await fail(0, second, isAbsent: true) }
    await bench.accept(airMeasurement(20_000), sensor: 0, at: instant(6000))
    await bench.pipeline.finish(at: instant(7000))
    let faults = try bench.events(.fault)
    #expect(faults.map(\.subject) == ["air", "roof", "i2c-1", "air"])
    #expect(faults[0].detail("tried") == .text("set up anew"))
    #expect(faults[2].detail("cause") == .text("none of its 2 sensors measures"))
    #expect(faults[3].detail("state") == .text("absent"))
    #expect(try bench.events(.recovered).map(\.subject) == ["air", "i2c-1"])
    let health = await bench.pipeline.sensors
    #expect(health[0].steps == [.reinitialise: 1])
    #expect(health.map(\.condition) == [.measuring, .failing])
  }

  @Test func `records and publishes what kernels give`() async throws {
    let bench = try await PipelineBench(
      airBoard(
        more: """
          kernels:
            calm: { kind: statistics, of: air.temperature, window: 5 s, compute: [count, mean, max] }
          """))
    for (second, milli) in [(1, 20_000), (2, 21_000), (3, 23_000), (6, 30_000)]
      as [(UInt64, Int128)]
    {
      await bench.accept(airMeasurement(milli), at: instant(second * 1000))
    }
    await bench.pipeline.finish(at: instant(7000))
    let records = try bench.records().filter { $0.name.contains(":calm/") }
    #expect(
      records.map(\.name) == ["count", "mean", "max"].map { "urn:dev:cairn:test:calm/\($0)" })
    #expect(records.map(\.number) == [3, 64.0 / 3, 23])
    #expect(records.map(\.unit) == ["count", "Cel", "Cel"])
    // A window is stamped with its end.
    #expect(records.map(\.timeSeconds) == [1_750_000_005, 1_750_000_005, 1_750_000_005])
    #expect(bench.outbox.texts(on: "cairn/1/test/kernel/calm").count == 1)
  }

  @Test func `a tick closes a window in which nothing comes any more`() async throws {
    let bench = try await PipelineBench(
      airBoard(
        more: "kernels: { calm: { kind: statistics, of: air.temperature, window: 5 s } }"))
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.tick(instant(4999))
    #expect(bench.outbox.texts(on: "cairn/1/test/kernel/calm") == [])
    await bench.pipeline.tick(instant(5000))
    #expect(bench.outbox.texts(on: "cairn/1/test/kernel/calm").count == 1)
  }

  @Test func `an alarm is signed at once, with what waited before it`() async throws {
    let bench = try await PipelineBench(
      airBoard(more: "kernels: { hot: { kind: threshold, of: air.temperature, above: 30 } }"))
    await bench.accept(airMeasurement(29_000), at: instant(1000))
    #expect(bench.log.size == 2)
    await bench.accept(airMeasurement(31_000), at: instant(2000))
    let entries = try bench.entries()
    #expect(entries.map(\.type) == [.genesis, .boot, .configuration, .data, .event])
    // Two channels twice, and the alarm as a state: 0, and then 1.
    #expect(try bench.entry(3).records.count == 6)
    let alarm = try #require(try bench.entry(4).events.first)
    #expect(alarm.kind == .anomaly)
    #expect(alarm.severity == .alarm)
    #expect(alarm.subject == "air.temperature")
    #expect(alarm.detail("kernel") == .text("hot"))
    #expect(alarm.detail("value") == .float(31))
    // Its end can wait for the interval.
    await bench.accept(airMeasurement(20_000), at: instant(3000))
    #expect(bench.log.size == 5)
    await bench.pipeline.tick(instant(10_000))
    #expect(try bench.events(.recovered).map(\.subject) == ["air.temperature"])
  }

  @Test func `signs at the interval, whatever time the ticks take`() async throws {
    let bench = try await PipelineBench(airBoard())
    var sizes: [UInt64] = []
    // Ticks that come a little late, by another time each.
    for tick in 1...80 as ClosedRange<UInt64> {
      await bench.accept(airMeasurement(20_000), at: instant(tick * 500))
      await bench.pipeline.tick(instant(tick * 500 + tick * 7 % 11))
      if tick.isMultiple(of: 20) { sizes.append(bench.log.size) }
    }
    // Start, configuration, then one entry in every 10 s.
    #expect(sizes == [4, 5, 6, 7])
  }

  @Test func `signs a head at its interval, and nothing twice`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    for second in stride(from: 1000, through: 59_500, by: 500) as StrideThrough<UInt64> {
      await bench.pipeline.tick(instant(second))
    }
    #expect(bench.log.checkpointSize == 0)
    await bench.pipeline.tick(instant(60_003))
    let first = bench.log.size
    #expect(bench.log.checkpointSize == first)
    await bench.accept(airMeasurement(20_000), at: instant(61_000))
    await bench.pipeline.tick(instant(71_000))
    await bench.pipeline.tick(instant(119_999))
    #expect(bench.log.size > first)
    #expect(bench.log.checkpointSize == first)
    await bench.pipeline.tick(instant(120_000))
    #expect(bench.log.checkpointSize == bench.log.size)
  }

  @Test func `the last head covers the last entry`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(1000))
    await bench.pipeline.finish(at: instant(1500))
    #expect(bench.log.size == 4)
    #expect(bench.log.checkpointSize == 4)
  }

  @Test func `the start is the first thing that is signed`() async throws {
    let bench = try await PipelineBench(airBoard())
    let boot = try #require(try bench.entries().last)
    #expect(boot.type == .boot)
    #expect(boot.extra?[1] == .text("cairn 1"))
    #expect(boot.monotonicMilliseconds == 0)
  }

  @Test func `keeps nothing of what cannot be signed any more, and counts it`() async throws {
    let bench = try await PipelineBench(airBoard())
    bench.log.failNext(with: .system(file: "wal", call: "fdatasync", error: "Input/output error"))
    for tick in 1...60 as ClosedRange<UInt64> {
      await bench.accept(airMeasurement(20_000), at: instant(tick * 1000))
      await bench.pipeline.tick(instant(tick * 1000))
    }
    #expect(bench.log.size == 2)
    #expect(bench.recorder.state.failure != nil)
    // Six batches, each with the configuration that was not signed, and the one that failed.
    #expect(bench.recorder.state.unsignedStatements > 7)
    let alarms = bench.outbox.texts(on: "cairn/1/test/event").filter { $0.contains("storage") }
    #expect(alarms.count == 1)
    #expect(alarms.first?.contains("nothing is signed any more: fdatasync of wal") == true)
    #expect(alarms.first?.contains(#""remedy":"see to the disk""#) == true)
    // It goes on to measure and to tell.
    #expect(bench.outbox.texts(on: "cairn/1/test/sensor/air").count == 60)
  }

  @Test func `measurements that were lost are gaps, and count until the sensor is back`()
    async throws
  {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(.failed("no acknowledge"), at: instant(1000))
    await bench.pipeline.accept(
      Intake.Loss(sensor: 0, cause: "there was no room", from: 2000, to: 9000, missed: 8))
    await bench.accept(airMeasurement(20_000), at: instant(9500))
    await bench.pipeline.finish(at: instant(10_000))
    let gap = try #require(try bench.events(.gap).last)
    #expect(gap.subject == "air")
    #expect(gap.detail("from") == .unsigned(2000))
    #expect(gap.detail("to") == .unsigned(9000))
    #expect(gap.detail("missed") == .unsigned(8))
    #expect(try bench.events(.recovered).map { $0.detail("missed") } == [.unsigned(9)])
    #expect(await bench.pipeline.sensors[0].failures == 9)
  }

  @Test func `a sensor of which nothing is heard is a fault, once`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(0))
    // Two intervals and five seconds.
    for tick in 0...13 as ClosedRange<UInt64> { await bench.pipeline.tick(instant(tick * 500)) }
    #expect(await bench.pipeline.sensors[0].condition == .measuring)
    for tick in 14...40 as ClosedRange<UInt64> { await bench.pipeline.tick(instant(tick * 500)) }
    #expect(await bench.pipeline.sensors[0].condition == .failing)
    await bench.accept(airMeasurement(20_000), at: instant(20_500))
    await bench.pipeline.finish(at: instant(21_000))
    let faults = try bench.events(.fault)
    #expect(faults.map(\.subject) == ["air"])
    #expect(faults.first?.detail("cause") == .text("an attempt does not end; 'i2c-1' hangs"))
    #expect(try bench.events(.recovered).count == 1)
  }

  @Test func `a machine that slept is no fault of its sensors`() async throws {
    let bench = try await PipelineBench(airBoard())
    await bench.accept(airMeasurement(20_000), at: instant(0))
    await bench.pipeline.tick(instant(500))
    await bench.pipeline.tick(instant(3_600_000))
    #expect(await bench.pipeline.sensors[0].condition == .measuring)
  }
}
