import Quantities

/// A time as a field of a table has it.
struct TableTime {
  /// How a time is written; other times can be written in the same way.
  enum Form: Hashable {
    /// A date and a time in a zone that the table leaves open, with what stands between the two.
    case open(separator: Character)
    /// A date and a time with an offset from UTC.
    case zoned
    /// A number in a unit of so many nanoseconds, since 1970 or since the first row.
    case number(unit: Int64)

    /// Whether a time is a date, not a number.
    var isCalendar: Bool {
      if case .number = self { return false }
      return true
    }
  }

  /// Why a text is no time, and what to write.
  struct Failure: Error {
    let message: String
  }

  /// How it is written.
  let form: Form
  /// Nanoseconds since the start of 1970, in the table's own zone where it is open.
  let nanoseconds: Int64

  /// The years whose nanoseconds an Int64 holds.
  private static let years: ClosedRange<Int64> = 1678...2261
  private static let allowed =
    "write 2026-01-31 12:00:00 (seconds, or the time, may be left out), 2026-01-31T12:00:00Z, or"
    + " seconds, milliseconds or microseconds since 1970"

  /// Reads a date, a date and a time, or a number since 1970.
  init(parsing text: String) throws(Failure) {
    if let calendar = try Self.calendar(Array(text.utf8)) {
      self = calendar
    } else if let number = Self.number(text) {
      self = number
    } else {
      throw Failure(message: "is no time; \(Self.allowed)")
    }
  }

  private init(_ form: Form, _ nanoseconds: Int64) {
    self.form = form
    self.nanoseconds = nanoseconds
  }

  // MARK: Reading

  private static func calendar(_ bytes: [UInt8]) throws(Failure) -> TableTime? {
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
      let day = digits(bytes[8..<10]), (1...12).contains(month),
      (1...lastDay(of: month, year)).contains(day)
    else { return nil }
    var rest = bytes[10...]
    var separator: Character = " "
    var (hour, minute, second, fraction): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
    var offset: Int64?
    if let between = rest.popFirst() {
      guard between == UInt8(ascii: " ") || between == UInt8(ascii: "T"),
        let hours = rest.number(), rest.pop(":"), let minutes = rest.number(), hours < 24,
        minutes < 60
      else { return nil }
      separator = between == UInt8(ascii: "T") ? "T" : " "
      (hour, minute) = (hours, minutes)
      if rest.pop(":") {
        guard let seconds = rest.number(), seconds <= 60 else { return nil }
        second = seconds
        if rest.pop(".") {
          let figures = rest.prefix { (0x30...0x39).contains($0) }
          guard (1...9).contains(figures.count), let value = digits(figures) else { return nil }
          fraction = (figures.count..<9).reduce(value) { sum, _ in sum * 10 }
          rest = rest.dropFirst(figures.count)
        }
      }
      guard let zone = zone(rest) else { return nil }
      offset = zone.offset
    }
    guard second < 60 else {
      throw Failure(message: "is a leap second, which has no place here; write the second before")
    }
    guard years.contains(year) else {
      throw Failure(message: "is out of range; the years from 1678 to 2261 can be told")
    }
    let seconds =
      days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - (offset ?? 0)
    return TableTime(
      offset == nil ? .open(separator: separator) : .zoned, seconds * 1_000_000_000 + fraction)
  }

  /// What may stand behind a time: an offset in seconds, or nothing.
  private struct Zone {
    let offset: Int64?
  }

  /// The zone behind a time: nothing, `Z`, or `+hh:mm`; nil for anything else.
  private static func zone(_ rest: ArraySlice<UInt8>) -> Zone? {
    var rest = rest
    if rest.isEmpty { return Zone(offset: nil) }
    if rest.pop("Z") { return rest.isEmpty ? Zone(offset: 0) : nil }
    let isBehind = rest.first == UInt8(ascii: "-")
    guard rest.pop("+") || rest.pop("-"), let hours = rest.number(), rest.pop(":"),
      let minutes = rest.number(), rest.isEmpty, hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return Zone(offset: isBehind ? -seconds : seconds)
  }

  /// A number since 1970, in the unit that its size tells: as seconds, milliseconds would be after
  /// the year 5138.
  private static func number(_ text: String) -> TableTime? {
    let billionths: Int128
    if let whole = Int64(text) {
      billionths = Int128(whole) * 1_000_000_000
    } else if let nano = DecimalNumber.nano(of: text) {
      billionths = nano
    } else {
      return nil
    }
    let unit: Int64
    switch billionths.magnitude / 1_000_000_000 {
    case ..<100_000_000_000: unit = 1_000_000_000
    case ..<100_000_000_000_000: unit = 1_000_000
    case ..<100_000_000_000_000_000: unit = 1000
    default: unit = 1
    }
    let (nanoseconds, part) = (billionths * Int128(unit)).quotientAndRemainder(
      dividingBy: 1_000_000_000)
    guard part == 0, let exact = Int64(exactly: nanoseconds) else { return nil }
    return TableTime(.number(unit: unit), exact)
  }

  fileprivate static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  private static func lastDay(of month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Source: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil; for years
  // after 0.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  // MARK: Writing

  /// A time as the table writes its own; dates in UTC where they have a zone.
  static func text(_ nanoseconds: Int64, as form: Form) -> String {
    let separator: Character
    switch form {
    case .number(let unit): return decimal(nanoseconds, unit)
    case .open(let own): separator = own
    case .zoned: separator = "T"
    }
    let second = 1_000_000_000 as Int64
    let fraction = (nanoseconds % second + second) % second
    let seconds = nanoseconds / second - (nanoseconds % second < 0 ? 1 : 0)
    let clock = (seconds % 86_400 + 86_400) % 86_400
    let date = date((seconds - clock) / 86_400)
    var text = "\(date)\(separator)\(padded(clock / 3600, 2)):\(padded(clock / 60 % 60, 2))"
    text += ":\(padded(clock % 60, 2))"
    if fraction != 0 {
      var figures = padded(fraction, 9)
      while figures.hasSuffix("000") { figures.removeLast(3) }
      text += "." + figures
    }
    return form == .zoned ? text + "Z" : text
  }

  private static func decimal(_ nanoseconds: Int64, _ unit: Int64) -> String {
    let (whole, part) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: UInt64(unit))
    var text = (nanoseconds < 0 ? "-" : "") + String(whole)
    if part != 0 {
      text += "." + padded(Int64(part), String(unit).count - 1)
      while text.hasSuffix("0") { text.removeLast() }
    }
    return text
  }

  // Source: as above, civil_from_days.
  private static func date(_ days: Int64) -> String {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let day = shifted - era * 146_097
    let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-"
      + padded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension ArraySlice<UInt8> {
  /// Takes a character off the start, where it is there.
  fileprivate mutating func pop(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    removeFirst()
    return true
  }

  /// Takes a number of two digits off the start.
  fileprivate mutating func number() -> Int64? {
    guard count >= 2, let value = TableTime.digits(prefix(2)) else { return nil }
    removeFirst(2)
    return value
  }
}
