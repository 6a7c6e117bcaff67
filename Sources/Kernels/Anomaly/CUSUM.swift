/// Finds small lasting shifts of a mean: the two-sided cumulative sum chart.
///
/// Each value is standardised, `z = (x - target) / deviation`. The high sum gathers
/// `z - allowance`, the low sum `-z - allowance`, neither falls below 0, and an alarm is raised when
/// one is over the decision interval. Both sums then begin again at 0. With allowance 0.5 and
/// interval 5 a shift of one deviation is found after about 10 values, and a false alarm comes every
/// 465 values. Source: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); NIST/SEMATECH
/// e-Handbook of Statistical Methods, 6.3.2.3.
///
/// Without a given target and deviation the chart standardises itself: each value by the mean and
/// the deviation of those before it, with the factor of D. M. Hawkins, "Self-starting CUSUM charts
/// for location and scale", The Statistician 36 (1987); it decides after the learning, and learns
/// anew after an alarm. A value off a constant stream raises at once. NaN, infinities and magnitudes
/// over 1e140 are passed over; times are only reported, so their order does not matter.
public struct CUSUM: Hashable, Sendable {
  /// Which way the mean went.
  public enum Side: String, Hashable, Sendable, CaseIterable {
    /// Upwards.
    case rise
    /// Downwards.
    case fall
  }

  /// A shift of the mean that was found.
  public struct Alarm: Hashable, Sendable {
    /// Which way the mean went.
    public let side: Side
    /// The sum that passed the decision interval, in deviations.
    public let sum: Double
    /// When the sum left zero: the likely beginning, in nanoseconds of the samples' epoch.
    public let onset: Int64
  }

  /// The part of a deviation from the target that is allowed, in deviations.
  public let allowance: Double
  /// The sum beyond which an alarm is raised, in deviations.
  public let interval: Double
  /// How many values are learned from before a self-standardising chart decides.
  public let learning: Int
  /// The sum of rises since the last time it was zero, in deviations.
  public private(set) var high = 0.0
  /// The sum of falls since the last time it was zero, in deviations.
  public private(set) var low = 0.0
  private let given: Given?
  private var statistics = RunningStatistics()
  private var highOnset: Int64 = 0
  private var lowOnset: Int64 = 0

  private struct Given: Hashable, Sendable {
    let target: Double
    let deviation: Double
  }

  /// A chart that standardises itself.
  ///
  /// Nil unless the allowance is at least 0, the interval over 0, both at most 1e6, and at least 2
  /// values are learned from.
  public init?(allowance: Double = 0.5, interval: Double = 5, learning: Int = 50) {
    self.init(allowance, interval, learning, nil)
  }

  /// A chart about a target with a known deviation, both in the stream's unit.
  ///
  /// Nil unless the deviation is over 0, the target finite, the allowance at least 0, the interval
  /// over 0, and all at most 1e140 and the last two at most 1e6.
  public init?(target: Double, deviation: Double, allowance: Double = 0.5, interval: Double = 5) {
    guard target.isTractable, deviation > 0, deviation.isTractable else { return nil }
    self.init(allowance, interval, 2, Given(target: target, deviation: deviation))
  }

  private init?(_ allowance: Double, _ interval: Double, _ learning: Int, _ given: Given?) {
    guard allowance >= 0, allowance <= 1e6, interval > 0, interval <= 1e6, learning >= 2
    else { return nil }
    self.allowance = allowance
    self.interval = interval
    self.learning = learning
    self.given = given
  }

  /// Takes a sample; gives the alarm that it raises.
  public mutating func accept(_ sample: Sample) -> Alarm? {
    guard sample.value.isTractable, let deviations = standardise(sample.value) else { return nil }
    if high == 0 { highOnset = sample.nanoseconds }
    if low == 0 { lowOnset = sample.nanoseconds }
    high = max(0, high + deviations - allowance)
    low = max(0, low - deviations - allowance)
    guard high > interval || low > interval else { return nil }
    let alarm =
      high > interval
      ? Alarm(side: .rise, sum: high, onset: highOnset)
      : Alarm(side: .fall, sum: low, onset: lowOnset)
    reset()
    return alarm
  }

  /// Sets both sums to zero; a chart that standardises itself learns anew.
  public mutating func reset() {
    high = 0
    low = 0
    statistics = RunningStatistics()
  }

  /// The deviations of a value from the target; nil while learning.
  private mutating func standardise(_ value: Double) -> Double? {
    // Enough for an alarm whatever the sums are, and far from overflow.
    let most = 2 * (interval + allowance) + 1e6
    if let given {
      return ((value - given.target) / given.deviation).clamped(about: 0, by: most)
    }
    let known = statistics
    statistics.accept(value)
    guard known.count >= UInt64(learning), let mean = known.mean,
      let deviation = known.standardDeviation
    else { return nil }
    if value == mean { return 0 }
    let count = Double(known.count)
    let factor = (count / (count + 1)).squareRoot()
    // Off a constant stream the quotient is infinite, and clamped like any other.
    return (factor * (value - mean) / deviation).clamped(about: 0, by: most)
  }
}
