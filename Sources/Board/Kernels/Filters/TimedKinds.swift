public import Configuration
public import Drivers
public import Kernels

// Filters by time, in ESPHome's words.

/// At most one value in a time.
public enum ThrottleKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "throttle"
  /// One line for people.
  public static let summary = "at most one value in a time"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .period("period", help: "time between two values that are sent")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> ThrottleFilter {
    guard let filter = ThrottleFilter(period: options.nanoseconds("period") ?? 1) else {
      throw .together("period", "'period' must be above zero")
    }
    return filter
  }
}

/// Mean of the values of each period.
public enum ThrottleAverageKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "throttle-average"
  /// One line for people.
  public static let summary = "mean of the values of each period"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .period("period", help: "length of a period; periods are aligned to the clock")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> ThrottleAverageFilter
  {
    guard let filter = ThrottleAverageFilter(period: options.nanoseconds("period") ?? 1) else {
      throw .together("period", "'period' must be above zero")
    }
    return filter
  }

  /// The mean of the period that is open.
  public static func finish(_ filter: inout ThrottleAverageFilter) -> Sample? {
    filter.advance(to: .max)
  }
}

/// A value only when no other has come for a time.
public enum DebounceKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "debounce"
  /// One line for people.
  public static let summary = "a value only when no other has come for a time"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .period("period", help: "how long nothing else may come")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> DebounceFilter {
    guard let filter = DebounceFilter(period: options.nanoseconds("period") ?? 1) else {
      throw .together("period", "'period' must be above zero")
    }
    return filter
  }
}

/// The last value again in every period.
public enum HeartbeatKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "heartbeat"
  /// One line for people.
  public static let summary = "the last value again in every period"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .period("period", help: "length of a period"),
      OptionSpecification(
        "optimistic", .flag, .standard("no"), help: "whether new values are sent at once as well"),
    ]
  }

  /// Rules and differences.
  public static let notes =
    "An old value is sent again on purpose: use it for displays, not for records."

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> HeartbeatFilter {
    guard
      let filter = HeartbeatFilter(
        period: options.nanoseconds("period") ?? 1,
        isOptimistic: options.flag("optimistic") ?? false)
    else { throw .together("period", "'period' must be above zero") }
    return filter
  }
}

/// A set value when nothing has come for a time.
public enum TimeoutKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "timeout"
  /// One line for people.
  public static let summary = "a set value when nothing has come for a time"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .period("period", help: "how long nothing may come"),
      .anyNumber("value", .required, help: "what is sent then, in the stream's unit"),
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> TimeoutFilter {
    guard
      let filter = TimeoutFilter(
        period: options.nanoseconds("period") ?? 1, value: options.double("value") ?? 0)
    else { throw .together("period", "'period' must be above zero") }
    return filter
  }
}

/// All values but the first ones.
public enum SkipInitialKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "skip-initial"
  /// One line for people.
  public static let summary = "all values but the first ones"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .count("count", 1...1_000_000, .required, help: "how many values are not sent")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> SkipInitialFilter {
    SkipInitialFilter(options.integer("count") ?? 0)
  }
}
