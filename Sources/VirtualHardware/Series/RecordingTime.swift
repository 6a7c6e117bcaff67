import Quantities

/// A time as it stands in a recording: what form it has and which nanosecond it means.
public struct RecordingTime: Hashable, Sendable {
  /// How a time is written; one recording uses one form throughout.
  public enum Form: Hashable, Sendable {
    /// `2016-01-01 00:00:00`, in a zone that the recording leaves open.
    case open
    /// `2016-01-01T00:00:00Z` or with an offset such as `+02:00`.
    case zoned
    /// Seconds since 1970, for example `1451606400.5`.
    case epoch
  }

  /// How the time is written.
  public let form: Form
  /// Nanoseconds since the start of 1970, in the recording's own zone where it is open.
  public let nanoseconds: Int64

  init(form: Form, nanoseconds: Int64) {
    self.form = form
    self.nanoseconds = nanoseconds
  }

  /// Reads a time from the bytes of a cell; nil for anything that is not one.
  public init?(_ cell: ArraySlice<UInt8>) {
    if let calendar = Self.calendar(cell) {
      self = calendar
    } else if let nano = DecimalNumber.nano(of: String(decoding: cell, as: UTF8.self)),
      let nanoseconds = Int64(exactly: nano), nanoseconds >= 0
    {
      self.init(form: .epoch, nanoseconds: nanoseconds)
    } else {
      return nil
    }
  }

  private static func calendar(_ cell: ArraySlice<UInt8>) -> RecordingTime? {
    let bytes = Array(cell)
    guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      // Int64 nanoseconds end in 2262.
      (1970...2261).contains(year), (1...12).contains(month),
      (1...daysInMonth(month, of: year)).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var rest = bytes[19...]
    var fraction: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard (1...9).contains(digits.count), let value = number(digits) else { return nil }
      fraction = (digits.count..<9).reduce(value) { sum, _ in sum * 10 }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let zone = offsetSeconds(rest) else { return nil }
    let seconds =
      daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zone.seconds
    guard seconds >= 0 else { return nil }
    return RecordingTime(
      form: zone.isOpen ? .open : .zoned, nanoseconds: seconds * 1_000_000_000 + fraction)
  }

  /// The offset behind the seconds: nothing, `Z`, or `+hh:mm`.
  private static func offsetSeconds(_ rest: ArraySlice<UInt8>) -> (seconds: Int64, isOpen: Bool)? {
    let bytes = Array(rest)
    if bytes.isEmpty { return (0, true) }
    if bytes == [UInt8(ascii: "Z")] { return (0, false) }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"),
      bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
      let hours = number(bytes[1..<3]), let minutes = number(bytes[4..<6]),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return (bytes[0] == UInt8(ascii: "-") ? -seconds : seconds, false)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01 in the Gregorian calendar, counting years from March.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension RecordingTime: CustomStringConvertible {
  /// The time as a recording of its form may have it.
  public var description: String {
    let (seconds, nanoseconds) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    var fraction = ""
    if nanoseconds != 0 {
      fraction = "." + Self.padded(nanoseconds, 9)
      while fraction.hasSuffix("0") { fraction.removeLast() }
    }
    guard form != .epoch else { return "\(seconds)\(fraction)" }
    let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let shifted = days + 719_468
    let era = shifted / 146_097
    let day = shifted - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let date =
      "\(year + era * 400 + (calendarMonth <= 2 ? 1 : 0))-\(Self.padded(calendarMonth, 2))-"
      + Self.padded(dayOfYear - (153 * month + 2) / 5 + 1, 2)
    let clock =
      "\(Self.padded(second / 3600, 2)):\(Self.padded(second / 60 % 60, 2)):"
      + Self.padded(second % 60, 2)
    return form == .zoned ? "\(date)T\(clock)\(fraction)Z" : "\(date) \(clock)\(fraction)"
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
