/// Water vapor in the air, by the formulas of meteorology.
///
/// Temperatures are in degrees Celsius, pressures in pascals, relative humidity in percent with
/// respect to liquid water at every temperature, as weather services report it. Over 100 percent
/// counts as 100, since sensors overshoot in fog. NaN, a humidity below 0 and temperatures outside
/// -100 to 200 degrees give NaN. `Psychrometrics` has the formulas of air conditioning, which
/// differ by up to 0.2 degrees above freezing and take ice below it.
///
/// Source: WMO-No. 8, Guide to Instruments and Methods of Observation, annex 4.B (the Magnus form
/// with the coefficients of D. Sonntag 1990).
public enum WaterVapor {
  /// What the vapor is in balance with.
  public enum Surface: String, Hashable, Sendable, CaseIterable {
    /// Liquid water, below 0 degrees supercooled.
    case water
    /// Ice; meant for temperatures up to 0 degrees.
    case ice
  }

  /// The pressure of saturated vapor over a plane surface, in pascals.
  ///
  /// Within 0.6 percent of the reference over water from -45 to 60 degrees, over ice from -65 to
  /// 0. The enhancement by the air, below 0.5 percent at the ground, is left out.
  public static func saturationPressure(
    _ temperature: Double, over surface: Surface = .water
  ) -> Double {
    guard temperature >= -100, temperature <= 200 else { return .nan }
    switch surface {
    case .water: return 611.2 * Elementary.exp(17.62 * temperature / (243.12 + temperature))
    case .ice: return 611.2 * Elementary.exp(22.46 * temperature / (272.62 + temperature))
    }
  }

  /// The partial pressure of the vapor in the air, in pascals.
  public static func pressure(temperature: Double, relativeHumidity: Double) -> Double {
    saturationPressure(temperature) * Self.ratio(relativeHumidity)
  }

  /// The temperature at which vapor begins to condense to liquid water, in degrees Celsius.
  ///
  /// Below 0 degrees it lies under the frost point. Humidity 0 has none and gives NaN.
  public static func dewPoint(temperature: Double, relativeHumidity: Double) -> Double {
    let vapor = pressure(temperature: temperature, relativeHumidity: relativeHumidity)
    guard vapor > 0 else { return .nan }
    let logarithm = Elementary.log(vapor / 611.2)
    return 243.12 * logarithm / (17.62 - logarithm)
  }

  /// The temperature at which vapor begins to settle as ice, in degrees Celsius.
  ///
  /// Meant for results up to 0 degrees. Humidity 0 has none and gives NaN.
  public static func frostPoint(temperature: Double, relativeHumidity: Double) -> Double {
    let vapor = pressure(temperature: temperature, relativeHumidity: relativeHumidity)
    guard vapor > 0 else { return .nan }
    let logarithm = Elementary.log(vapor / 611.2)
    return 272.62 * logarithm / (22.46 - logarithm)
  }

  /// The mass of vapor in a volume of air, in grams per cubic meter.
  ///
  /// The vapor is taken as an ideal gas of 461.5 J/(kg K).
  public static func absoluteHumidity(temperature: Double, relativeHumidity: Double) -> Double {
    // 2.16679 g K/J is the inverse of the gas constant.
    2.16679 * pressure(temperature: temperature, relativeHumidity: relativeHumidity)
      / (273.15 + temperature)
  }

  /// How far the vapor is from saturation at the temperature of the air, in pascals.
  ///
  /// Source: FAO Irrigation and Drainage Paper 56 (1998), equation 11 (the form of O. Tetens).
  public static func pressureDeficit(temperature: Double, relativeHumidity: Double) -> Double {
    guard temperature >= -100, temperature <= 200 else { return .nan }
    let saturation = 610.8 * Elementary.exp(17.27 * temperature / (temperature + 237.3))
    return saturation * (1 - Self.ratio(relativeHumidity))
  }

  /// A relative humidity in percent as a ratio, at most 1; NaN below 0.
  static func ratio(_ relativeHumidity: Double) -> Double {
    relativeHumidity >= 0 ? min(relativeHumidity, 100) / 100 : .nan
  }
}
