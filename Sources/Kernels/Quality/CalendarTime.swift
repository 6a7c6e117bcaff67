/// The parts of a time of the Unix epoch, in the proleptic Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013 (civil_from_days);
/// weeks: ISO 8601.
struct CalendarTime: Hashable, Sendable {
  let year: Int64
  let month: Int64
  let day: Int64
  /// The day of the year from 1.
  let dayOfYear: Int64
  /// The day of the week, Monday being 0.
  let dayOfWeek: Int64
  let hour: Int64

  /// The whole hours of nanoseconds, rounded down.
  static func hours(_ nanoseconds: Int64) -> Int64 { floorDivide(nanoseconds, 3_600_000_000_000) }

  /// The parts of the time so many hours after the epoch.
  init(hours: Int64) {
    let days = Self.floorDivide(hours, 24)
    hour = hours - days * 24
    let weekday = (days + 3) % 7
    dayOfWeek = weekday < 0 ? weekday + 7 : weekday
    // Years begin in March here, so that the leap day is the last one.
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayFromMarch + 2) / 153
    day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let leap: Int64 = Self.isLeap(year) ? 1 : 0
    dayOfYear = month > 2 ? dayFromMarch + 60 + leap : dayFromMarch - 305
  }

  var quarter: Int64 { (month + 2) / 3 }

  /// The week of ISO 8601, 1 to 53.
  var week: Int64 {
    let week = (dayOfYear - (dayOfWeek + 1) + 10) / 7
    if week < 1 { return Self.weeks(in: year - 1) }
    return week > Self.weeks(in: year) ? 1 : week
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// A year has 53 weeks where its first day is a Thursday, or a Wednesday in a leap year.
  private static func weeks(in year: Int64) -> Int64 {
    let before = year - 1
    let weekday =
      (before + floorDivide(before, 4) - floorDivide(before, 100)
        + floorDivide(before, 400)) % 7
    let first = weekday < 0 ? weekday + 7 : weekday
    return first == 3 || (first == 2 && isLeap(year)) ? 53 : 52
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let (whole, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? whole - 1 : whole
  }
}
