public import Configuration
public import Drivers
public import Kernels

// Filters by value, in ESPHome's words.

/// Values that differ enough from the last one sent.
public enum DeltaKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "delta"
  /// One line for people.
  public static let summary = "values that differ enough from the last one sent"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .number(
        "by", 0...1_000_000_000_000, .optional,
        help: "change that must be exceeded, in the stream's unit"),
      .number(
        "percent", 0...1_000_000, .optional,
        help: "change that must be exceeded, in percent of the last one sent"),
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> DeltaFilter {
    let change: DeltaFilter.Change
    switch (options.double("by"), options.double("percent")) {
    case (let by?, nil): change = .absolute(by)
    case (nil, let percent?): change = .percent(percent)
    default:
      throw OptionConflict(
        option: options.isWritten("by") ? "percent" : "by",
        "a delta needs 'by' or 'percent', and not both",
        remedy: "write for example 'by: 0.5'")
    }
    guard let filter = DeltaFilter(change) else {
      throw .together("by", "the least change must be a number of at least zero")
    }
    return filter
  }
}

/// Values brought into a span.
public enum ClampKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "clamp"
  /// One line for people.
  public static let summary = "values brought into a span"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .anyNumber("min", .optional, help: "lower end of the span; none as is"),
      .anyNumber("max", .optional, help: "upper end of the span; none as is"),
      OptionSpecification(
        "ignore-out-of-range", .flag, .standard("no"),
        help: "whether values outside are left out instead"),
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> ClampFilter {
    let least = options.double("min") ?? -.infinity
    let most = options.double("max") ?? .infinity
    guard least <= most else {
      throw OptionConflict(
        option: "max", "'max' is below 'min'", remedy: "write the larger number as 'max'")
    }
    return ClampFilter(
      least...most, ignoresOutOfRange: options.flag("ignore-out-of-range") ?? false)
  }
}

/// All values but some.
public enum FilterOutKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "filter-out"
  /// One line for people.
  public static let summary = "all values but some"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      OptionSpecification(
        "values", .list(.number(OptionKind.anyNumber)), .required, help: "values that are not sent"),
      .number("tolerance", 0...1_000_000, .standard("0"), help: "how near a value may be to count"),
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> FilterOutFilter {
    guard
      let filter = FilterOutFilter(
        options.doubles(ofList: "values"), tolerance: options.double("tolerance") ?? 0)
    else {
      throw OptionConflict(
        option: "values", "'values' has more than 64 numbers", remedy: "name fewer")
    }
    return filter
  }
}

/// Values rounded to decimals.
public enum RoundKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "round"
  /// One line for people.
  public static let summary = "values rounded to decimals"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .count("decimals", 0...15, .required, help: "digits behind the point")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> RoundFilter {
    guard let filter = RoundFilter(decimals: options.integer("decimals") ?? 0) else {
      throw .together("decimals", "'decimals' must be 0 to 15")
    }
    return filter
  }
}

/// Values rounded to multiples of a number.
public enum RoundToMultipleKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "round-to-multiple-of"
  /// One line for people.
  public static let summary = "values rounded to multiples of a number"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .number("multiple", 0.000_000_001...1_000_000_000_000, .required, help: "the number")
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> RoundToMultipleFilter
  {
    guard let filter = RoundToMultipleFilter(of: options.double("multiple") ?? 0) else {
      throw .together("multiple", "'multiple' must be above zero")
    }
    return filter
  }
}

/// Values that change no faster than they can.
public enum SpikeRejectionKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "spike-rejection"
  /// One line for people.
  public static let summary = "values that change no faster than they can"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .number(
        "max-rate", 0.000_000_001...1_000_000_000_000, .required,
        help: "greatest change in a second, in the stream's unit"),
      .count(
        "reacquire-after", 1...10_000, .standard("3"),
        help: "values in a row that agree with each other after which they are believed"),
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> SpikeRejection {
    guard
      let filter = SpikeRejection(
        maximumRate: options.double("max-rate") ?? 0,
        reacquireAfter: options.integer("reacquire-after") ?? 3)
    else { throw .together("max-rate", "'max-rate' must be above zero") }
    return filter
  }
}
