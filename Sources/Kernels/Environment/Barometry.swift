/// Pressures reduced to sea level.
///
/// Pressures are in the unit that is given, elevations in meters above sea level, temperatures in
/// degrees Celsius. NaN, and elevations where the atmosphere of the formula ends, give NaN.
public enum Barometry {
  /// The pressure at sea level below a station, from the temperature of its air.
  ///
  /// The air below is taken to be 6.5 K/km warmer; meant for stations below about 750 m. Weather
  /// services differ in cold and high places, where they have rules of their own.
  public static func seaLevelPressure(
    stationPressure: Double, elevation: Double, temperature: Double
  ) -> Double {
    let fall = 0.0065 * elevation
    return reduced(stationPressure, 1 - fall / (temperature + fall + 273.15), -5.257)
  }

  /// The pressure at sea level below a station, in the standard atmosphere of 15 degrees.
  ///
  /// What an altimeter calls QNH; needs no temperature.
  ///
  /// Source: ICAO Doc 7488, Manual of the ICAO Standard Atmosphere.
  public static func standardSeaLevelPressure(
    stationPressure: Double, elevation: Double
  ) -> Double {
    reduced(stationPressure, 1 - 0.0065 * elevation / 288.15, -5.25588)
  }

  private static func reduced(_ pressure: Double, _ base: Double, _ power: Double) -> Double {
    guard base > 0, base.isFinite else { return .nan }
    return pressure * Elementary.pow(base, power)
  }
}
