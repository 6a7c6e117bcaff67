/// Speeds and directions of wind.
///
/// A direction is where the wind comes from, in degrees clockwise from north; results are above 0
/// and at most 360, so north is 360 and 0 is left for calm, as in weather reports.
public enum Wind {
  /// The parts of a wind toward east and toward north, in the unit of its speed.
  public static func components(
    speed: Double, direction: Double
  ) -> (east: Double, north: Double) {
    let (sine, cosine) = unit(direction)
    return (-speed * sine, -speed * cosine)
  }

  /// The direction of a wind from its parts toward east and north; nil where there is none.
  public static func direction(east: Double, north: Double) -> Double? {
    guard east.isFinite, north.isFinite, east != 0 || north != 0 else { return nil }
    return degrees(sine: -east, cosine: -north)
  }

  /// How far directions spread, in degrees, from the means of their sines and cosines.
  ///
  /// Source: R. J. Yamartino, "A comparison of several single-pass estimators of the standard
  /// deviation of wind direction", Journal of Climate and Applied Meteorology 23 (1984).
  public static func directionDeviation(meanSine: Double, meanCosine: Double) -> Double {
    let length = meanSine * meanSine + meanCosine * meanCosine
    guard !length.isNaN else { return .nan }
    let spread = max(0, 1 - length).squareRoot()
    // 2 over the square root of 3, less 1.
    let correction = 1 + 0.1547005383792515 * (spread * spread * spread)
    return Elementary.atan2(spread, min(1, length).squareRoot()) * correction * 180 / .pi
  }

  static func unit(_ direction: Double) -> (sine: Double, cosine: Double) {
    let angle = direction * (.pi / 180)
    return (Elementary.sin(angle), Elementary.cos(angle))
  }

  static func degrees(sine: Double, cosine: Double) -> Double {
    let angle = Elementary.atan2(sine, cosine) * (180 / .pi)
    return angle > 0 ? angle : angle + 360
  }
}
