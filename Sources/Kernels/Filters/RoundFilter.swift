/// Rounds values to decimal places, halves away from zero.
///
/// A value so large that all its digits are before the place stays as it is, and so do NaN and
/// infinities. ESPHome: `round`.
public struct RoundFilter: StreamFilter, Hashable {
  /// How many decimal places are kept, 0 to 15.
  public let decimals: Int
  private let scale: Double

  /// Decimal places from 0 to 15; nil for others.
  public init?(decimals: Int) {
    guard (0...15).contains(decimals) else { return nil }
    self.decimals = decimals
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    self.scale = scale
  }

  /// Takes a sample; gives it rounded.
  public func accept(_ sample: Sample) -> Sample? {
    let scaled = sample.value * scale
    // From 2^52 on a number has no places to round.
    guard scaled.magnitude < 4_503_599_627_370_496 else { return sample }
    return Sample(
      nanoseconds: sample.nanoseconds,
      value: scaled.rounded(.toNearestOrAwayFromZero) / scale)
  }
}
