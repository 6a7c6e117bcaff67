/// Why an alarm was raised: the deviation that weighed most.
///
/// The words are built when they are asked for, so a sample that raises nothing allocates nothing.
public struct AnomalyReason: Hashable, Sendable, CustomStringConvertible {
  /// What deviated.
  public enum Cause: String, Hashable, Sendable, CaseIterable {
    /// The value, from the slow mean of the last samples.
    case level
    /// The mean of the last few samples, from the slow mean.
    case shift
    /// The value, from what its hour had before.
    case hour
    /// The mean of the last few samples, from what their hours had before.
    case hourShift
    /// The size of the steps between neighbours, from its slow mean.
    case fluctuation
  }

  /// What deviated most.
  public let cause: Cause
  /// By how many deviations, positive upwards.
  public let deviations: Double

  /// The reason in words, such as "level 6.2 deviations above its running mean".
  public var description: String {
    let side = deviations < 0 ? "below" : "above"
    let amount = Self.text(deviations.magnitude)
    switch cause {
    case .level: return "level \(amount) deviations \(side) its running mean"
    case .shift: return "mean of the last samples \(amount) deviations \(side) its running mean"
    case .hour: return "level \(amount) deviations \(side) what this hour had before"
    case .hourShift:
      return "mean of the last samples \(amount) deviations \(side) what these hours had before"
    case .fluctuation: return "fluctuation \(amount) deviations \(side) its running mean"
    }
  }

  /// A number of at least 0 with one decimal.
  static func text(_ number: Double) -> String {
    guard number < 1e9 else { return "over 1000000000" }
    let tenths = Int(number * 10 + 0.5)
    return "\(tenths / 10).\(tenths % 10)"
  }
}
