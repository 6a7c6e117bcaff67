public import Configuration
public import Drivers
public import Kernels

// Filters over the last values, in ESPHome's words.

/// Median of the last values.
public enum MedianKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "median"
  /// One line for people.
  public static let summary = "median of the last values"
  /// The kind's own keys.
  public static var options: [OptionSpecification] { OptionSpecification.window(5) }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> MedianFilter {
    guard
      let filter = MedianFilter(
        window: options.integer("window-size") ?? 5, sendEvery: options.integer("send-every") ?? 5,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}

/// Least of the last values.
public enum MinimumKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "min"
  /// One line for people.
  public static let summary = "least of the last values"
  /// The kind's own keys.
  public static var options: [OptionSpecification] { OptionSpecification.window(5) }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> MinimumFilter {
    guard
      let filter = MinimumFilter(
        window: options.integer("window-size") ?? 5, sendEvery: options.integer("send-every") ?? 5,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}

/// Greatest of the last values.
public enum MaximumKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "max"
  /// One line for people.
  public static let summary = "greatest of the last values"
  /// The kind's own keys.
  public static var options: [OptionSpecification] { OptionSpecification.window(5) }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> MaximumFilter {
    guard
      let filter = MaximumFilter(
        window: options.integer("window-size") ?? 5, sendEvery: options.integer("send-every") ?? 5,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}

/// Quantile of the last values.
public enum QuantileKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "quantile"
  /// One line for people.
  public static let summary = "quantile of the last values"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [.number("quantile", 0.001...1, .standard("0.9"), help: "which part lies below")]
      + OptionSpecification.window(5)
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> QuantileFilter {
    guard
      let filter = QuantileFilter(
        options.double("quantile") ?? 0.9, window: options.integer("window-size") ?? 5,
        sendEvery: options.integer("send-every") ?? 5,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}

/// Mean of the last values.
public enum MovingAverageKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "sliding-window-moving-average"
  /// One line for people.
  public static let summary = "mean of the last values"
  /// The kind's own keys.
  public static var options: [OptionSpecification] { OptionSpecification.window(15) }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> MovingAverageFilter {
    guard
      let filter = MovingAverageFilter(
        window: options.integer("window-size") ?? 15,
        sendEvery: options.integer("send-every") ?? 15,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}

/// Mean in which older values fade with their number.
public enum ExponentialMovingAverageKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "exponential-moving-average"
  /// One line for people.
  public static let summary = "mean in which older values fade with their number"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      .number("alpha", 0.000_001...1, .standard("0.1"), help: "weight of the newest value"),
      .count("send-every", 1...1_000_000, .standard("15"), help: "send one of so many values"),
      .count("send-first-at", 1...1_000_000, .standard("1"), help: "which value is sent first"),
    ]
  }

  /// A filter as the options say.
  public static func filter(
    _ options: OptionValues
  ) throws(OptionConflict) -> ExponentialMovingAverageFilter {
    guard
      let filter = ExponentialMovingAverageFilter(
        alpha: options.double("alpha") ?? 0.1, sendEvery: options.integer("send-every") ?? 15,
        sendFirstAt: options.integer("send-first-at") ?? 1)
    else { throw .window }
    return filter
  }
}
