/// Arithmetic of nanoseconds that saturates where it would overflow.
enum GridTime {
  static let second: Int64 = 1_000_000_000

  /// From one time to another, at the ends of the range where it does not fit.
  static func span(from start: Int64, to end: Int64) -> Int64 {
    let (span, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? (end < start ? .min : .max) : span
  }

  /// A time and a span later, at the ends of the range where it does not fit.
  static func time(_ start: Int64, plus span: Int64) -> Int64 {
    let (time, overflow) = start.addingReportingOverflow(span)
    return overflow ? (span < 0 ? .min : .max) : time
  }

  /// A time and a rounded number of nanoseconds later.
  static func time(_ start: Int64, plusRounded nanoseconds: Double) -> Int64 {
    guard nanoseconds.magnitude < 9e18 else {
      return nanoseconds > 0 ? .max : nanoseconds < 0 ? .min : start
    }
    return time(start, plus: Int64(nanoseconds.rounded()))
  }

  /// Seconds from one time to another.
  static func seconds(from start: Int64, to end: Int64) -> Double {
    Double(span(from: start, to: end)) / 1e9
  }

  /// The whole multiple of a positive length at or before a time.
  static func tick(_ time: Int64, _ length: Int64) -> Int64 {
    let remainder = time % length
    let (tick, overflow) = time.subtractingReportingOverflow(
      remainder < 0 ? remainder + length : remainder)
    return overflow ? .min : tick
  }
}
