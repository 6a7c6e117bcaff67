/// Keeps values within a span.
///
/// A value outside is set to the nearer end, or left out where outside values are ignored. NaN
/// passes; infinities are outside. The ends belong to the span. ESPHome: `clamp`.
public struct ClampFilter: StreamFilter, Hashable {
  /// The span, in the stream's unit; an end may be infinite.
  public let span: ClosedRange<Double>
  /// Whether values outside are left out.
  public let ignoresOutOfRange: Bool

  /// A span, and whether values outside are left out rather than set to its ends.
  public init(_ span: ClosedRange<Double>, ignoresOutOfRange: Bool = false) {
    self.span = span
    self.ignoresOutOfRange = ignoresOutOfRange
  }

  /// Takes a sample; gives it within the span.
  public func accept(_ sample: Sample) -> Sample? {
    guard !sample.value.isNaN, !span.contains(sample.value) else { return sample }
    guard !ignoresOutOfRange else { return nil }
    let end = sample.value < span.lowerBound ? span.lowerBound : span.upperBound
    return Sample(nanoseconds: sample.nanoseconds, value: end)
  }
}
