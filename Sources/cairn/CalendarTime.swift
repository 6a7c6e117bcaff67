/// A time since 1970 as a date and time in UTC (RFC 3339).
struct CalendarTime: CustomStringConvertible {
  let unixMilliseconds: UInt64

  /// The text, for example `2025-04-28T10:33:24.000Z`.
  var description: String {
    let (seconds, milliseconds) = unixMilliseconds.quotientAndRemainder(dividingBy: 1000)
    let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let (year, month, day) = Self.date(daysSince1970: Int(days))
    let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded(Int($0), 2) }
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
      + "T\(time.joined(separator: ":")).\(Self.padded(Int(milliseconds), 3))Z"
  }

  // Source: H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
