/// A dip, swell or interruption of a voltage.
///
/// Times are nanoseconds of the samples' epoch. Source: IEC 61000-4-30 clauses 5.4 and 5.5; the
/// residual voltage or maximum swell and the duration describe an event.
public struct VoltageEvent: Hashable, Sendable {
  /// What the voltage did.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The voltage fell below the dip threshold.
    case dip
    /// The voltage rose above the swell threshold.
    case swell
    /// The voltage fell below the interruption threshold.
    ///
    /// An event that began as a dip is one interruption from its beginning on.
    case interruption
  }

  /// What the voltage did so far.
  public internal(set) var kind: Kind
  /// The begin of the measurement window that first crossed the threshold.
  ///
  /// IEC 61000-4-30 stamps an event with this time.
  public let windowStart: Int64
  /// The end of the measurement window that first crossed the threshold.
  public let start: Int64
  /// The end of the first window back inside threshold and hysteresis; nil while it lasts.
  public internal(set) var end: Int64?
  /// The residual voltage of a dip or interruption, the highest of a swell, in volts.
  public internal(set) var extreme: Double
  /// The end of the window that held the extreme.
  public internal(set) var extremeTime: Int64
  /// The voltage that the thresholds were taken from, in volts.
  public let reference: Double
  /// How long the voltage was interrupted within the event, in nanoseconds, up to `end`.
  ///
  /// From the first window below the interruption threshold to the first above it by the
  /// hysteresis.
  public internal(set) var interrupted: Int64 = 0
  /// Whether samples of the event are missing, so that extreme and duration are uncertain.
  public internal(set) var hasGap = false

  /// From `start` to `end` in nanoseconds; nil while it lasts.
  public var duration: Int64? { end.map { GridTime.span(from: start, to: $0) } }
  /// The extreme as a fraction of the reference.
  public var extremeFraction: Double { extreme / reference }
}
