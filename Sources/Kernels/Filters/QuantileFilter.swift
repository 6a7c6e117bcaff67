/// Gives a quantile of the last samples: the least one that so large a part is at or below.
///
/// Values that are not finite take a place in the window and no part in the result; a window
/// without a finite value gives NaN. The stamp is that of the newest sample. The stamps are not
/// looked at.
/// ESPHome: `quantile`.
public struct QuantileFilter: StreamFilter, Hashable {
  /// The part of the samples, over 0 and at most 1.
  public let quantile: Double
  private var ring: RankedRing
  private var schedule: SendSchedule

  /// A window of 1 to 10,000 samples, sent every so many and first after so many.
  ///
  /// Nil for another window, for a sending below 1, and for a first one outside 1...every.
  /// The quantile is over 0 and at most 1, and nil for another.
  public init?(_ quantile: Double = 0.9, window: Int = 5, sendEvery: Int = 5, sendFirstAt: Int = 1)
  {
    guard quantile > 0, quantile <= 1, let ring = RankedRing(count: window),
      let schedule = SendSchedule(every: sendEvery, firstAt: sendFirstAt)
    else { return nil }
    self.quantile = quantile
    self.ring = ring
    self.schedule = schedule
  }

  /// Takes a sample; gives the result where one is to be sent.
  public mutating func accept(_ sample: Sample) -> Sample? {
    ring.accept(sample.value)
    guard schedule.isDue() else { return nil }
    return Sample(nanoseconds: sample.nanoseconds, value: result)
  }

  private var result: Double {
    guard ring.count > 0 else { return .nan }
    let rank = Int((quantile * Double(ring.count)).rounded(.up)) - 1
    return ring[min(max(rank, 0), ring.count - 1)]
  }
}
