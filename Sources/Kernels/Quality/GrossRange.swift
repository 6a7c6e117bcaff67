/// Tests values against the span of the sensor and that of the operator.
///
/// A value outside the fail span fails, one outside the suspect span is suspect; the ends belong to
/// the spans. NaN is missing; an infinity fails, and is missing where the span has no end on its
/// side. The stamps are not looked at.
///
/// Source: QARTOD test 4, gross range; equal to `gross_range_test` of ioos_qc 3.0.0.
public struct GrossRange: Hashable, Sendable {
  /// The span that the sensor can measure, in the stream's unit.
  public let fail: ClosedRange<Double>
  /// The span that the operator expects; nil where there is none.
  public let suspect: ClosedRange<Double>?

  /// Spans of values; nil where the suspect span reaches outside the fail span.
  public init?(fail: ClosedRange<Double>, suspect: ClosedRange<Double>? = nil) {
    if let suspect {
      guard suspect.lowerBound >= fail.lowerBound, suspect.upperBound <= fail.upperBound
      else { return nil }
    }
    self.fail = fail
    self.suspect = suspect
  }

  /// Takes a sample; gives its flag.
  public func accept(_ sample: Sample) -> QualityFlag {
    guard !sample.value.isNaN else { return .missing }
    guard fail.contains(sample.value) else { return .fail }
    guard sample.value.isFinite else { return .missing }
    guard let suspect else { return .good }
    return suspect.contains(sample.value) ? .good : .suspect
  }
}
