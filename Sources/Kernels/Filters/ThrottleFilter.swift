/// Passes a sample only when so much time has passed since the last one it passed.
///
/// The first sample passes. Time that goes backwards passes the sample and counts from it. NaN and
/// infinities are samples like others. ESPHome: `throttle`.
public struct ThrottleFilter: StreamFilter, Hashable {
  /// The least time between samples in nanoseconds.
  public let period: Int64
  private var passed: Int64?

  /// The least time between samples in nanoseconds; nil where it is not over 0.
  public init?(period: Int64) {
    guard period > 0 else { return nil }
    self.period = period
  }

  /// Takes a sample; gives it where it passes.
  public mutating func accept(_ sample: Sample) -> Sample? {
    if let passed, sample.nanoseconds >= passed, let elapsed = sample.elapsed(since: passed),
      elapsed < period
    {
      return nil
    }
    passed = sample.nanoseconds
    return sample
  }
}
