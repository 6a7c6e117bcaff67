public import Evidence
public import Runtime

/// A clock that moves only when a test says so.
///
/// Sleepers wake in the order of their times, and in the order in which they came where those are
/// the same. `advance(by:)` jumps; `advance(by:keeping:)` stops at every time for which somebody
/// sleeps, and goes on when as many tasks sleep as a test says must, so that work that repeats is
/// done at each of its times.
public final class ManualClock: RuntimeClock {
  private struct Sleeper {
    let id: UInt64
    let wakeTime: Int64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State: Sendable {
    var monotonic: Int64
    var unix: Int64
    var quality: ClockQuality?
    var lastID: UInt64 = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<UInt64> = []

    /// Moves on to a time and takes those out who are to wake then, in their order.
    mutating func move(to time: Int64) -> [Sleeper] {
      unix += time - monotonic
      monotonic = time
      let due = sleepers.filter { $0.wakeTime <= time }
        .sorted { ($0.wakeTime, $0.id) < ($1.wakeTime, $1.id) }
      sleepers.removeAll { $0.wakeTime <= time }
      return due
    }
  }

  private let state: Observed<State>

  /// A clock that stands at a time of the monotonic clock and of the system, each in nanoseconds.
  public init(
    monotonicNanoseconds: Int64 = 60_000_000_000,
    unixNanoseconds: Int64 = 1_750_000_000_000_000_000,
    quality: ClockQuality? = ClockQuality(errorMilliseconds: 3, source: .ntp)
  ) {
    state = Observed(
      State(monotonic: monotonicNanoseconds, unix: unixNanoseconds, quality: quality))
  }

  /// Nanoseconds of the monotonic clock.
  public var monotonicNanoseconds: Int64 { state.value.monotonic }

  /// What all clocks say now; the machine has not slept since its start.
  public var now: Moment {
    let state = state.value
    return Moment(
      bootMilliseconds: UInt64(max(0, state.monotonic)) / 1_000_000,
      unixNanoseconds: state.unix, quality: state.quality)
  }

  /// How many tasks sleep.
  public var sleeperCount: Int { state.value.sleepers.count }

  /// The times of the monotonic clock until which tasks sleep, in nanoseconds, the nearest first.
  public var wakeTimesNanoseconds: [Int64] { state.value.sleepers.map(\.wakeTime).sorted() }

  /// Sleeps until the clock was moved so far; throws where the task is cancelled.
  public func sleep(untilMonotonic nanoseconds: Int64) async throws {
    let id = state.change { state in
      state.lastID += 1
      return state.lastID
    }
    let isAwake = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.change { state in
          if state.cancelled.remove(id) != nil { return false }
          if state.monotonic >= nanoseconds { return true }
          state.sleepers.append(
            Sleeper(id: id, wakeTime: nanoseconds, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let sleeper: Sleeper? = state.change { state in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(returning: false)
    }
    guard isAwake else { throw CancellationError() }
    try Task.checkCancellation()
  }

  /// Jumps, as when the machine did nothing else for a time; wakes who is due then.
  public func advance(by duration: Duration) {
    let due = state.change { $0.move(to: $0.monotonic + duration.nanoseconds) }
    for sleeper in due { sleeper.continuation.resume(returning: true) }
  }

  /// Moves on from wake time to wake time, each time waiting until `sleepers` tasks or more sleep.
  ///
  /// Ends after the time when that many sleep again; throws where the task is cancelled.
  public func advance(by duration: Duration, keeping sleepers: Int) async throws {
    let end = monotonicNanoseconds + duration.nanoseconds
    while true {
      try await waitForSleepers(sleepers)
      let (due, isOver) = state.change { state in
        let next = state.sleepers.map(\.wakeTime).min().map { max($0, state.monotonic) }
        guard let next, next <= end else { return (state.move(to: end), true) }
        return (state.move(to: next), false)
      }
      for sleeper in due { sleeper.continuation.resume(returning: true) }
      if isOver { return }
    }
  }

  /// Waits until so many tasks or more sleep.
  public func waitForSleepers(_ count: Int) async throws {
    try await state.wait { $0.sleepers.count >= count }
  }

  /// Waits until so many tasks or fewer sleep, as when others were cancelled.
  public func waitForSleepers(atMost count: Int) async throws {
    try await state.wait { $0.sleepers.count <= count }
  }

  /// Waits until somebody sleeps until a time of the monotonic clock in nanoseconds, or longer.
  public func waitForSleeper(untilNanoseconds time: Int64) async throws {
    try await state.wait { $0.sleepers.contains { $0.wakeTime >= time } }
  }

  /// Sets the system's time forward or back, as a person or a time server does.
  public func stepSystemTime(by duration: Duration) {
    state.change { $0.unix += duration.nanoseconds }
  }

  /// Says how far the system's time is right from now on; nil where nothing keeps it.
  public func setQuality(_ quality: ClockQuality?) {
    state.change { $0.quality = quality }
  }
}
