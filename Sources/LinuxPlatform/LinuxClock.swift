import CPlatform
import Evidence
import Glibc
public import Runtime

/// The clocks of a Linux machine.
///
/// Schedules follow CLOCK_MONOTONIC, which also stamps the edges of lines; entries follow
/// CLOCK_BOOTTIME; the quality of the time since 1970 is what adjtimex says.
public struct LinuxClock: RuntimeClock {
  private let isSimulated: Bool

  /// The machine's clocks; with `isSimulated` their quality is stated as simulated.
  public init(isSimulated: Bool) {
    self.isSimulated = isSimulated
  }

  /// Nanoseconds of CLOCK_MONOTONIC.
  public var monotonicNanoseconds: Int64 { Self.monotonicNanoseconds }

  static var monotonicNanoseconds: Int64 { nanoseconds(CLOCK_MONOTONIC) }

  /// What all clocks say now.
  public var now: Moment {
    Moment(
      bootMilliseconds: UInt64(clamping: Self.nanoseconds(CLOCK_BOOTTIME) / 1_000_000),
      unixNanoseconds: Self.nanoseconds(CLOCK_REALTIME), quality: quality)
  }

  private var quality: ClockQuality? {
    if isSimulated { return ClockQuality(errorMilliseconds: 0, source: .simulated) }
    var state = cairn_clock_state()
    guard cairn_clock_state(&state) == 0, state.is_synchronised == 1 else { return nil }
    return ClockQuality(
      errorMilliseconds: UInt64(clamping: (state.max_error_us + 999) / 1000), source: .ntp)
  }

  /// Waits until CLOCK_MONOTONIC has come so far.
  public nonisolated(nonsending) func sleep(untilMonotonic nanoseconds: Int64) async throws {
    try await WakeUpThread.shared.sleep(untilMonotonic: nanoseconds)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
