/// Finds values that do not move.
///
/// A sample is flagged where the range of it and the samples before it, as many as fit the time at
/// the interval, is strictly less than the tolerance. Missing samples (NaN, infinities) take their
/// place in the window and are left out of the range. Until a window is full its samples are good.
/// The stamps are not looked at: a gap without samples is for `TimingTest`.
///
/// Source: QARTOD test 8, flat line; equal to `flat_line_test` of ioos_qc 3.0.0 but for three
/// things. It takes the interval from the median of the whole series, which a stream does not
/// have; here it is given. Its default tolerance of 0 never flags; here it must be over 0. And it
/// flags the first value after an outage, alone in its window; here a window needs two values.
///
/// Memory: 32 bytes times the samples of both windows, taken once.
public struct FlatLine: Hashable, Sendable {
  /// The most samples that a window may have.
  public static let maximumWindow: Int64 = 1_000_000
  /// After this time without movement a sample is suspect, in nanoseconds.
  public let suspectAfter: Int64
  /// After this time without movement a sample fails, in nanoseconds.
  public let failAfter: Int64?
  /// The range under which values do not move, in the stream's unit.
  public let tolerance: Double
  private var suspectWindow: SlidingRange
  private var failWindow: SlidingRange?

  /// Times and interval in nanoseconds.
  ///
  /// Nil where the tolerance is not over 0, the interval not over 0, a time shorter than the
  /// interval or longer than a million intervals, or a value would fail before it is suspect.
  public init?(suspectAfter: Int64, failAfter: Int64? = nil, tolerance: Double, interval: Int64) {
    guard tolerance > 0, interval > 0, failAfter ?? suspectAfter >= suspectAfter
    else { return nil }
    let suspectCount = suspectAfter / interval
    guard (1...Self.maximumWindow).contains(suspectCount) else { return nil }
    suspectWindow = SlidingRange(count: Int(suspectCount) + 1)
    if let failAfter {
      let failCount = failAfter / interval
      guard (1...Self.maximumWindow).contains(failCount) else { return nil }
      failWindow = SlidingRange(count: Int(failCount) + 1)
    }
    self.suspectAfter = suspectAfter
    self.failAfter = failAfter
    self.tolerance = tolerance
  }

  /// Takes a sample; gives its flag.
  public mutating func accept(_ sample: Sample) -> QualityFlag {
    let isSuspect = suspectWindow.accept(sample.value).map { $0 < tolerance } ?? false
    let isFailed = failWindow?.accept(sample.value).map { $0 < tolerance } ?? false
    guard sample.value.isFinite else { return .missing }
    return isFailed ? .fail : isSuspect ? .suspect : .good
  }
}
