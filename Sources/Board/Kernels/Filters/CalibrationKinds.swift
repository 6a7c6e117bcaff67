public import Configuration
public import Drivers
public import Kernels
public import Quantities

// Calibration by points, in ESPHome's words.

/// Values calibrated by a line through points.
public enum LinearCalibrationKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "calibrate-linear"
  /// One line for people.
  public static let summary = "values calibrated by a line through points"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      OptionSpecification(
        "points", .list(.text(example: "0.5 -> 1.2")), .required,
        help: "what was measured and what it truly was, as 'measured -> true'"),
      OptionSpecification(
        "method", .choice(["least-squares", "exact"]), .standard("least-squares"),
        help: "one line that fits best, or lines from point to point"),
      .resultUnit,
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> LinearCalibration {
    guard
      let filter = LinearCalibration(
        try options.points(), method: options.text("method") == "exact" ? .exact : .leastSquares)
    else {
      throw OptionConflict(
        option: "points", "'points' needs two or more that were measured differently",
        remedy: "write for example [0 -> 0.2, 100 -> 99.5]")
    }
    return filter
  }

  /// The unit of the true values.
  public static func unit(_ options: OptionValues, of input: Unit) -> Unit {
    options.unit("unit") ?? input
  }
}

/// Values calibrated by a polynomial that fits points best.
public enum PolynomialCalibrationKind: FilterKind {
  /// The word behind `kind:`.
  public static let name = "calibrate-polynomial"
  /// One line for people.
  public static let summary = "values calibrated by a polynomial that fits points best"
  /// The kind's own keys.
  public static var options: [OptionSpecification] {
    [
      OptionSpecification(
        "points", .list(.text(example: "0.5 -> 1.2")), .required,
        help: "what was measured and what it truly was, as 'measured -> true'"),
      .count("degree", 1...10, .required, help: "degree of the polynomial"),
      .resultUnit,
    ]
  }

  /// A filter as the options say.
  public static func filter(_ options: OptionValues) throws(OptionConflict) -> PolynomialCalibration
  {
    guard
      let filter = PolynomialCalibration(
        try options.points(), degree: options.integer("degree") ?? 1)
    else {
      throw OptionConflict(
        option: "points", "'points' needs more points that were measured differently than 'degree'",
        remedy: "write more points, or a lower degree")
    }
    return filter
  }

  /// The unit of the true values.
  public static func unit(_ options: OptionValues, of input: Unit) -> Unit {
    options.unit("unit") ?? input
  }
}

extension OptionSpecification {
  /// The key of what a calibration gives.
  fileprivate static let resultUnit = unit(
    "unit", .optional,
    help: "unit of the true values; the stream's own where it is not written")
}

extension OptionValues {
  /// The points of a calibration: `measured -> true`.
  fileprivate func points() throws(OptionConflict) -> [CalibrationPoint] {
    var points: [CalibrationPoint] = []
    for (text, _) in texts("points") {
      let parts = text.split(separator: ">").map { part in
        String(part.filter { $0 != " " })
      }
      guard parts.count == 2, parts[0].last == "-", let measured = Double(parts[0].dropLast()),
        let actual = Double(parts[1]), measured.isFinite, actual.isFinite
      else {
        throw OptionConflict(
          option: "points", "'\(text)' is no point", remedy: "write for example '0.5 -> 1.2'")
      }
      points.append(CalibrationPoint(measured, actual))
    }
    return points
  }
}
