/// The factory calibration of a BME280 and the formulas that it belongs to.
///
/// Source: BST-BME280-DS002 sections 4.2.2 (trimming parameters) and 8.1 (formulas in double
/// precision). Humidity is left outside 0 to 100 %RH here, so that the search has a slope.
struct BME280Compensation: Sendable {
  private let temperatures: [Double]
  private let pressures: [Double]
  private let humidities: [Double]

  /// The numbers in the bytes of 0x88 to 0xA1, then 0xE1 to 0xE7; nil unless there are 33.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == 33 else { return nil }
    func unsigned(_ low: Int) -> Double { Double(UInt16(bytes[low]) | UInt16(bytes[low + 1]) << 8) }
    func signed(_ low: Int) -> Double {
      Double(Int16(bitPattern: UInt16(bytes[low]) | UInt16(bytes[low + 1]) << 8))
    }
    temperatures = [unsigned(0), signed(2), signed(4)]
    pressures = [unsigned(6)] + (1..<9).map { signed(6 + 2 * $0) }
    // H4 and H5 are 12 bits each and share the byte at 0xE5.
    let high = Int16(Int8(bitPattern: bytes[29])) << 4 | Int16(bytes[30] & 0x0F)
    let low = Int16(Int8(bitPattern: bytes[31])) << 4 | Int16(bytes[30] >> 4)
    humidities = [
      Double(bytes[25]), signed(26), Double(bytes[28]), Double(high), Double(low),
      Double(Int8(bitPattern: bytes[32])),
    ]
  }

  /// The temperature in degrees Celsius, and the fine temperature that the other formulas take.
  func temperature(ofCode code: Int) -> (celsius: Double, fine: Double) {
    let adc = Double(code)
    let first = (adc / 16384 - temperatures[0] / 1024) * temperatures[1]
    let distance = adc / 131_072 - temperatures[0] / 8192
    let second = distance * distance * temperatures[2]
    return ((first + second) / 5120, (first + second).rounded(.towardZero))
  }

  /// The pressure in pascal.
  func pascal(ofCode code: Int, fine: Double) -> Double {
    var first = fine / 2 - 64_000
    var second = first * first * pressures[5] / 32_768
    second += first * pressures[4] * 2
    second = second / 4 + pressures[3] * 65_536
    first = (pressures[2] * first * first / 524_288 + pressures[1] * first) / 524_288
    first = (1 + first / 32_768) * pressures[0]
    guard first != 0 else { return 0 }
    var pressure = 1_048_576 - Double(code)
    pressure = (pressure - second / 4096) * 6250 / first
    let square = pressures[8] * pressure * pressure / 2_147_483_648
    let linear = pressure * pressures[7] / 32_768
    pressure += (square + linear + pressures[6]) / 16
    return pressure
  }

  /// The relative humidity in percent.
  func percent(ofCode code: Int, fine: Double) -> Double {
    let base = fine - 76_800
    let reduced = Double(code) - (humidities[3] * 64 + humidities[4] / 16_384 * base)
    let inner = 1 + humidities[2] / 67_108_864 * base
    let outer = 1 + humidities[5] / 67_108_864 * base * inner
    let humidity = reduced * (humidities[1] / 65_536 * outer)
    return humidity * (1 - humidities[0] * humidity / 524_288)
  }

  /// The code whose temperature is nearest.
  func code(ofCelsius target: Double, step: Int) -> Int {
    Self.nearest(to: target, step: step, limit: 0xFFFFF) { temperature(ofCode: $0).celsius }
  }

  /// The code whose pressure is nearest at a fine temperature.
  func code(ofPascal target: Double, fine: Double, step: Int) -> Int {
    // Pressure falls while the code rises.
    Self.nearest(to: -target, step: step, limit: 0xFFFFF) { -pascal(ofCode: $0, fine: fine) }
  }

  /// The code whose humidity is nearest at a fine temperature.
  func code(ofPercent target: Double, fine: Double) -> Int {
    Self.nearest(to: min(max(target, 0), 100), step: 1, limit: 0xFFFF) {
      percent(ofCode: $0, fine: fine)
    }
  }

  /// The multiple of `step` up to `limit` at which a rising function is nearest to a value.
  private static func nearest(
    to target: Double, step: Int, limit: Int, _ function: (Int) -> Double
  ) -> Int {
    var low = 0
    var high = limit / step
    while low < high {
      let middle = (low + high) / 2
      if function(middle * step) < target { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    let above = abs(function(low * step) - target)
    let below = abs(function((low - 1) * step) - target)
    return (below < above ? low - 1 : low) * step
  }
}
