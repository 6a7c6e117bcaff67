/// The factory's trimming of one chip, and the maker's formulas that use it.
///
/// The formulas are those that the maker's library has for machines with floating point
/// (BME68x-Sensor-API, bme68x.c), evaluated in IEEE 754 binary64 instead of binary32, with
/// additions, subtractions, multiplications and divisions in exactly the written order, without
/// fused operations, so that every machine gets the same bits.
struct BME68xTrimming: Hashable, Sendable {
  static let count = 42

  /// The bytes as they were read: registers 0x8A to 0xA0, 0xE1 to 0xEE, 0x00 to 0x04.
  let bytes: [UInt8]

  /// Trimming from 42 bytes.
  ///
  /// A chip that is not ready, or a bus that hangs, reads as zeros or ones throughout; such bytes
  /// are refused, and so is a factor of zero that no chip can have.
  init(_ bytes: [UInt8]) throws(DriverFailure) {
    guard bytes.count == Self.count else {
      throw .malformed("calibration has \(bytes.count) bytes, expected 42")
    }
    guard !bytes.allSatisfy({ $0 == 0xFF }), bytes.littleWord(at: 4) != 0,
      bytes.littleWord(at: 31) != 0
    else { throw .malformed("calibration is blank") }
    self.bytes = bytes
  }

  private func word(_ index: Int) -> Double { Double(bytes.littleWord(at: index)) }

  private func signedWord(_ index: Int) -> Double {
    Double(Int16(bitPattern: bytes.littleWord(at: index)))
  }

  private func signedByte(_ index: Int) -> Double { Double(Int8(bitPattern: bytes[index])) }

  /// The fine temperature t_fine in 1/5120 degree Celsius (`calc_temperature`).
  func fineTemperature(_ count: UInt32) -> Double {
    let (t1, t2, t3) = (word(31), signedWord(0), signedByte(2))
    let first = (Double(count) / 16384 - t1 / 1024) * t2
    let offset = Double(count) / 131_072 - t1 / 8192
    let second = offset * offset * (t3 * 16)
    return first + second
  }

  /// The pressure in pascal; nil where the formula would divide by zero (`calc_pressure`).
  func pascal(_ count: UInt32, _ fine: Double) -> Double? {
    let (p1, p2, p3) = (word(4), signedWord(6), signedByte(8))
    let (p4, p5, p6, p7) = (signedWord(10), signedWord(12), signedByte(15), signedByte(14))
    let (p8, p9, p10) = (signedWord(18), signedWord(20), Double(bytes[22]))
    let first = fine / 2 - 64000
    var second = first * first * (p6 / 131_072)
    second = second + first * p5 * 2
    second = second / 4 + p4 * 65536
    let slope = (p3 * first * first / 16384 + p2 * first) / 524_288
    let divisor = (1 + slope / 32768) * p1
    guard divisor != 0 else { return nil }
    var result = 1_048_576 - Double(count)
    result = (result - second / 4096) * 6250 / divisor
    let square = p9 * result * result / 2_147_483_648
    let linear = result * (p8 / 32768)
    let part = result / 256
    let cubic = part * part * part * (p10 / 131_072)
    return result + (square + linear + cubic + p7 * 128) / 16
  }

  /// The relative humidity in percent, clamped to 0 to 100 (`calc_humidity`).
  func relativeHumidity(_ count: UInt16, _ fine: Double) -> Double {
    // par_h1 and par_h2 have 12 bits and share a byte.
    let h1 = Double(UInt16(bytes[25]) << 4 | UInt16(bytes[24] & 0x0F))
    let h2 = Double(UInt16(bytes[23]) << 4 | UInt16(bytes[24] >> 4))
    let (h3, h4, h5) = (signedByte(26), signedByte(27), signedByte(28))
    let (h6, h7) = (Double(bytes[29]), signedByte(30))
    let celsius = fine / 5120
    let offset = Double(count) - (h1 * 16 + h3 / 2 * celsius)
    let slope =
      h2 / 262_144 * (1 + h4 / 16384 * celsius + h5 / 1_048_576 * celsius * celsius)
    let linear = offset * slope
    let result = linear + (h6 / 16384 + h7 / 2_097_152 * celsius) * linear * linear
    return min(max(result, 0), 100)
  }

  /// The resistance in ohm of a BME680's layer (`calc_gas_resistance_low`).
  func ohm(_ count: UInt16, range: Int) -> Double {
    // range_sw_err: four bits in two's complement.
    let first = 1340 + 5 * Double(Int8(bitPattern: bytes[41]) >> 4)
    let second = first * (1 + Self.firstCorrections[range] / 100)
    let third = 1 + Self.secondCorrections[range] / 100
    let part = (Double(count) - 512) / second + 1
    return 1 / (third * 0.000000125 * Double(1 << range) * part)
  }

  /// What res_heat wants for a target of the heater in air of 25 degrees (`calc_res_heat`).
  func heaterCode(celsius: Int) -> UInt8 {
    let (gh1, gh2, gh3) = (signedByte(35), signedWord(33), signedByte(36))
    let range = Double(bytes[39] >> 4 & 0x03)
    let first = gh1 / 16 + 49
    let second = gh2 / 32768 * 0.0005 + 0.00235
    let third = gh3 / 1024
    let fourth = first * (1 + second * Double(celsius))
    let fifth = fourth + third * 25
    let code =
      3.4 * (fifth * (4 / (4 + range)) * (1 / (1 + signedByte(37) * 0.002)) - 25)
    return UInt8(min(max(code, 0), 255))
  }

  /// lookup_k1_range in percent, by range.
  private static let firstCorrections: [Double] = [
    0, 0, 0, 0, 0, -1, 0, -0.8, 0, 0, -0.2, -0.5, 0, -1, 0, 0,
  ]
  /// lookup_k2_range in percent, by range.
  private static let secondCorrections: [Double] = [
    0, 0, 0, 0, 0.1, 0.7, 0, -0.8, -0.1, 0, 0, 0, 0, 0, 0, 0,
  ]
}
