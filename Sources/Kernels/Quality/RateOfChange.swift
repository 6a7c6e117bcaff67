/// Tests the change of a value per second.
///
/// A sample is held against the one before it: the magnitude of the change over that of the time
/// between them, in real seconds. The first sample and one after a missing one are good; NaN and
/// infinities are missing.
///
/// Source: QARTOD test 7, rate of change; equal to `rate_of_change_test` of ioos_qc 3.0.0 but for
/// three things. It cuts the time down to whole seconds, so that a stream faster than one sample a
/// second divides by zero; here the seconds are real. Of two samples at one time, or over 292 years
/// apart, the second is not evaluated here. And it fails the sample after an infinity; here that is
/// good, as after NaN.
public struct RateOfChange: Hashable, Sendable {
  /// Beyond this change a sample is suspect, in the stream's unit per second.
  public let suspect: Double
  /// Beyond this change a sample fails.
  public let fail: Double?
  private var previous: Sample?

  /// Changes per second from 0 on; nil for others, and for one that fails below one that is suspect.
  public init?(suspect: Double, fail: Double? = nil) {
    guard suspect >= 0, fail.map({ $0 >= suspect }) ?? true else { return nil }
    self.suspect = suspect
    self.fail = fail
  }

  /// Takes a sample; gives its flag.
  public mutating func accept(_ sample: Sample) -> QualityFlag {
    defer { previous = sample }
    guard sample.value.isFinite else { return .missing }
    guard let previous, previous.value.isFinite else { return .good }
    guard let elapsed = sample.elapsed(since: previous.nanoseconds), elapsed != 0
    else { return .notEvaluated }
    let rate = ((sample.value - previous.value) / Sample.seconds(elapsed)).magnitude
    if let fail, rate > fail { return .fail }
    return rate > suspect ? .suspect : .good
  }
}
