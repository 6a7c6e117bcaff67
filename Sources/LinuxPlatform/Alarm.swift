import CPlatform

/// What one thread waits for and others ring; it is there for good.
///
/// Unchecked: the C functions take a lock of their own, and the pointer never changes.
struct Alarm: @unchecked Sendable {
  private let alarm = cairn_alarm_create()

  /// Waits until it rings, or rang since the last wait, or until the monotonic clock has come so far.
  func wait(untilMonotonic nanoseconds: Int64) { cairn_alarm_wait(alarm, nanoseconds) }

  /// Rings.
  func ring() { cairn_alarm_ring(alarm) }
}
