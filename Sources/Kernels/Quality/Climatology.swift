/// Tests values against the span of their season.
///
/// The stamps must be nanoseconds of the Unix epoch. Every season that a stamp falls into is
/// applied, in the order given, and the last one prevails; without a season a value is not
/// evaluated. NaN and infinities are missing.
///
/// Source: QARTOD test 5, climatology; equal to `climatology_test` of ioos_qc 3.0.0 without depths.
/// Deviations: a season whose first part is after its last goes round the turn of the year
/// (November to February), where ioos_qc sorts the two; and it calls a missing value within a
/// season good, against its own description.
public struct Climatology: Hashable, Sendable {
  /// The part of a time by which a season is told.
  public enum Period: String, Hashable, Sendable, CaseIterable {
    /// The year.
    case year
    /// The quarter, 1 to 4.
    case quarter
    /// The month, 1 to 12.
    case month
    /// The week of ISO 8601, 1 to 53.
    case week
    /// The day of the year, 1 to 366.
    case dayOfYear
    /// The day of the month, 1 to 31.
    case day
    /// The day of the week, 0 (Monday) to 6.
    case dayOfWeek
    /// The hour of the day, 0 to 23.
    case hour

    /// The numbers that a part of a stamp's time can have.
    public var range: ClosedRange<Int64> {
      switch self {
      case .year: 1677...2262
      case .quarter: 1...4
      case .month: 1...12
      case .week: 1...53
      case .dayOfYear: 1...366
      case .day: 1...31
      case .dayOfWeek: 0...6
      case .hour: 0...23
      }
    }
  }

  /// A time of the year, week or day and the values that belong to it.
  public struct Season: Hashable, Sendable {
    /// The part of a time by which the season is told.
    public let period: Period
    /// The first of the season, inclusive.
    public let first: Int64
    /// The last of the season, inclusive; before the first it goes round the turn.
    public let last: Int64
    /// The span outside which a value is suspect, in the stream's unit.
    public let suspect: ClosedRange<Double>
    /// The span outside which a value fails; nil where none does.
    public let fail: ClosedRange<Double>?

    /// A season of values.
    public init(
      _ period: Period, from first: Int64, through last: Int64, suspect: ClosedRange<Double>,
      fail: ClosedRange<Double>? = nil
    ) {
      self.period = period
      self.first = first
      self.last = last
      self.suspect = suspect
      self.fail = fail
    }

    /// Whether the ends are parts of a time, and a value is suspect before it fails.
    var isValid: Bool {
      guard period.range.contains(first), period.range.contains(last) else { return false }
      guard let fail else { return true }
      return fail.lowerBound <= suspect.lowerBound && suspect.upperBound <= fail.upperBound
    }

    func contains(_ part: Int64) -> Bool {
      first <= last ? first <= part && part <= last : first <= part || part <= last
    }

    func flag(of value: Double) -> QualityFlag {
      if let fail, !fail.contains(value) { return .fail }
      return suspect.contains(value) ? .good : .suspect
    }
  }

  /// The seasons in the order in which they are applied.
  public let seasons: [Season]
  /// What is added to a stamp before its parts are taken, in nanoseconds.
  public let offset: Int64
  // All parts of a time are those of its hour, so the season is looked up once an hour.
  private var hour: Int64?
  private var season: Season?

  /// Seasons of local time at an offset from the stamps' time in nanoseconds.
  ///
  /// Nil without seasons or with more than 1,000, where a season begins or ends outside of its
  /// period's numbers, and where its suspect span reaches outside its fail span.
  public init?(_ seasons: [Season], offset: Int64 = 0) {
    guard (1...1000).contains(seasons.count), seasons.allSatisfy(\.isValid) else { return nil }
    self.seasons = seasons
    self.offset = offset
  }

  /// Takes a sample; gives its flag.
  public mutating func accept(_ sample: Sample) -> QualityFlag {
    guard sample.value.isFinite else { return .missing }
    let (local, overflow) = sample.nanoseconds.addingReportingOverflow(offset)
    guard !overflow else { return .notEvaluated }
    let hour = CalendarTime.hours(local)
    if hour != self.hour {
      let time = CalendarTime(hours: hour)
      season = seasons.last { $0.contains(time[$0.period]) }
      self.hour = hour
    }
    return season?.flag(of: sample.value) ?? .notEvaluated
  }
}

extension CalendarTime {
  fileprivate subscript(period: Climatology.Period) -> Int64 {
    switch period {
    case .year: year
    case .quarter: quarter
    case .month: month
    case .week: week
    case .dayOfYear: dayOfYear
    case .day: day
    case .dayOfWeek: dayOfWeek
    case .hour: hour
    }
  }
}
