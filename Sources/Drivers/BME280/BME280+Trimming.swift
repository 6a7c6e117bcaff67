extension BME280 {
  /// The factory's trimming of one chip (section 4.2.2, table 16).
  struct Trimming: Hashable, Sendable {
    static let firstCount = 26
    static let secondCount = 7

    /// The bytes as they were read.
    let bytes: [UInt8]
    /// Temperature and pressure.
    let air: BoschAirTrimming
    /// dig_H1 to dig_H6.
    let humidity: [Double]

    /// Trimming from 33 bytes: registers 0x88 to 0xA1, then 0xE1 to 0xE7.
    ///
    /// Blank bytes are refused.
    init(_ bytes: [UInt8]) throws(DriverFailure) {
      guard bytes.count == Self.firstCount + Self.secondCount else {
        throw .malformed("calibration has \(bytes.count) bytes, expected 33")
      }
      air = try BoschAirTrimming(bytes)
      func signed(_ index: Int) -> Double {
        Double(Int16(bitPattern: bytes.littleWord(at: index)))
      }
      self.bytes = bytes
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
