extension Sample {
  /// The nanoseconds of a second.
  static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Nanoseconds in seconds; whole seconds are exact, whatever their number.
  static func seconds(_ nanoseconds: Int64) -> Double {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerSecond)
    return rest == 0 ? Double(whole) : Double(nanoseconds) / 1e9
  }

  /// How long after an earlier time this sample is, in nanoseconds; nil beyond 292 years.
  func elapsed(since earlier: Int64) -> Int64? {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier)
    return overflow ? nil : difference
  }
}
