/// A quality test by name.
public enum QualityTest: UInt8, Hashable, Sendable, CaseIterable {
  /// The stamps against the expected interval.
  case timing
  /// Values that a sensor gives for want of a measurement.
  case sentinel
  /// The span of the sensor and of the operator.
  case grossRange
  /// The span of the season.
  case climatology
  /// A value away from its two neighbours.
  case spike
  /// The change per second.
  case rateOfChange
  /// A value that does not move.
  case flatLine
  /// A signal whose spread has gone.
  case attenuatedSignal
  /// One channel against another.
  case consistency
}

/// The flags of the tests that were made of one sample.
///
/// Eight bytes and no memory of its own, so it goes with every sample.
public struct QualityFlags: Hashable, Sendable {
  private var packed: UInt64 = 0

  /// The flags of no test.
  public init() {}

  /// The flag of a test; nil where the test was not made.
  public subscript(test: QualityTest) -> QualityFlag? {
    get { QualityFlag(rawValue: UInt8(truncatingIfNeeded: packed >> Self.shift(test)) & 15) }
    set {
      packed &= ~(15 << Self.shift(test))
      packed |= UInt64(newValue?.rawValue ?? 0) << Self.shift(test)
    }
  }

  /// The flag that prevails; not evaluated where no test was made.
  public var aggregate: QualityFlag {
    var prevailing: QualityFlag?
    var rest = packed
    while rest != 0 {
      if let flag = QualityFlag(rawValue: UInt8(truncatingIfNeeded: rest) & 15) {
        prevailing = prevailing?.combined(with: flag) ?? flag
      }
      rest >>= 4
    }
    return prevailing ?? .notEvaluated
  }

  private static func shift(_ test: QualityTest) -> UInt64 { UInt64(test.rawValue) * 4 }
}
