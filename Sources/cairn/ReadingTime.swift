import Evidence

/// When a reading was taken: by its own claim, or counted from a time-sync entry of the same start.
struct ReadingTime {
  let unixSeconds: Double?
  private let isClaimed: Bool

  /// The time of a record at a place in an entry's body.
  init(of record: SenMLRecord, at position: Int, in entry: Entry, _ clock: BootClock) {
    // A reading that was taken without a clock has its monotonic time beside the body.
    let own = entry.extra?.arrayValue?.dropFirst(position).first?.unsignedValue
    isClaimed = record.timeSeconds != nil
    unixSeconds =
      record.timeSeconds
      ?? Self.derived(entry.boot, own ?? entry.monotonicMilliseconds, clock)
  }

  /// The time at which an entry was signed.
  init(signing entry: Entry, _ clock: BootClock) {
    isClaimed = entry.clock != nil
    unixSeconds =
      entry.clock.map { Double($0.unixMilliseconds) / 1000 }
      ?? Self.derived(entry.boot, entry.monotonicMilliseconds, clock)
  }

  private static func derived(
    _ boot: UInt64, _ monotonicMilliseconds: UInt64, _ clock: BootClock
  ) -> Double? {
    clock.derived(boot: boot, monotonicMilliseconds: monotonicMilliseconds)
      .map { Double($0.unixMilliseconds) / 1000 }
  }

  /// The time, where it is not the reading's own claim.
  var derivedSeconds: Double? { isClaimed ? nil : unixSeconds }

  /// Where the time comes from, in a word.
  var origin: String { unixSeconds == nil ? "none" : isClaimed ? "claimed" : "derived" }

  /// The time as text; empty where there is none.
  var text: String { unixSeconds.map(CalendarTime.text(unixSeconds:)) ?? "" }

  /// A reading without a time is left out as soon as somebody asks for a time.
  func isWithin(_ range: Range<UInt64>) -> Bool {
    guard let unixSeconds else { return range == 0..<UInt64.max }
    return range.contains(UInt64(max(0, unixSeconds * 1000)))
  }
}
