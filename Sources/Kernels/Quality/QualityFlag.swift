/// What a quality test says of a sample, in the numbers of QARTOD.
///
/// Source: U.S. Integrated Ocean Observing System, "Manual for the use of real-time oceanographic
/// data quality control flags", 1.2 (2020); the numbers and the priority are those of ioos_qc
/// 3.0.0.
public enum QualityFlag: UInt8, Hashable, Sendable, CaseIterable {
  /// The sample passed the test.
  case good = 1
  /// The test could not be made, for want of neighbours, of time or of a season.
  case notEvaluated = 2
  /// The sample is suspect, and for a person to judge.
  case suspect = 3
  /// The sample failed the test.
  case fail = 4
  /// There is no value: NaN, or an infinity.
  case missing = 9

  /// Which flag prevails where several are put together, the highest first.
  ///
  /// Missing < not evaluated < good < suspect < fail, as `qartod_compare` of ioos_qc has it.
  public var priority: Int {
    switch self {
    case .missing: 0
    case .notEvaluated: 1
    case .good: 2
    case .suspect: 3
    case .fail: 4
    }
  }

  /// The one of two flags that prevails.
  public func combined(with other: Self) -> Self { priority < other.priority ? other : self }

  /// The flag that prevails among several; not evaluated where there are none.
  public static func aggregate(_ flags: some Sequence<Self>) -> Self {
    var prevailing: Self?
    for flag in flags { prevailing = prevailing?.combined(with: flag) ?? flag }
    return prevailing ?? .notEvaluated
  }
}
