public import Configuration
public import Drivers
import Kernels
public import Quantities

/// The dew point over water, or the frost point over ice.
public struct DewPointFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "dew-point", family: .environment, revision: 2,
      summary: "dew point over water, or frost point over ice",
      inputs: .named([.temperature, .humidity]),
      options: [
        OptionSpecification(
          "over", .choice(["water", "ice"]), .standard("water"),
          help: "what the air would be saturated over; ice gives the frost point")
      ],
      outputs: [("value", "the dew or frost point")],
      notes: "Magnus formula with Sonntag's constants; WMO-No. 8, volume I, annex 4.B.")
  }

  /// Degrees Celsius.
  public static var unit: Unit { .celsius }
  private let isOverIce: Bool

  /// A dew or frost point, as the options say.
  public init(options: OptionValues) throws(OptionConflict) {
    isOverIce = options.text("over") == "ice"
  }

  /// The dew or frost point of temperature and humidity.
  public func value(_ values: [Double]) -> Double {
    isOverIce
      ? WaterVapor.frostPoint(temperature: values[0], relativeHumidity: values[1])
      : WaterVapor.dewPoint(temperature: values[0], relativeHumidity: values[1])
  }
}

/// The mass of water vapour in a volume of air.
public struct AbsoluteHumidityFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "absolute-humidity", family: .environment, revision: 2,
      summary: "mass of water vapour in a volume of air",
      inputs: .named([.temperature, .humidity]), options: [],
      outputs: [("value", "in kilograms per cubic metre; 0.01 is 10 g/m3")],
      notes: "Magnus formula and the gas law: 216.679 e / T in g/m3, e in hPa and T in kelvin.")
  }

  /// Kilograms per cubic metre.
  public static var unit: Unit { Unit(code: "kg/m3") }

  /// The formula, which has no options.
  public init(options: OptionValues) throws(OptionConflict) {}

  /// The absolute humidity of temperature and humidity.
  public func value(_ values: [Double]) -> Double {
    WaterVapor.absoluteHumidity(temperature: values[0], relativeHumidity: values[1]) / 1000
  }
}

/// How much more water vapour the air could hold, as a pressure.
public struct PressureDeficitFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "vapor-pressure-deficit", family: .environment, revision: 2,
      summary: "vapour pressure deficit: what the air lacks to be saturated",
      inputs: .named([.temperature, .humidity]), options: [],
      outputs: [("value", "the deficit")],
      notes: "Tetens' formula as FAO-56 has it: 610.8 exp(17.27 t / (t + 237.3)) (1 - RH) Pa.")
  }

  /// Pascal.
  public static var unit: Unit { .pascal }

  /// The formula, which has no options.
  public init(options: OptionValues) throws(OptionConflict) {}

  /// The deficit of temperature and humidity.
  public func value(_ values: [Double]) -> Double {
    WaterVapor.pressureDeficit(temperature: values[0], relativeHumidity: values[1])
  }
}

/// The temperature to which air cools when water evaporates into it.
public struct WetBulbFormula: Formula {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "wet-bulb", family: .environment, revision: 2,
      summary: "wet-bulb temperature: the psychrometric one, or Stull's without a pressure",
      inputs: .named([
        .temperature, .humidity,
        KernelInput(
          "pressure", .pascal, or: [.hectopascal], isRequired: false,
          help: "pressure at the place; without it Stull's formula is taken"),
      ]), options: [],
      outputs: [("value", "the wet-bulb temperature")],
      notes: """
        With a pressure: the psychrometric balance (ASHRAE Fundamentals, chapter 1), solved until it \
        holds, over ice below 0.01 Cel, where the equations step by up to 0.44 K from water to ice. \
        Without: R. Stull, J. Appl. Meteor. Climatol. 50 (2011), for 1013.25 hPa. Against the balance \
        it is -0.70 to 0.72 K off from -20 to 35 Cel and up to 1.17 K too high from 35 to 50 Cel, at 10 \
        to 99 %RH, and -1.17 to 0.76 K off at 5 to 10 %RH. In cold, dry air, below a humidity of \
        (15 - 2 x temperature) %RH, it would be up to 3.9 K too high, and nothing is given.
        """)
  }

  /// Degrees Celsius.
  public static var unit: Unit { .celsius }

  /// The formula, which has no options of its own.
  public init(options: OptionValues) throws(OptionConflict) {}

  /// The wet-bulb temperature of temperature, humidity and pressure.
  public func value(_ values: [Double]) -> Double {
    values[2].isNaN
      ? Psychrometrics.wetBulbByStull(temperature: values[0], relativeHumidity: values[1])
      : Psychrometrics.wetBulb(
        temperature: values[0], relativeHumidity: values[1], pressure: values[2])
  }
}
