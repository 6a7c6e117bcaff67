/// Gives entries of a start that had no clock yet a time afterwards.
///
/// A time-sync entry (type 3) states the monotonic time and the claimed time of one instant; so does
/// every entry with a claimed time, but only a time-sync entry says that it is meant. A time before one
/// is counted back from the next that follows in the same start, a time after all of them on from the
/// last. It is no more than a claim, and less than one that was made at the time.
public struct BootClock: Sendable {
  private struct Point: Sendable {
    let monotonicMilliseconds: UInt64
    let reading: ClockReading
  }

  private var points: [UInt64: [Point]] = [:]

  /// A clock that knows of no start.
  public init() {}

  /// Takes an entry; those of other types say nothing.
  public mutating func note(_ entry: Entry) {
    guard entry.type == .timeSync, let reading = entry.clock else { return }
    points[entry.boot, default: []].append(
      Point(monotonicMilliseconds: entry.monotonicMilliseconds, reading: reading))
  }

  /// The time of an instant of a start in milliseconds since 1970, with the error that was claimed; nil
  /// where the start's clock was never set.
  public func derived(
    boot: UInt64, monotonicMilliseconds: UInt64
  ) -> (unixMilliseconds: UInt64, errorMilliseconds: UInt64)? {
    guard let points = points[boot] else { return nil }
    guard
      let point = points.first(where: { $0.monotonicMilliseconds >= monotonicMilliseconds })
        ?? points.last
    else { return nil }
    let passed =
      Int64(clamping: monotonicMilliseconds) - Int64(clamping: point.monotonicMilliseconds)
    let time = Int64(clamping: point.reading.unixMilliseconds) + passed
    return (UInt64(max(0, time)), point.reading.errorMilliseconds)
  }
}
