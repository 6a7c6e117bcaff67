extension BME280 {
  /// The factory's trimming of one chip (section 4.2.2, table 16).
  struct Trimming: Hashable, Sendable {
    static let firstCount = 26
    static let secondCount = 7

    /// The bytes as they were read.
    let bytes: [UInt8]
    /// dig_T1 to dig_T3.
    let temperature: (Double, Double, Double)
    /// dig_P1 to dig_P9.
    let pressure: [Double]
    /// dig_H1 to dig_H6.
    let humidity: [Double]

    /// Trimming from 33 bytes: registers 0x88 to 0xA1, then 0xE1 to 0xE7.
    ///
    /// A chip that is not ready, or a bus that hangs, reads as zeros or ones throughout; such
    /// bytes are refused, and so is a factor of zero that no chip can have.
    init(_ bytes: [UInt8]) throws(DriverFailure) {
      guard bytes.count == Self.firstCount + Self.secondCount else {
        throw .malformed("calibration has \(bytes.count) bytes, expected 33")
      }
      guard !bytes.allSatisfy({ $0 == 0xFF }), bytes[0] | bytes[1] != 0, bytes[6] | bytes[7] != 0
      else { throw .malformed("calibration is blank") }
      // Little-endian, unlike the data registers.
      func unsigned(_ index: Int) -> Double {
        Double(UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
      }
      func signed(_ index: Int) -> Double {
        Double(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8))
      }
      self.bytes = bytes
      temperature = (unsigned(0), signed(2), signed(4))
      pressure = [unsigned(6)] + stride(from: 8, through: 22, by: 2).map(signed)
      // dig_H4 and dig_H5 have 12 bits and share the byte at 0xE5.
      let fourth = Int16(Int8(bitPattern: bytes[29])) * 16 | Int16(bytes[30] & 0x0F)
      let fifth = Int16(Int8(bitPattern: bytes[31])) * 16 | Int16(bytes[30] >> 4)
      humidity = [
        Double(bytes[25]), signed(26), Double(bytes[28]), Double(fourth), Double(fifth),
        Double(Int8(bitPattern: bytes[32])),
      ]
    }

    /// Whether two have the same bytes.
    static func == (left: Trimming, right: Trimming) -> Bool { left.bytes == right.bytes }

    /// Hashes the bytes.
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
  }
}
