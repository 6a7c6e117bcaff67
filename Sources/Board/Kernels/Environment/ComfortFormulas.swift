public import Configuration
public import Drivers
import Kernels
public import Quantities

/// How warm moist air feels.
public struct HeatIndexFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "heat-index", family: .environment, revision: 2, summary: "how warm moist air feels",
      inputs: .named([.temperature, .humidity]), options: [],
      outputs: [("value", "the temperature that it feels like")],
      notes: "Rothfusz' regression with the adjustments of the US National Weather Service.")
  }

  /// Degrees Celsius.
  public static var unit: Unit { .celsius }

  /// The formula, which has no options.
  public init(options: OptionValues) throws(OptionConflict) {}

  /// The heat index of temperature and humidity.
  public func value(_ values: [Double]) -> Double {
    ThermalComfort.heatIndex(temperature: values[0], relativeHumidity: values[1])
  }
}

/// How cold wind feels.
public struct WindChillFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "wind-chill", family: .environment, revision: 2, summary: "how cold wind feels",
      inputs: .named([
        .temperature, KernelInput("wind", .metrePerSecond, help: "speed of the wind 10 m up"),
      ]), options: [],
      outputs: [("value", "the temperature that it feels like; none above 10 Cel or in calm")],
      notes: "NWS and Environment Canada 2001; for at most 10 Cel and at least 4.8 km/h.")
  }

  /// Degrees Celsius.
  public static var unit: Unit { .celsius }

  /// The formula, which has no options.
  public init(options: OptionValues) throws(OptionConflict) {}

  /// The wind chill of temperature and speed.
  public func value(_ values: [Double]) -> Double {
    ThermalComfort.windChill(temperature: values[0], windSpeed: values[1])
  }
}

/// The pressure of the air, reduced to the level of the sea.
public struct SeaLevelPressureFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "sea-level-pressure", family: .environment, revision: 2,
      summary: "air pressure reduced to the level of the sea",
      inputs: .named([
        KernelInput("pressure", .pascal, or: [.hectopascal], help: "pressure at the place"),
        KernelInput(
          "temperature", .celsius, isRequired: false,
          help: "temperature of the air; without it that of the standard atmosphere"),
      ]),
      options: [
        OptionSpecification(
          "altitude", .quantity(.length, -500_000_000_000...9_000_000_000_000), .required,
          help: "height of the sensor above the sea")
      ],
      outputs: [("value", "the pressure at the level of the sea, in the unit of 'pressure'")],
      notes: """
        p (1 - 0.0065 z / (t + 0.0065 z + 273.15))^-5.257; without a temperature that of the standard \
        atmosphere, 15 Cel at the level of the sea.
        """)
  }

  /// Pascal.
  public static var unit: Unit { .pascal }
  private let altitude: Double

  /// The unit of the pressure at the place; none where that is not known.
  public static func unit(for inputs: [Unit]) -> Unit { inputs.first ?? unit }

  /// The formula for a place, as the options say.
  public init(options: OptionValues) throws(OptionConflict) {
    altitude = options.quantity("altitude")?.value ?? 0
  }

  /// The reduced pressure of pressure and temperature.
  public func value(_ values: [Double]) -> Double {
    values[1].isNaN
      ? Barometry.standardSeaLevelPressure(stationPressure: values[0], elevation: altitude)
      : Barometry.seaLevelPressure(
        stationPressure: values[0], elevation: altitude, temperature: values[1])
  }
}
