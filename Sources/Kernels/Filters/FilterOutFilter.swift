/// Holds back certain values.
///
/// A value is held back where it is at most the tolerance away from one of the list; NaN in the
/// list holds back NaN. ESPHome: `filter_out`.
public struct FilterOutFilter: StreamFilter, Hashable {
  /// The finite or infinite values that are held back.
  public let values: [Double]
  /// Whether NaN is held back.
  public let holdsBackNaN: Bool
  /// How far from a value is still that value, in the stream's unit.
  public let tolerance: Double

  /// Up to 64 values; nil for more, for none, and for a tolerance that is not from 0 on and finite.
  public init?(_ values: [Double], tolerance: Double = 0) {
    guard (1...64).contains(values.count), tolerance >= 0, tolerance.isFinite else { return nil }
    self.values = values.filter { !$0.isNaN }
    holdsBackNaN = values.contains(where: \.isNaN)
    self.tolerance = tolerance
  }

  /// Takes a sample; gives it unless it is held back.
  public func accept(_ sample: Sample) -> Sample? {
    guard !sample.value.isNaN else { return holdsBackNaN ? nil : sample }
    for value in values {
      guard sample.value != value, !((sample.value - value).magnitude <= tolerance)
      else { return nil }
    }
    return sample
  }
}
