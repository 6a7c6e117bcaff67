/// Moist air, by the formulas of air conditioning.
///
/// Temperatures are in degrees Celsius, pressures in pascals, relative humidity in percent with
/// respect to liquid water above 0.01 degrees and to ice below. Over 100 percent counts as 100.
/// NaN, a humidity below 0, temperatures outside -100 to 200 degrees and a pressure not above that
/// of the vapor give NaN.
///
/// Source: ASHRAE Handbook, Fundamentals (2017), chapter 1: equations 5, 6 (vapor pressure of
/// R. W. Hyland and A. Wexler 1983), 20 (humidity ratio), 30 (enthalpy), 33 and 35 (wet bulb).
public enum Psychrometrics {
  private static let tripleTemperature = 0.01
  /// The mass of a mole of water over that of dry air.
  private static let massRatio = 0.621945
  private static let leastLogarithm = logarithmOfSaturation(-100)

  /// The pressure of saturated vapor over water above 0.01 degrees, over ice below, in pascals.
  public static func saturationPressure(_ temperature: Double) -> Double {
    guard temperature >= -100, temperature <= 200 else { return .nan }
    return Elementary.exp(logarithmOfSaturation(temperature))
  }

  /// The partial pressure of the vapor in the air, in pascals.
  public static func vaporPressure(temperature: Double, relativeHumidity: Double) -> Double {
    saturationPressure(temperature) * WaterVapor.ratio(relativeHumidity)
  }

  /// How far the vapor is from saturation at the temperature of the air, in pascals.
  public static func vaporPressureDeficit(
    temperature: Double, relativeHumidity: Double
  ) -> Double {
    saturationPressure(temperature) * (1 - WaterVapor.ratio(relativeHumidity))
  }

  /// The mass of vapor for a mass of dry air, in kilograms per kilogram.
  public static func humidityRatio(
    temperature: Double, relativeHumidity: Double, pressure: Double
  ) -> Double {
    humidityRatio(
      vapor: vaporPressure(temperature: temperature, relativeHumidity: relativeHumidity),
      pressure: pressure)
  }

  /// The enthalpy of moist air for a mass of dry air, in joules per kilogram; 0 at 0 degrees, dry.
  public static func enthalpy(temperature: Double, humidityRatio: Double) -> Double {
    (1.006 * temperature + humidityRatio * (2501 + 1.86 * temperature)) * 1000
  }

  /// The temperature at which vapor begins to settle, in degrees Celsius.
  ///
  /// This is the dew point above 0.01 degrees and the frost point below. Humidity 0, and vapor so
  /// thin that the point lies below -100 degrees, give NaN.
  public static func dewPoint(temperature: Double, relativeHumidity: Double) -> Double {
    guard temperature >= -100, temperature <= 200 else { return .nan }
    let ratio = Elementary.log(WaterVapor.ratio(relativeHumidity))
    let logarithm = logarithmOfSaturation(temperature) + ratio
    guard logarithm >= leastLogarithm else { return .nan }
    // The Magnus form is near; the curve is bent little enough for Newton's method.
    let excess = logarithm - 6.415424
    var point = min(temperature, 243.12 * excess / (17.62 - excess))
    for _ in 0..<10 {
      point = min(200, max(-100, point))
      let step = (logarithmOfSaturation(point) - logarithm) / slopeOfLogarithm(point)
      point -= step
      // The error after a step is about its square over 200.
      if step.magnitude < 5e-4 { break }
    }
    return min(point, temperature)
  }

  /// The temperature of a wet, ventilated thermometer, in degrees Celsius.
  ///
  /// The balance of heat is solved, with ice on the bulb below 0 degrees, to below 1e-6 degrees.
  /// Where both water and ice satisfy it, which happens within 0.5 degrees below freezing, water
  /// is taken. From water to ice the wet bulb steps by up to 0.44 degrees, as the equations have it:
  /// a bulb of ice gives off less vapor for its heat.
  public static func wetBulb(
    temperature: Double, relativeHumidity: Double, pressure: Double
  ) -> Double {
    let saturation = saturationPressure(temperature)
    let target = humidityRatio(
      vapor: saturation * WaterVapor.ratio(relativeHumidity), pressure: pressure)
    guard target.isFinite else { return .nan }
    let wet = WetBulbBalance(temperature: temperature, pressure: pressure, isIce: false)
    if temperature >= 0, wet.humidityRatioAtFreezing <= target {
      return wet.wetBulb(target, from: 0, to: temperature, saturation: saturation)
    }
    let frozen = WetBulbBalance(temperature: temperature, pressure: pressure, isIce: true)
    return temperature < 0
      ? frozen.wetBulb(target, from: -100, to: temperature, saturation: saturation)
      : frozen.wetBulb(
        target, from: -100, to: 0, saturation: WetBulbBalance.saturationAtFreezing)
  }

  /// The temperature of a wet thermometer at 101,325 Pa, in degrees Celsius, by a fitted formula.
  ///
  /// Needs no pressure. It differs from the balance of heat by -0.70 to 0.64 degrees from -20 to 0
  /// degrees, by -0.65 to 0.72 from 0 to 35 and by -0.31 to 1.17 from 35 to 50, at 10 to 99 percent;
  /// at 5 to 10 percent by -1.17 to 0.76. In cold, dry air it would be up to 3.9 degrees too high:
  /// below a humidity of 15 - 2 x temperature it gives NaN.
  ///
  /// Source: R. Stull, "Wet-bulb temperature from relative humidity and air temperature", Journal
  /// of Applied Meteorology and Climatology 50 (2011), equation 1.
  public static func wetBulbByStull(temperature t: Double, relativeHumidity: Double) -> Double {
    guard t >= -100, t <= 200 else { return .nan }
    let h = 100 * WaterVapor.ratio(relativeHumidity)
    let first = t * Elementary.atan(0.151977 * (h + 8.313659).squareRoot())
    let last = 0.00391838 * h * h.squareRoot() * Elementary.atan(0.023101 * h)
    // The formula's author leaves this corner out, too.
    guard h >= 15 - 2 * t - 1e-9 else { return .nan }
    return first + Elementary.atan(t + h) - Elementary.atan(h - 1.676331) + last - 4.686035
  }

  static func humidityRatio(vapor: Double, pressure: Double) -> Double {
    guard pressure > vapor, pressure.isFinite else { return .nan }
    return massRatio * vapor / (pressure - vapor)
  }

  private static func logarithmOfSaturation(_ temperature: Double) -> Double {
    let t = temperature + 273.15
    if temperature <= tripleTemperature {
      let upper = 2.0747825e-9 - 9.484024e-13 * t
      let polynomial = 6.3925247 + t * (-9.677843e-3 + t * (6.2215701e-7 + t * upper))
      return -5674.5359 / t + polynomial + 4.1635019 * Elementary.log(t)
    }
    let polynomial = 1.3914993 + t * (-4.8640239e-2 + t * (4.1764768e-5 - t * 1.4452093e-8))
    return -5800.2206 / t + polynomial + 6.5459673 * Elementary.log(t)
  }

  static func slopeOfLogarithm(_ temperature: Double) -> Double {
    let t = temperature + 273.15
    if temperature <= tripleTemperature {
      let upper = 6.2243475e-9 - 3.7936096e-12 * t
      return 5674.5359 / (t * t) - 9.677843e-3 + t * (1.24431402e-6 + t * upper) + 4.1635019 / t
    }
    let polynomial = -4.8640239e-2 + t * (8.3529536e-5 - t * 4.3356279e-8)
    return 5800.2206 / (t * t) + polynomial + 6.5459673 / t
  }
}
