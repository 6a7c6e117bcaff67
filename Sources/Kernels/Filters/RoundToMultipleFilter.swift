/// Rounds values to the nearest whole multiple, halves to the even one.
///
/// A value of 2^52 multiples and more stays as it is, and so do NaN and infinities.
/// ESPHome: `round_to_multiple_of`.
public struct RoundToMultipleFilter: StreamFilter, Hashable {
  /// What a value becomes a whole multiple of, in the stream's unit.
  public let multiple: Double

  /// What a value becomes a whole multiple of; nil where it is not finite and over 0.
  public init?(of multiple: Double) {
    guard multiple > 0, multiple.isFinite else { return nil }
    self.multiple = multiple
  }

  /// Takes a sample; gives it rounded.
  public func accept(_ sample: Sample) -> Sample? {
    let count = sample.value / multiple
    guard count.magnitude < 4_503_599_627_370_496 else { return sample }
    return Sample(
      nanoseconds: sample.nanoseconds, value: count.rounded(.toNearestOrEven) * multiple)
  }
}
