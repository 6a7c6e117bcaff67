import Board
import Evidence
import Kernels
import Quantities
import Testing

@testable import Runtime

/// A graph of kernels on a board: in what order its values are signed, and what they say.
@Suite(.timeLimit(.minutes(1))) struct KernelGraphTests {
  private static let graph = """
    kernels:
      a-capped: { kind: clamp, of: means.mean, max: 22 }
      b-hot: { kind: threshold, of: a-capped.value, above: 21 }
      b-same: { kind: consistency, first: a-capped.value, second: means.mean, within: 0 s }
      means: { kind: statistics, of: air.temperature, window: 5 s, compute: [mean, count] }
      z-longer: { kind: statistics, of: means.mean, window: 10 s, compute: [count, max] }
    """

  /// Takes a value for every second, with a tick in between.
  private func run(_ bench: PipelineBench, _ values: [Int128], offset: Int64 = 0) async {
    for (index, milli) in values.enumerated() {
      let milliseconds = UInt64(index + 1) * 1000
      await bench.accept(airMeasurement(milli), at: instant(milliseconds, unixOffset: offset))
      await bench.pipeline.tick(instant(milliseconds + 500, unixOffset: offset))
    }
  }

  @Test func `what a kernel heard of another stands behind it in the log`() async throws {
    let bench = try await PipelineBench(airBoard(more: Self.graph))
    await run(bench, (1...16).map { $0 * 2000 })
    await bench.pipeline.finish(at: instant(17_000))
    let prefix = "urn:dev:cairn:test:"
    let derived = try bench.records().filter { !$0.name.hasPrefix(prefix + "air/") }
      .map { "\($0.name.dropFirst(prefix.count)) \($0.number ?? .nan)" }
    #expect(
      derived == [
        "means/mean 5.0", "means/count 4.0", "a-capped/value 5.0", "b-hot/alarm 0.0",
        "b-same/flag 1.0", "means/mean 14.0", "means/count 5.0",
        "a-capped/value 14.0", "b-same/flag 1.0", "z-longer/count 2.0",
        "z-longer/max 14.0", "means/mean 24.0", "means/count 5.0", "a-capped/value 22.0",
        "b-hot/alarm 1.0", "b-same/flag 1.0",
      ])
    let alarm = try #require(try bench.events(.anomaly).first)
    #expect(alarm.subject == "a-capped.value" && alarm.severity == .alarm)
    #expect(alarm.detail("kernel") == .text("b-hot") && alarm.detail("value") == .float(22))
    #expect(bench.outbox.texts(on: "cairn/1/test/kernel/a-capped").count == 3)
  }

  @Test func `kernels of the same board give what the log says, from its sensors' values`()
    async throws
  {
    let board = try airBoard(more: Self.graph)
    let bench = try await PipelineBench(board)
    await run(bench, (1...60).map { 20_000 + $0 * 7919 % 4000 })
    await bench.pipeline.finish(at: instant(61_000))
    var row = KernelRow(board.kernels)
    var outputs: [KernelRow.Output] = []
    var logged: [String: [Double]] = [:]
    for record in try bench.records() {
      let name = record.name.split(separator: ":").last.map(String.init) ?? ""
      let number = try #require(record.number)
      guard name.hasPrefix("air/") else {
        logged[name, default: []].append(number)
        continue
      }
      let unit = Unit(code: record.unit ?? "")
      let channel = ChannelReference(sensor: "air", channel: String(name.dropFirst(4)), unit: unit)
      let time = Int64(try #require(record.timeSeconds) * 1e6) * 1000
      outputs += row.accept(Sample(nanoseconds: time, value: number), of: channel)
    }
    outputs += row.advance(to: instant(60_500).unixNanoseconds)
    var computed: [String: [Double]] = [:]
    for output in outputs {
      guard case .value(let place, let value, _, _) = output.given else { continue }
      let kernel = row.declarations[output.kernel]
      computed["\(kernel.name)/\(kernel.outputs[place].name)", default: []].append(value)
    }
    #expect(logged.count == 7 && logged["means/mean"]?.count == 12)
    #expect(logged == computed)
  }

  @Test func `a step of the clock restarts every kernel of a chain`() async throws {
    let bench = try await PipelineBench(airBoard(more: Self.graph))
    await run(bench, [20_000, 20_000, 20_000, 20_000, 20_000, 20_000, 20_000])
    await run(bench, [30_000, 30_000, 30_000, 30_000, 30_000, 30_000], offset: 7_200_000)
    let records = try bench.records()
    let counts = records.filter { $0.name.hasSuffix("means/count") }.map(\.number)
    #expect(counts == [4, 4])
    #expect(records.filter { $0.name.hasSuffix("z-longer/count") } == [])
  }
}
