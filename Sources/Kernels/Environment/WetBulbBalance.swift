/// The balance of heat on a wet thermometer in air of one temperature and pressure.
///
/// Source: ASHRAE Handbook, Fundamentals (2017), chapter 1, equations 33 (water) and 35 (ice).
struct WetBulbBalance {
  /// Degrees Celsius.
  let temperature: Double
  /// Pascals.
  let pressure: Double
  /// Whether the bulb carries ice.
  let isIce: Bool

  /// The humidity ratio of air in which the bulb takes this temperature.
  func humidityRatio(_ bulb: Double) -> Double {
    balance(bulb, Psychrometrics.saturationPressure(bulb)).ratio
  }

  /// The humidity ratio of air in which a bulb of water takes 0 degrees.
  var humidityRatioAtFreezing: Double {
    let saturated = Psychrometrics.humidityRatio(
      vapor: Self.saturationAtFreezing, pressure: pressure)
    return (2501 * saturated - 1.006 * temperature) / (2501 + 1.86 * temperature)
  }

  /// Pascals.
  static let saturationAtFreezing = Psychrometrics.saturationPressure(0)

  /// The temperature of the bulb for a humidity ratio, between two temperatures.
  ///
  /// Halley's method; it halves the interval where a step would leave it. It begins at the upper
  /// end, where the pressure of saturated vapor is known already: that step is as near as a fitted
  /// formula, and needs no elementary function.
  func wetBulb(
    _ target: Double, from least: Double, to greatest: Double, saturation: Double
  ) -> Double {
    var (low, high) = (least, greatest)
    var (bulb, vapor) = (greatest, saturation)
    for _ in 0..<60 {
      let (ratio, slope, bend) = balance(bulb, vapor)
      let error = target - ratio
      let step = error * slope / (slope * slope + 0.5 * error * bend)
      // The error after a step is below a hundredth of its cube.
      if step.magnitude < 0.05 { return min(greatest, max(least, bulb + step)) }
      // Where water would boil there is no ratio, which counts as too moist.
      if ratio <= target { low = bulb } else { high = bulb }
      let next = bulb + step
      bulb = next > low && next < high ? next : (low + high) / 2
      vapor = Psychrometrics.saturationPressure(bulb)
    }
    return bulb
  }

  private func balance(
    _ bulb: Double, _ vapor: Double
  ) -> (ratio: Double, slope: Double, bend: Double) {
    let saturated = Psychrometrics.humidityRatio(vapor: vapor, pressure: pressure)
    let dry = pressure - vapor
    let steepness = Psychrometrics.slopeOfLogarithm(bulb)
    let wetSteepness = steepness * pressure / dry
    let heat = isIce ? 2830 - 0.24 * bulb : 2501 - 2.326 * bulb
    let bulbHeat = isIce ? 2.1 : 4.186
    let divisor = (isIce ? 2830 : 2501) + 1.86 * temperature - bulbHeat * bulb
    let ratio = (heat * saturated - 1.006 * (temperature - bulb)) / divisor
    let loss = isIce ? 0.24 : 2.326
    let steep = heat * saturated * wetSteepness
    let slope = (steep - loss * saturated + 1.006 + bulbHeat * ratio) / divisor
    // The steepness itself falls by about 0.0078 of itself a degree.
    let turn = wetSteepness + steepness * vapor / dry - 0.0078
    let bend = steep * turn - 2 * (loss * saturated * wetSteepness - bulbHeat * slope)
    return (ratio, slope, bend / divisor)
  }
}
