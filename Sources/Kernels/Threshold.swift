/// Raises an alarm when a stream passes a limit, and releases it with hysteresis.
///
/// The limit is passed when the value is strictly beyond it; the alarm is raised when that has
/// lasted for the hold time, and released when the value has been at or inside the release level
/// for the release time. NaN and infinities are passed over: they neither raise nor release.
public struct Threshold: Hashable, Sendable {
  /// Which side of the limit is alarming.
  public enum Side: String, Hashable, Sendable, CaseIterable {
    /// Values over the limit.
    case above
    /// Values under the limit.
    case below
  }

  /// A change of the alarm.
  public enum Change: Hashable, Sendable {
    /// The alarm was raised by this value.
    case raised(Double)
    /// The alarm was released by this value.
    case released(Double)
  }

  /// Which side is alarming.
  public let side: Side
  /// The limit, in the stream's unit.
  public let limit: Double
  /// The level at or inside which the alarm is released.
  public let release: Double
  /// How long the limit must be passed, in nanoseconds.
  public let hold: Int64
  /// How long the value must be back, in nanoseconds.
  public let releaseHold: Int64
  /// Whether the alarm is raised.
  public private(set) var isRaised = false
  private var since: Int64?

  /// An alarm on one side of a limit; nil where the release level lies beyond the limit.
  public init?(
    _ side: Side, _ limit: Double, release: Double, hold: Int64 = 0, releaseHold: Int64 = 0
  ) {
    guard limit.isFinite, release.isFinite, side == .above ? release <= limit : release >= limit
    else { return nil }
    self.side = side
    self.limit = limit
    self.release = release
    self.hold = max(0, hold)
    self.releaseHold = max(0, releaseHold)
  }

  /// Takes a sample; gives the change that it makes.
  public mutating func accept(_ sample: Sample) -> Change? {
    guard sample.value.isFinite else { return nil }
    let isBeyond = side == .above ? sample.value > limit : sample.value < limit
    let isBack = side == .above ? sample.value <= release : sample.value >= release
    guard isRaised ? isBack : isBeyond else {
      since = nil
      return nil
    }
    let began = since ?? sample.nanoseconds
    // Time that went backwards starts the wait again.
    since = began > sample.nanoseconds ? sample.nanoseconds : began
    let (lasted, overflow) = sample.nanoseconds.subtractingReportingOverflow(since ?? began)
    guard overflow || lasted >= (isRaised ? releaseHold : hold) else { return nil }
    since = nil
    isRaised.toggle()
    return isRaised ? .raised(sample.value) : .released(sample.value)
  }
}
