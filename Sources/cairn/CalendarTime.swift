/// A time since 1970 as a date and time in UTC (RFC 3339).
struct CalendarTime: CustomStringConvertible {
  let unixMilliseconds: UInt64

  /// A time since 1970.
  init(unixMilliseconds: UInt64) {
    self.unixMilliseconds = unixMilliseconds
  }

  /// Reads `YYYY-MM-DDTHH:MM:SSZ`, with or without milliseconds; nil for anything else.
  init?(parsing text: String) {
    let bytes = Array(text.utf8)
    let hasMilliseconds = bytes.count == 24
    guard hasMilliseconds || bytes.count == 20 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      let digits = bytes[range]
      guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let milliseconds = hasMilliseconds ? number(20..<23) : 0, 1970...9999 ~= year,
      1...12 ~= month, 1...31 ~= day
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let total = ((days * 24 + hour) * 60 + minute) * 60 + second
    unixMilliseconds = UInt64(total * 1000 + milliseconds)
    // What is no date (a 30 February), no time, or written otherwise does not come back the same.
    let canonical = hasMilliseconds ? text : text.dropLast() + ".000Z"
    guard description == canonical else { return nil }
  }

  /// The text of seconds since 1970, with as many digits as a record's time has.
  static func text(unixSeconds seconds: Double) -> String {
    let microseconds = UInt64(max(0, (seconds * 1e6).rounded()))
    let time = CalendarTime(unixMilliseconds: microseconds / 1000)
    return time.description.dropLast() + padded(Int(microseconds % 1000), 3) + "Z"
  }

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

  // Source: as above, days_from_civil.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
