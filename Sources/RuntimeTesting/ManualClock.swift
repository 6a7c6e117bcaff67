public import Evidence
public import Runtime

/// A clock that moves only when a test says so.
///
/// `advance(by:)` jumps; `advance(by:keeping:)` stops at every time for which somebody
/// sleeps, and goes on when as many tasks sleep as a test says must, so that work that repeats is
/// done at each of its times.
public final class ManualClock: RuntimeClock {
  private struct State: Sendable {
    var monotonic: Int64
    var unix: Int64
    var quality: ClockQuality?
    var sleepers = Sleepers()

    /// Moves on to a time.
    mutating func move(to time: Int64) {
      unix += time - monotonic
      monotonic = time
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
  public var wakeTimesNanoseconds: [Int64] { state.value.sleepers.wakeTimesNanoseconds }

  /// Sleeps until the clock was moved so far; throws where the task is cancelled.
  public nonisolated(nonsending) func sleep(untilMonotonic nanoseconds: Int64) async throws {
    try await Sleepers.sleep(untilMonotonic: nanoseconds) { [self] work in
      wake { work(&$0.sleepers) }
    }
  }

  /// Changes something, and wakes who is due then.
  private func wake(_ work: (inout State) -> Void) {
    let due = state.change { state in
      work(&state)
      return state.sleepers.takeDue(atNanoseconds: state.monotonic)
    }
    for sleeper in due { sleeper.resume(returning: true) }
  }

  /// Jumps, as when the machine did nothing else for a time; wakes who is due then.
  public func advance(by duration: Duration) {
    wake { $0.move(to: $0.monotonic + duration.nanoseconds) }
  }

  /// Moves on from wake time to wake time, each time waiting until `sleepers` tasks or more sleep.
  ///
  /// Ends after the time when that many sleep again; throws where the task is cancelled.
  public func advance(by duration: Duration, keeping sleepers: Int) async throws {
    let end = monotonicNanoseconds + duration.nanoseconds
    while true {
      try await waitForSleepers(sleepers)
      var isOver = false
      wake { state in
        let next = state.sleepers.nextWakeTimeNanoseconds.map { max($0, state.monotonic) }
        isOver = next.map { $0 > end } ?? true
        state.move(to: isOver ? end : next ?? end)
      }
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
    try await state.wait { ($0.sleepers.wakeTimesNanoseconds.last ?? .min) >= time }
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
