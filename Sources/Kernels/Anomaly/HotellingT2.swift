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

  private var alarm: AlarmHold
  private var tail = TailScale()
  private var least: [Double]
  private var greatest: [Double]
  private var deviations: [Double]
  private var standard: [Double]
  private var solution: [Double]
  private var factor: [Double]
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
    alarm = AlarmHold(
      threshold: threshold, length: holdOff, memory: Double(memory), half: Self.halfScore)
    least = Array(repeating: 0, count: channels)
    greatest = least
    deviations = least
    standard = least
    solution = least
    factor = Array(repeating: 0, count: channels * (channels + 1) / 2)
  }

  /// Takes a row, a value for each channel; gives its score, and the change of the alarm.
  @discardableResult public mutating func accept(_ row: [Double]) -> Verdict {
    guard covariance.isTractable(row) else { return Verdict(score: 0, tSquared: 0, change: nil) }
    widen(row)
    var distance = 0.0
    var evidence = 0.0
    if covariance.count >= Self.learning {
      if fresh == 0 { factorise() }
      fresh -= 1
      standardise(row)
      distance = max(0, solve())
      evidence = tail.accept(distance)
    }
    covariance.accept(row)
    let (score, change) = alarm.accept(evidence)
    switch change {
    case .raised:
      return Verdict(score: score, tSquared: distance, change: .raised(reason(distance)))
    case .released: return Verdict(score: score, tSquared: distance, change: .released)
    case nil: return Verdict(score: score, tSquared: distance, change: nil)
    }
  }

  private mutating func widen(_ row: [Double]) {
    let isFirst = covariance.count == 0
    for channel in 0..<row.count {
      let value = row[channel]
      least[channel] = isFirst ? value : min(least[channel], value)
      greatest[channel] = isFirst ? value : max(greatest[channel], value)
      // The first change of a constant channel needs its deviation at once.
      if deviations[channel] == 0, greatest[channel] > least[channel] { fresh = 0 }
    }
  }

  private mutating func standardise(_ row: [Double]) {
    for channel in 0..<row.count {
      let deviation = deviations[channel]
      let distance = row[channel] - covariance.centre(channel)
      standard[channel] = deviation > 0 ? (distance / deviation).clamped(about: 0, by: 100) : 0
    }
  }

  /// The lower Cholesky factor of the correlations with the ridge, row by row.
  ///
  /// With the floors the correlations are those of the channels plus independent noise, so the
  /// matrix stays positive; rounding cannot take a pivot below half the ridge. One factor serves as
  /// many rows as there are channels, so the cubic work is a quadratic part of each row.
  private mutating func factorise() {
    let channels = covariance.channels
    fresh = channels
    for channel in 0..<channels {
      let floor = Self.leastPart * (greatest[channel] - least[channel])
      deviations[channel] = max(covariance.entry(channel, channel).squareRoot(), floor)
    }
    for row in 0..<channels {
      let start = row * (row + 1) / 2
      for column in 0..<row {
        let other = column * (column + 1) / 2
        let scale = deviations[row] * deviations[column]
        var sum = scale > 0 ? covariance.entry(row, column) / scale : 0
        for index in 0..<column {
          let product = factor[start + index] * factor[other + index]
          sum -= product
        }
        // The diagonal holds the inverse of the pivot.
        factor[start + column] = sum * factor[other + column]
      }
      var pivot = 1 + Self.ridge
      for index in 0..<row {
        let square = factor[start + index] * factor[start + index]
        pivot -= square
      }
      factor[start + row] = 1 / max(pivot, 0.5 * Self.ridge).squareRoot()
    }
  }

  /// Solves for the weights of the channels, and gives T-squared.
  private mutating func solve() -> Double {
    let channels = covariance.channels
    var total = 0.0
    for row in 0..<channels {
      let start = row * (row + 1) / 2
      var sum = standard[row]
      for index in 0..<row {
        let product = factor[start + index] * solution[index]
        sum -= product
      }
      solution[row] = sum * factor[start + row]
      let square = solution[row] * solution[row]
      total += square
    }
    return total
  }

  /// The channel whose product with its weight is the greatest part of T-squared.
  private mutating func reason(_ distance: Double) -> Reason {
    let channels = covariance.channels
    for row in stride(from: channels - 1, through: 0, by: -1) {
      var sum = solution[row]
      for index in row + 1..<channels {
        let product = factor[index * (index + 1) / 2 + row] * solution[index]
        sum -= product
      }
      solution[row] = sum * factor[row * (row + 1) / 2 + row]
    }
    var worst = 0
    for channel in 1..<max(1, channels)
    where standard[channel] * solution[channel] > standard[worst] * solution[worst] {
      worst = channel
    }
    let share = distance > 0 ? standard[worst] * solution[worst] / distance : 0
    return Reason(channel: worst, deviations: standard[worst], part: share)
  }
}
