/// How warm the air feels, by the indices of weather services.
///
/// Temperatures are in degrees Celsius, speeds in meters per second, relative humidity in percent.
/// Over 100 percent counts as 100; NaN, infinities and a humidity below 0 give NaN.
public enum ThermalComfort {
  /// The heat index of the US National Weather Service, in degrees Celsius.
  ///
  /// The regression of Rothfusz with the Service's adjustments for dry and moist air where the
  /// simple formula gives 79 degrees Fahrenheit or more; the simple formula below; the temperature
  /// itself up to 40 degrees Fahrenheit.
  ///
  /// Source: L. P. Rothfusz, "The heat index equation", NWS Technical Attachment SR 90-23 (1990);
  /// NWS Weather Prediction Center, "The heat index equation" (2014).
  public static func heatIndex(temperature: Double, relativeHumidity: Double) -> Double {
    let h = 100 * WaterVapor.ratio(relativeHumidity)
    guard temperature.isFinite, !h.isNaN else { return .nan }
    let t = temperature * 1.8 + 32
    if t <= 40 { return temperature }
    let simple = -10.3 + 1.1 * t + 0.047 * h
    var index = simple < 79 ? simple : regression(t, h)
    if h <= 13, t >= 80, t <= 112 {
      index -= (13 - h) / 4 * ((17 - (t - 95).magnitude) / 17).squareRoot()
    }
    if h > 85, t >= 80, t <= 87 {
      index += 0.02 * (h - 85) * (87 - t)
    }
    return (index - 32) / 1.8
  }

  /// The wind chill of North America, in degrees Celsius; NaN where it is not defined.
  ///
  /// It is defined up to 10 degrees and from 4.8 km/h; the speed is that at 10 m, averaged.
  ///
  /// Source: R. Osczevski, M. Bluestein, "The new wind chill equivalent temperature chart",
  /// Bulletin of the American Meteorological Society 86 (2005), in use since 2001.
  public static func windChill(temperature: Double, windSpeed: Double) -> Double {
    guard temperature <= 10, windSpeed * 3.6 >= 4.8, windSpeed.isFinite else { return .nan }
    return unboundedWindChill(temperature: temperature, windSpeed: windSpeed)
  }

  /// The formula of the wind chill at any temperature and speed.
  static func unboundedWindChill(temperature: Double, windSpeed: Double) -> Double {
    let power = Elementary.pow(windSpeed * 3.6, 0.16)
    return 13.12 + 0.6215 * temperature - 11.37 * power + 0.3965 * temperature * power
  }

  private static func regression(_ t: Double, _ h: Double) -> Double {
    let constant = -42.379 + t * (2.04901523 - 6.83783e-3 * t)
    let linear = 10.14333127 + t * (-0.22475541 + 1.22874e-3 * t)
    let square = -5.481717e-2 + t * (8.5282e-4 - 1.99e-6 * t)
    return constant + h * (linear + h * square)
  }
}
