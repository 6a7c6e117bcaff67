/// The intensity of rain from the tips of a gauge's bucket.
///
/// A sample's value is how many times the bucket tipped at its time; NaN, infinities and values
/// below 1 are passed over, more than a million at once too. The rate at a tip is what the tip
/// holds over the time since the tip before. Without a tip it can be no more than one tip over the
/// time since the last, so it decays; it is 0 after the dry time, and the next tip begins anew.
/// Tips of one time count together; tips before the last one add to the amount alone.
///
/// Source: WMO-No. 8, volume I, chapter 6 (tipping-bucket gauges; intensity by time between tips).
public struct RainRate: Hashable, Sendable {
  /// What the bucket holds, in millimeters of rain.
  public let tip: Double
  /// After how many nanoseconds without a tip it does not rain.
  public let dryTime: Int64
  /// How much rain there was, in millimeters.
  public var amount: Double { Double(tips) * tip }
  /// How many tips there were.
  public private(set) var tips: UInt64 = 0
  private var last: Int64?
  private var previous: Int64?
  private var tipsAtLast: UInt64 = 0

  /// A gauge with its bucket, 0.2 mm by default, and the time after which it is dry, an hour.
  ///
  /// Nil where the tip or the dry time is not above 0.
  public init?(tip: Double = 0.2, dryTime: Int64 = 3_600_000_000_000) {
    guard tip > 0, tip.isFinite, dryTime > 0 else { return nil }
    self.tip = tip
    self.dryTime = dryTime
  }

  /// Takes tips; gives the rate at the last one in millimeters per hour, nil after dryness.
  public mutating func accept(_ sample: Sample) -> Double? {
    guard sample.value >= 1, sample.value <= 1_000_000 else { return rate }
    let count = UInt64(sample.value)
    tips &+= count
    guard let newest = last, sample.nanoseconds <= newest else {
      previous = last
      last = sample.nanoseconds
      tipsAtLast = count
      return rate
    }
    if sample.nanoseconds == newest { tipsAtLast &+= count }
    return rate
  }

  /// The rate at a time, in millimeters per hour; 0 where it is dry.
  ///
  /// After a first tip, whose rate is not known, it is taken to be one tip over the dry time.
  public func rate(at nanoseconds: Int64) -> Double {
    guard let last else { return 0 }
    let (elapsed, overflow) = nanoseconds.subtractingReportingOverflow(last)
    if elapsed <= 0 && !overflow { return rate ?? 0 }
    guard !overflow, elapsed < dryTime else { return 0 }
    let bound = tip * 3_600_000_000_000 / Double(elapsed)
    return rate.map { min($0, bound) } ?? min(bound, tip * 3_600_000_000_000 / Double(dryTime))
  }

  /// The rate between the last two tips; nil where they lie further apart than the dry time.
  private var rate: Double? {
    guard let last, let previous else { return nil }
    let (elapsed, overflow) = last.subtractingReportingOverflow(previous)
    guard !overflow, elapsed > 0, elapsed <= dryTime else { return nil }
    return Double(tipsAtLast) * tip * 3_600_000_000_000 / Double(elapsed)
  }
}
