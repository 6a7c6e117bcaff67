/// Gives the least of the last samples.
///
/// Values that are not finite take a place in the window and no part in the result; a window
/// without a finite value gives NaN. The stamp is that of the newest sample. The stamps are not
/// looked at.
/// ESPHome: `min`.
public struct MinimumFilter: StreamFilter, Hashable {
  private var ring: RecentValues
  private var schedule: SendSchedule

  /// A window of 1 to 10,000 samples, sent every so many and first after so many.
  ///
  /// Nil for another window, for a sending below 1, and for a first one outside 1...every.
  public init?(window: Int = 5, sendEvery: Int = 5, sendFirstAt: Int = 1) {
    guard let ring = RecentValues(count: window),
      let schedule = SendSchedule(every: sendEvery, firstAt: sendFirstAt)
    else { return nil }
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
    ring.count > 0 ? ring[0] : .nan
  }
}
