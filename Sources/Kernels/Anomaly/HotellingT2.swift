/// Scores how unusual the values of several channels are together: Hotelling's T-squared.
///
/// A row is standardised by the fading means and deviations of the rows before it, and
/// `T² = y' (R + λ I)⁻¹ y` is taken with their correlations `R`, by Cholesky; the ridge `λ = 0.01`
/// keeps channels that move as one apart. So a row that breaks the usual relation between channels
/// stands out though each value alone is ordinary. T² becomes the score like a deviation in
/// `AnomalyDetector`: by its place in the tail of its own past, always below 1, with the same
/// hold-off, where a distance `u` into the tail gives `u / (u + 4.5)`. The first 128 rows are silent.
/// Source: H. Hotelling, "Multivariate quality control" (1947); D. C. Montgomery, Introduction to
/// Statistical Quality Control, chapter 11.
///
/// Rows of the wrong length, and rows with a NaN, an infinity or a magnitude over 1e140, are passed
/// over with score 0. A deviation is never taken below 1 % of the range of its channel so far, and
/// a value counts as at most 100 deviations away.
public struct HotellingT2: Hashable, Sendable {
  /// The score of a row, and what it did to the alarm.
  public struct Verdict: Hashable, Sendable {
    /// How unusual, from 0 to below 1; a hundredth of it while an alarm is held.
    public let score: Double
    /// T-squared; 0 while learning.
    public let tSquared: Double
    /// The change of the alarm, where there is one.
    public let change: Change?
  }

  /// A change of the alarm.
  public enum Change: Hashable, Sendable {
    /// The score came to the threshold.
    case raised(Reason)
    /// The hold-off has passed: the next event raises again.
    case released
  }

  /// The channel that weighed most in an alarm.
  public struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// The channel, counted from 0.
    public let channel: Int
    /// By how many deviations it is from its mean, positive upwards.
    public let deviations: Double
    /// Its part of T-squared; parts sum up to 1 and may be negative.
    public let part: Double

    /// The reason in words, such as "channel 2, 4.1 deviations above its running mean".
    public var description: String {
      let amount = AnomalyReason.text(deviations.magnitude)
      let side = deviations < 0 ? "below" : "above"
      return "channel \(channel), \(amount) deviations \(side) its running mean"
    }
  }

  /// The means and covariances of the rows so far.
  public private(set) var covariance: RunningCovariance
  /// Whether an alarm is held.
  public var isRaised: Bool { alarm.isRaised }

  private static let learning: UInt64 = 64
  private static let ridge = 0.01
  private static let leastPart = 0.01
  private static let halfScore = 4.5

  private let memory: Int
  private var alarm: AlarmHold
  private var tail = TailScale()
  private var least: [Double]
  private var greatest: [Double]
  private var standard: [Double]
  private var factor: InverseFactor
  private var inverses: [Double]
  /// For how many more rows the factor is used.
  private var fresh = 0

  /// A detector for rows of channels.
  ///
  /// There are 1 to 16 channels; the threshold is a score over 0 and below 1; the hold-off is in
  /// rows, at least 1; the memory is how many rows the means go back, at least 100. Nil otherwise.
  public init?(channels: Int, threshold: Double = 0.5, holdOff: Int = 100, memory: Int = 1000) {
    guard threshold > 0, threshold < 1, holdOff >= 1, memory >= 100,
      let covariance = RunningCovariance(channels: channels, rate: 1 / Double(memory))
    else { return nil }
    self.covariance = covariance
    self.memory = memory
    alarm = AlarmHold(
      threshold: threshold, length: holdOff, memory: Double(memory), half: Self.halfScore)
    least = Array(repeating: 0, count: channels)
    greatest = least
    standard = least
    inverses = least
    factor = InverseFactor(channels: channels)
  }

  /// Takes a row, a value for each channel; gives its score, and the change of the alarm.
  @discardableResult public mutating func accept(_ row: [Double]) -> Verdict {
    guard covariance.isTractable(row) else { return Verdict(score: 0, tSquared: 0, change: nil) }
    widen(row)
    covariance.measure(row)
    var distance = 0.0
    var evidence = 0.0
    if covariance.count >= Self.learning {
      if fresh == 0 { factorise() }
      fresh -= 1
      standardise()
      distance = factor.square(standard)
      evidence = tail.accept(distance)
    }
    covariance.take()
    let (score, change) = alarm.accept(evidence)
    switch change {
    case .raised:
      return Verdict(score: score, tSquared: distance, change: .raised(reason(distance)))
    case .released: return Verdict(score: score, tSquared: distance, change: .released)
    case nil: return Verdict(score: score, tSquared: distance, change: nil)
    }
  }

  private mutating func widen(_ row: [Double]) {
    if covariance.count == 0 {
      for channel in 0..<row.count {
        least[channel] = row[channel]
        greatest[channel] = row[channel]
      }
      return
    }
    for channel in 0..<row.count {
      let value = row[channel]
      if value < least[channel] {
        least[channel] = value
      } else if value > greatest[channel] {
        greatest[channel] = value
      } else {
        continue
      }
      // The first change of a constant channel needs its deviation at once.
      if inverses[channel] == 0 { fresh = 0 }
    }
  }

  private mutating func standardise() {
    for channel in 0..<covariance.channels {
      let distance = covariance.distances[channel]
      standard[channel] = (distance * inverses[channel]).clamped(about: 0, by: 100)
    }
  }

  /// Takes the deviations, and the inverse factor of the correlations with the ridge.
  ///
  /// With the floors the correlations are those of the channels plus independent noise, so the
  /// matrix stays positive; rounding cannot take a pivot below half the ridge. It serves until a
  /// quarter of the rows that count has passed, so the cubic work is a small part of each row.
  private mutating func factorise() {
    let channels = covariance.channels
    fresh = max(channels, min(Int(clamping: covariance.count), memory) / 4)
    for channel in 0..<channels {
      let floor = Self.leastPart * (greatest[channel] - least[channel])
      let deviation = max(covariance.entry(channel, channel).squareRoot(), floor)
      inverses[channel] = deviation > 0 ? 1 / deviation : 0
    }
    factor.take(diagonal: 1 + Self.ridge, least: 0.5 * Self.ridge) { row, column in
      covariance.entry(row, column) * inverses[row] * inverses[column]
    }
  }

  /// The channel whose product with its weight is the greatest part of T-squared.
  private func reason(_ distance: Double) -> Reason {
    let weights = factor.solve(standard)
    var worst = 0
    for channel in 1..<max(1, covariance.channels)
    where standard[channel] * weights[channel] > standard[worst] * weights[worst] {
      worst = channel
    }
    let share = distance > 0 ? standard[worst] * weights[worst] / distance : 0
    return Reason(channel: worst, deviations: standard[worst], part: share)
  }
}
