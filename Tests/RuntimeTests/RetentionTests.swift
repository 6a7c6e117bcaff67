import Board
import Evidence
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

/// Which old entries may go, and what is signed before they do.
@Suite(.timeLimit(.minutes(1))) struct RetentionTests {
  private static let day: UInt64 = 86_400_000

  /// Bundles of 1000 bytes, made a day after one another from the day 100 on.
  private func plan(
    _ settings: RetentionSettings, bundles: Int = 10, firstKept: UInt64 = 0,
    acknowledged: UInt64 = .max, free: Int = 1 << 30, now: UInt64? = 110 * day,
    withoutClock: Set<UInt64> = []
  ) throws -> RetentionPlan? {
    try settings.plan(
      LogStorage(
        firstKept: firstKept, mostDroppable: UInt64(bundles) * 256,
        bundleBytes: (bundles - Int(firstKept / 256)) * 1000, freeBytes: free,
        capacityBytes: 1 << 30),
      acknowledged: acknowledged, unixMilliseconds: now
    ) { seq in
      StoredBundle(
        byteCount: 1000,
        claimedMilliseconds: withoutClock.contains(seq / 256) ? nil : (100 + seq / 256) * Self.day)
    }
  }

  @Test func `nothing goes where nothing says so`() throws {
    #expect(try plan(RetentionSettings()) == nil)
    #expect(try plan(RetentionSettings(age: .seconds(30 * 86_400))) == nil)
    #expect(try plan(RetentionSettings(size: 10_000)) == nil)
  }

  @Test func `whole bundles go that are older than the age`() throws {
    let settings = RetentionSettings(age: .seconds(5 * 86_400))
    #expect(try plan(settings) == .drop(before: 5 * 256, cause: "beyond the age to keep"))
    #expect(try plan(settings, firstKept: 5 * 256) == nil)
    #expect(try plan(settings, now: nil) == nil)
  }

  @Test func `a bundle without a time is as old as the next that has one`() throws {
    let settings = RetentionSettings(age: .seconds(5 * 86_400))
    #expect(
      try plan(settings, withoutClock: [0, 1])
        == .drop(before: 5 * 256, cause: "beyond the age to keep"))
    #expect(
      try plan(settings, withoutClock: [4, 5, 6, 7, 8, 9])
        == .drop(before: 4 * 256, cause: "beyond the age to keep"))
  }

  @Test func `the oldest bundles go that are beyond the size`() throws {
    #expect(
      try plan(RetentionSettings(size: 7500))
        == .drop(before: 3 * 256, cause: "beyond the size to keep"))
  }

  @Test func `what the broker lacks stays, whatever the age and the size`() throws {
    for settings in [
      RetentionSettings(size: 1), RetentionSettings(age: .seconds(3600)),
      RetentionSettings(age: .seconds(3600), size: 1),
    ] {
      guard case .drop(let seq, _)? = try plan(settings, acknowledged: 700) else {
        Issue.record("nothing goes")
        return
      }
      #expect(seq == 512)
      #expect(try plan(settings, acknowledged: 255) == nil)
    }
  }

  @Test func `a full disk lets the oldest go, or stops`() throws {
    let reserve = RetentionSettings.reserve(ofCapacity: 1 << 30)
    #expect(reserve == (1 << 30) / 20)
    #expect(
      try plan(RetentionSettings(whenFull: .dropOldest), free: reserve - 2500)
        == .drop(before: 3 * 256, cause: "the disk is full"))
    guard case .stop? = try plan(RetentionSettings(), free: reserve - 1) else {
      Issue.record("it goes on")
      return
    }
    // Nothing may go where the broker has nothing.
    guard
      case .stop? = try plan(
        RetentionSettings(whenFull: .dropOldest), acknowledged: 0, free: reserve - 1)
    else {
      Issue.record("it goes on")
      return
    }
    #expect(try plan(RetentionSettings(), free: reserve) == nil)
  }

  private func bench() async throws -> PipelineBench {
    try await PipelineBench(
      airBoard(record: "every: 1 s, checkpoint: 5 s", more: ""), acknowledged: 1000,
      retention: RetentionSettings(size: 150_000))
  }

  @Test func `a signed event under a head comes before anything goes`() async throws {
    let bench = try await bench()
    await bench.recorder.record((0..<800).map { statement($0) })
    var dropped: UInt64 = 0
    for second in 1...30 as ClosedRange<UInt64> {
      await bench.accept(airMeasurement(20_000), at: instant(second * 1000))
      await bench.pipeline.tick(instant(second * 1000))
      guard bench.log.firstKept > dropped else { continue }
      dropped = bench.log.firstKept
      let said = try bench.events(.storage).compactMap(\.keptFromSequence).max()
      #expect(said == dropped)
      let seq = try #require(
        try bench.entries().firstIndex { $0.events.contains { $0.keptFromSequence == dropped } })
      #expect(bench.log.checkpointSize > UInt64(seq))
      // What is kept names its configuration.
      #expect(
        try bench.entries().contains { $0.type == .configuration && $0.sequence >= dropped })
    }
    // Three full bundles of 100,000 bytes, of which one and a half may stay.
    #expect(dropped == 512)
  }

  @Test func `a full disk is an alarm that is signed, then nothing is signed any more`()
    async throws
  {
    let bench = try await PipelineBench(
      airBoard(record: "every: 1 s, checkpoint: 5 s"), acknowledged: 0,
      retention: RetentionSettings())
    bench.log.setStorage(freeBytes: 1 << 20, capacityBytes: 1 << 30, bundleBytes: 1000)
    for second in 1...30 as ClosedRange<UInt64> {
      await bench.accept(airMeasurement(20_000), at: instant(second * 1000))
      await bench.pipeline.tick(instant(second * 1000))
    }
    let alarm = try #require(try bench.events(.storage).first)
    #expect(alarm.severity == .alarm)
    #expect(
      alarm.detail("cause")?.textValue?.hasPrefix("recording stops: the disk has 1048576 bytes")
        == true)
    guard case .full? = bench.recorder.state.failure else {
      Issue.record("\(bench.recorder.state.standing)")
      return
    }
    #expect(bench.log.checkpointSize == bench.log.size)
  }

  @Test func `what found no room waits and is signed when there is room again`() async throws {
    let bench = try await PipelineBench(airBoard(record: "every: 1 s, checkpoint: 5 s"))
    bench.log.fillUp(true)
    for second in 1...10 as ClosedRange<UInt64> {
      await bench.accept(airMeasurement(20_000), at: instant(second * 1000))
      await bench.pipeline.tick(instant(second * 1000))
    }
    #expect(bench.log.size == 2)
    guard case .waiting = bench.recorder.state.standing else {
      Issue.record("\(bench.recorder.state.standing)")
      return
    }
    bench.log.fillUp(false)
    await bench.accept(airMeasurement(20_000), at: instant(11_000))
    await bench.pipeline.tick(instant(11_000))
    #expect(bench.recorder.state.standing == .signing)
    #expect(bench.recorder.state.unsignedStatements == 0)
    #expect(try bench.records().count == 22)
  }
}
