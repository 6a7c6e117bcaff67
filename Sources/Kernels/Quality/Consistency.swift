/// Holds one channel against another.
///
/// The newest samples of the two are compared where their stamps are at most the greatest age
/// apart; with an age below the interval only samples of one round are. The flag is that of the
/// pair: which of the two is wrong cannot be told. Where the sample's own value is NaN or an
/// infinity the flag is missing, where the other's is, or the other is too old, it is not
/// evaluated.
public struct Consistency: Hashable, Sendable {
  /// What must hold between the two.
  public enum Rule: Hashable, Sendable {
    /// The first is at most the second and the tolerance: a dew point and a temperature.
    case notAbove(tolerance: Double)
    /// The first is 0, within the tolerance, exactly when the second is 0: a wind speed and its
    /// direction, which the World Meteorological Organization codes 0 in a calm and 360 from north.
    case zeroTogether(tolerance: Double)
  }

  /// What must hold between the two.
  public let rule: Rule
  /// How far apart the two samples may be, in nanoseconds.
  public let maximumAge: Int64
  /// The flag where the rule does not hold.
  public let flag: QualityFlag
  private var first: Sample?
  private var second: Sample?

  /// A rule and the greatest age in nanoseconds; nil where the tolerance or the age is below 0.
  public init?(_ rule: Rule, maximumAge: Int64, flag: QualityFlag = .suspect) {
    let tolerance =
      switch rule {
      case .notAbove(let tolerance), .zeroTogether(let tolerance): tolerance
      }
    guard tolerance >= 0, maximumAge >= 0 else { return nil }
    self.rule = rule
    self.maximumAge = maximumAge
    self.flag = flag
  }

  /// Takes a sample of the first channel; gives the flag of the pair.
  public mutating func acceptFirst(_ sample: Sample) -> QualityFlag {
    first = sample
    return flag(of: sample, with: second)
  }

  /// Takes a sample of the second channel; gives the flag of the pair.
  public mutating func acceptSecond(_ sample: Sample) -> QualityFlag {
    second = sample
    return flag(of: sample, with: first)
  }

  private func flag(of sample: Sample, with other: Sample?) -> QualityFlag {
    guard sample.value.isFinite else { return .missing }
    guard let other, other.value.isFinite, let first, let second,
      let age = sample.elapsed(since: other.nanoseconds), age.magnitude <= maximumAge.magnitude
    else { return .notEvaluated }
    switch rule {
    case .notAbove(let tolerance):
      return first.value <= second.value + tolerance ? .good : flag
    case .zeroTogether(let tolerance):
      return (first.value.magnitude <= tolerance) == (second.value == 0) ? .good : flag
    }
  }
}
