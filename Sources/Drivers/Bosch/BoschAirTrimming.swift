/// The factory's trimming of temperature and pressure in a BMP280 or BME280, and the formulas that
/// use it.
///
/// The formulas are the data sheets' double precision ones, evaluated in IEEE 754 binary64 with
/// additions, subtractions, multiplications and divisions in exactly the written order, without
/// fused operations, so that every machine gets the same bits. The fine temperature keeps its
/// fraction, which the data sheets' C code drops; that is worth less than 0.02 Pa.
///
/// Source: Bosch Sensortec BST-BME280-DS002 sections 4.2.2 and 8.1, BST-BMP280-DS001 sections 3.11.2
/// and 8.1, which are alike.
struct BoschAirTrimming: Sendable {
  /// Registers 0x88 to 0x9F.
  static let count = 24

  /// dig_T1 to dig_T3.
  private let temperature: (Double, Double, Double)
  /// dig_P1 to dig_P9.
  private let pressure: [Double]

  /// Trimming from the first 24 bytes.
  ///
  /// A chip that is not ready, or a bus that hangs, reads as zeros or ones throughout; such bytes
  /// are refused, and so is a factor of zero that no chip can have.
  init(_ bytes: [UInt8]) throws(DriverFailure) {
    guard bytes.count >= Self.count, !bytes.allSatisfy({ $0 == 0xFF }),
      bytes.littleWord(at: 0) != 0, bytes.littleWord(at: 6) != 0
    else { throw .malformed("calibration is blank") }
    // Little-endian, unlike the data registers.
    func unsigned(_ index: Int) -> Double { Double(bytes.littleWord(at: index)) }
    func signed(_ index: Int) -> Double {
      Double(Int16(bitPattern: bytes.littleWord(at: index)))
    }
    temperature = (unsigned(0), signed(2), signed(4))
    pressure = [unsigned(6)] + stride(from: 8, through: 22, by: 2).map(signed)
  }

  /// The fine temperature t_fine in 1/5120 degree Celsius.
  func fineTemperature(_ count: UInt32) -> Double {
    let count = Double(count)
    let first = (count / 16384 - temperature.0 / 1024) * temperature.1
    let offset = count / 131_072 - temperature.0 / 8192
    let second = offset * offset * temperature.2
    return first + second
  }

  /// The pressure in pascal; nil where the formula would divide by zero.
  func pascal(_ count: UInt32, _ fine: Double) -> Double? {
    let dig = pressure
    let first = fine / 2 - 64000
    var second = first * first * dig[5] / 32768
    second = second + first * dig[4] * 2
    second = second / 4 + dig[3] * 65536
    let third = dig[2] * first * first / 524_288
    let slope = (third + dig[1] * first) / 524_288
    let divisor = (1 + slope / 32768) * dig[0]
    guard divisor != 0 else { return nil }
    var result = 1_048_576 - Double(count)
    result = (result - second / 4096) * 6250 / divisor
    let square = dig[8] * result * result / 2_147_483_648
    let linear = result * dig[7] / 32768
    return result + (square + linear + dig[6]) / 16
  }
}
