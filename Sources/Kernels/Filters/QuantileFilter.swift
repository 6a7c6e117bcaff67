/// Gives a quantile of the last samples: the least one that so large a part is at or below.
///
/// Values that are not finite take a place in the window and no part in the result; a window
/// without a finite value gives NaN. The stamp is that of the newest sample. The stamps are not
/// looked at.
/// ESPHome: `quantile`.
public struct QuantileFilter: StreamFilter, Hashable {
  /// The part of the samples, over 0 and at most 1.
  public let quantile: Double
  private var ring: RecentValues
  private var schedule: SendSchedule

  /// A window of 1 to 10,000 samples, sent every so many and first after so many.
  ///
  /// Nil for another window, for a sending below 1, and for a first one outside 1...every.
  /// The quantile is over 0 and at most 1, and nil for another.
  public init?(_ quantile: Double = 0.9, window: Int = 5, sendEvery: Int = 5, sendFirstAt: Int = 1)
  {
    guard quantile > 0, quantile <= 1, let ring = RecentValues(count: window),
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
    let count = Double(ring.count)
    var rank = Int((quantile * count).rounded(.down))
    // The product may round past a whole rank; the quotient of a whole rank does not.
    while rank > 1, Double(rank - 1) / count >= quantile { rank -= 1 }
    while rank < ring.count, Double(rank) / count < quantile { rank += 1 }
    return ring[max(rank, 1) - 1]
  }
}
