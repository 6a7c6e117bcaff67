/// Gives the mean of all samples, each weighing less than the next.
///
/// The first finite value starts it; then the mean moves towards each value by alpha of the way,
/// whatever the time between them. NaN and infinities move nothing and count for the sending;
/// before any finite value NaN is given. The stamp is that of the newest sample. ESPHome:
/// `exponential_moving_average`.
public struct ExponentialMovingAverageFilter: StreamFilter, Hashable {
  /// How far the mean moves towards a value, over 0 and at most 1.
  public let alpha: Double
  private var mean: Double?
  private var schedule: SendSchedule

  /// A mean that moves by alpha of the way, sent every so many samples and first after so many.
  ///
  /// Nil for alpha outside (0, 1], for a sending below 1 and a first one outside 1...every.
  public init?(alpha: Double = 0.1, sendEvery: Int = 15, sendFirstAt: Int = 1) {
    guard alpha > 0, alpha <= 1,
      let schedule = SendSchedule(every: sendEvery, firstAt: sendFirstAt)
    else { return nil }
    self.alpha = alpha
    self.schedule = schedule
  }

  /// Takes a sample; gives the mean where it is to be sent.
  public mutating func accept(_ sample: Sample) -> Sample? {
    if sample.value.isFinite {
      // Two products rather than the difference, which may overflow.
      let new = alpha * sample.value
      let old = (1 - alpha) * (mean ?? sample.value)
      mean = sample.value == mean ?? sample.value ? sample.value : new + old
    }
    guard schedule.isDue() else { return nil }
    return Sample(nanoseconds: sample.nanoseconds, value: mean ?? .nan)
  }
}
