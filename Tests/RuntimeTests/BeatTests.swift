import RuntimeTesting
import Synchronization
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct BeatTests {
  /// Times and misses that a beat's work notes.
  final class Notes: Sendable {
    private let state = Mutex<(times: [Int64], missed: [[Int64]])>(([], []))
    var times: [Int64] { state.withLock { $0.times } }
    var missed: [[Int64]] { state.withLock { $0.missed } }
    func note(time: Int64) { state.withLock { $0.times.append(time) } }
    func note(missed beats: Int64, _ ago: Int64) {
      state.withLock { $0.missed.append([beats, ago]) }
    }
  }

  let clock = ManualClock(monotonicNanoseconds: 0)
  let notes = Notes()

  func run(_ beat: Beat, _ work: @escaping @Sendable (ManualClock) async throws -> Void = { _ in })
    -> Task<Void, Never>
  {
    Task { [clock, notes] in
      await beat.run(on: clock, missed: { notes.note(missed: $0, $1) }) {
        notes.note(time: clock.monotonicNanoseconds)
        try await work(clock)
      }
    }
  }

  @Test func `comes at its phase and then at its interval, and never drifts`() async throws {
    // Every piece of work takes 3 ms.
    let task = run(Beat(first: 7_000_000, every: .milliseconds(10))) { clock in
      try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds + 3_000_000)
    }
    try await clock.advance(by: .seconds(1), keeping: 1)
    #expect(notes.times == (0..<100).map { 7_000_000 + $0 * 10_000_000 })
    #expect(notes.missed == [])
    task.cancel()
    await task.value
  }

  @Test func `leaves out what it missed, tells it, and keeps its phase`() async throws {
    // The third piece of work takes 45 ms, all others nothing.
    let task = run(Beat(first: 0, every: .milliseconds(10))) { [notes] clock in
      guard notes.times.count == 3 else { return }
      try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds + 45_000_000)
    }
    try await clock.advance(by: .milliseconds(100), keeping: 1)
    #expect(notes.times == [0, 10, 20, 70, 80, 90, 100].map { $0 * 1_000_000 })
    // The beats at 30, 40, 50 and 60; the first of them 35 ms before it was told.
    #expect(notes.missed == [[4, 35_000_000]])
    task.cancel()
    await task.value
  }

  @Test(
    arguments: [
      (10, [0, 10, 20], []), (11, [0, 20, 40], [[1, 1], [1, 1]]),
    ] as [(Int64, [Int64], [[Int64]])])
  func `work that takes as long as the interval misses nothing, longer work does`(
    milliseconds: Int64, times: [Int64], missed: [[Int64]]
  ) async throws {
    let task = run(Beat(first: 0, every: .milliseconds(10))) { clock in
      try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds + milliseconds * 1_000_000)
    }
    try await clock.advance(
      by: .milliseconds(10 * times.count - 1) + .milliseconds(milliseconds), keeping: 1)
    #expect(Array(notes.times.prefix(3)) == times.map { $0 * 1_000_000 })
    #expect(Array(notes.missed.prefix(2)) == missed.map { [$0[0], $0[1] * 1_000_000] })
    task.cancel()
    await task.value
  }

  @Test func `a jump of the clock is one late beat and no burst`() async throws {
    let task = run(Beat(first: 0, every: .seconds(1)))
    try await clock.waitForSleepers(1)
    clock.advance(by: .seconds(3600) + .milliseconds(1))
    try await clock.advance(by: .seconds(1), keeping: 1)
    #expect(notes.times == [0, 3_600_001_000_000, 3_601_000_000_000])
    // The beats from 1 s to 3600 s; the one at 1 s was waited for, so it is the late one.
    #expect(notes.missed == [[3599, 3_598_001_000_000]])
    task.cancel()
    await task.value
  }

  @Test func `ends when its task is cancelled`() async throws {
    let task = run(Beat(first: 0, every: .seconds(1)))
    try await clock.waitForSleepers(1)
    task.cancel()
    await task.value
    #expect(clock.sleeperCount == 0)
  }

  @Test func `a deadline is due at whole intervals, and once for those that were missed`() {
    var deadline = Deadline(every: .seconds(10), since: 500)
    let times: [UInt64] = [10_499, 10_503, 20_499, 20_500, 55_000, 60_499, 60_500]
    let due = times.map { deadline.isDue($0) }
    #expect(due == [false, true, false, true, true, false, true])
  }

  @Test func `a back-off allows one try at once, then waits twice as long each time, to a minute`()
  {
    var backOff = BackOff()
    var now: Int64 = 5
    #expect(backOff.isDue(now))
    for seconds in [0, 1, 2, 4, 8, 16, 32, 60, 60, 60] as [Int64] {
      backOff.fail(now: now)
      if seconds > 0 { #expect(!backOff.isDue(now + seconds * 1_000_000_000 - 1)) }
      now += seconds * 1_000_000_000
      #expect(backOff.isDue(now))
    }
    for _ in 0..<1000 { backOff.fail(now: now) }
    #expect(backOff.isDue(now + 60_000_000_000))
  }
}
