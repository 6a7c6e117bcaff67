/// Gives the mean of the samples of each period.
///
/// Periods begin at whole multiples of their length since the epoch, and their means are stamped
/// with their end, whenever they are given: by `advance(to:)` at the end, else by the next sample.
/// A period without a finite value gives nothing; NaN and infinities are passed over; late samples
/// are left out as by `TumblingWindow`. ESPHome: `throttle_average`, there from the start on.
public struct ThrottleAverageFilter: StreamFilter, Hashable {
  private var window: TumblingWindow

  /// The length of a period in nanoseconds; nil where it is not over 0.
  public init?(period: Int64) {
    guard period > 0 else { return nil }
    window = TumblingWindow(length: period)
  }

  /// Takes a sample; gives the mean of the period that it ends.
  public mutating func accept(_ sample: Sample) -> Sample? { Self.mean(window.accept(sample)) }

  /// Says that time has come so far; gives the mean of the period that has ended.
  public mutating func advance(to nanoseconds: Int64) -> Sample? {
    Self.mean(window.advance(to: nanoseconds))
  }

  private static func mean(_ result: TumblingWindow.Result?) -> Sample? {
    guard let result, let mean = result.statistics.mean else { return nil }
    return Sample(nanoseconds: result.end, value: mean)
  }
}
