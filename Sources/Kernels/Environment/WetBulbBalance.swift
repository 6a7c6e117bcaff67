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
    balance(bulb).ratio
  }

  /// The temperature of the bulb for a humidity ratio, between two temperatures.
  ///
  /// Newton's method; it halves the interval where a step would leave it.
  func wetBulb(_ target: Double, from least: Double, to greatest: Double) -> Double {
    var (low, high) = (least, greatest)
    var bulb = greatest
    for _ in 0..<60 {
      let (ratio, slope) = balance(bulb)
      let step = (target - ratio) / slope
      // The error after a step is far below its square.
      if step.magnitude < 1e-5 { return min(greatest, max(least, bulb + step)) }
      // Where water would boil there is no ratio, which counts as too moist.
      if ratio <= target { low = bulb } else { high = bulb }
      let next = bulb + step
      bulb = next > low && next < high ? next : (low + high) / 2
    }
    return bulb
  }

  private func balance(_ bulb: Double) -> (ratio: Double, slope: Double) {
    let vapor = Psychrometrics.saturationPressure(bulb)
    let saturated = Psychrometrics.humidityRatio(vapor: vapor, pressure: pressure)
    let steepness = Psychrometrics.slopeOfLogarithm(bulb) * pressure / (pressure - vapor)
    let heat = isIce ? 2830 - 0.24 * bulb : 2501 - 2.326 * bulb
    let bulbHeat = isIce ? 2.1 : 4.186
    let divisor = (isIce ? 2830 : 2501) + 1.86 * temperature - bulbHeat * bulb
    let ratio = (heat * saturated - 1.006 * (temperature - bulb)) / divisor
    let loss = isIce ? 0.24 : 2.326
    let slope =
      (heat * saturated * steepness - loss * saturated + 1.006 + bulbHeat * ratio) / divisor
    return (ratio, slope)
  }
}
