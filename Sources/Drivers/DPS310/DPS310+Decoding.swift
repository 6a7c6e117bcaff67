import Quantities

extension DPS310 {
  /// What six data bytes mean, with the coefficients: pressure and temperature, each of 24 bits in
  /// two's complement, whose scale the oversampling decides.
  ///
  /// Formula: the data sheet's (section 4.9), evaluated in IEEE 754 binary64 with additions,
  /// multiplications and divisions in exactly the written order, without fused operations, so that
  /// every machine gets the same bits. Rounding: temperature to 0.0001 K, pressure to 0.001 Pa;
  /// halves away from zero. The lowest count is what a register holds before its first result,
  /// which is a fault, and so is pressure without temperature.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or there are no coefficients yet.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard let coefficients else {
      throw .malformed("calibration is missing; read or restore it first")
    }
    let pressure = raw[0].triple(at: 0).signed(bits: 24)
    let temperature = raw[0].triple(at: 3).signed(bits: 24)
    var result = FloatingReadings()
    guard temperature != Self.noResult else {
      for channel in ["temperature", "pressure"] {
        result.fail(channel, "no temperature since the reset")
      }
      return result.measurement
    }
    let warmth = Double(temperature) / sampling.temperatureScale
    result.take("temperature", coefficients.celsius(warmth), steps: 10_000, .celsius)
    if pressure == Self.noResult {
      result.fail("pressure", "no pressure since the reset")
    } else {
      let load = Double(pressure) / sampling.pressureScale
      result.take("pressure", coefficients.pascal(load, warmth), steps: 1000, .pascal)
    }
    return result.measurement
  }

  /// What a result register holds after a reset (section 8.1).
  private static let noResult: Int32 = -0x80_0000

  /// The factory's coefficients of one chip (section 8.11).
  struct Coefficients: Hashable, Sendable {
    static let count = 18

    /// The bytes as they were read.
    let bytes: [UInt8]

    /// Coefficients from registers 0x10 to 0x21.
    ///
    /// A chip that is not ready, or a bus that hangs, reads as zeros or ones throughout; such
    /// bytes are refused.
    init(_ bytes: [UInt8]) throws(DriverFailure) {
      guard bytes.count == Self.count else {
        throw .malformed("calibration has \(bytes.count) bytes, expected 18")
      }
      guard !bytes.allSatisfy({ $0 == 0xFF }), !bytes.allSatisfy({ $0 == 0 }) else {
        throw .malformed("calibration is blank")
      }
      self.bytes = bytes
    }

    /// The temperature (section 4.9.2): c0 / 2 + c1 t.
    func celsius(_ t: Double) -> Double {
      // Twelve bits each.
      let c0 = Double((bytes.triple(at: 0) >> 12).signed(bits: 12))
      let c1 = Double((bytes.triple(at: 0) & 0xFFF).signed(bits: 12))
      return c0 / 2 + c1 * t
    }

    /// The pressure (section 4.9.1): c00 + p (c10 + p (c20 + p c30)) + t c01 + t p (c11 + p c21).
    func pascal(_ p: Double, _ t: Double) -> Double {
      // Twenty bits each.
      let c00 = Double((bytes.triple(at: 3) >> 4).signed(bits: 20))
      let c10 = Double((bytes.triple(at: 5) & 0xFFFFF).signed(bits: 20))
      func short(_ index: Int) -> Double {
        Double(Int16(bitPattern: bytes.word(at: index)))
      }
      let (c01, c11, c20, c21, c30) = (short(8), short(10), short(12), short(14), short(16))
      let alone = c00 + p * (c10 + p * (c20 + p * c30))
      return alone + t * c01 + t * p * (c11 + p * c21)
    }
  }
}
