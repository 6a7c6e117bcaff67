/// Holds one channel against another.
///
/// The flag is that of the pair: which of the two is wrong cannot be told. Where a value is NaN or
/// an infinity it is missing. Which samples make a pair is the caller's to say.
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
  /// The flag where the rule does not hold.
  public let flag: QualityFlag

  /// A rule and the flag where it does not hold; nil where the tolerance is not 0 or above.
  public init?(_ rule: Rule, flag: QualityFlag = .suspect) {
    let tolerance =
      switch rule {
      case .notAbove(let tolerance), .zeroTogether(let tolerance): tolerance
      }
    guard tolerance >= 0 else { return nil }
    self.rule = rule
    self.flag = flag
  }

  /// The flag of a pair of values.
  public func flag(first: Double, second: Double) -> QualityFlag {
    guard first.isFinite, second.isFinite else { return .missing }
    switch rule {
    case .notAbove(let tolerance):
      return first <= second + tolerance ? .good : flag
    case .zeroTogether(let tolerance):
      return (first.magnitude <= tolerance) == (second == 0) ? .good : flag
    }
  }
}
