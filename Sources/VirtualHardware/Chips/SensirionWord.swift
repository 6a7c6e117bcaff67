/// A 16-bit word as Sensirion's chips send it: high byte, low byte, checksum.
///
/// The checksum is a CRC-8 with polynomial 0x31 that begins with 0xFF (SHT3x-DIS data sheet,
/// section 4.12).
enum SensirionWord {
  /// The three bytes of a word.
  static func bytes(_ word: UInt16) -> [UInt8] {
    let bytes = [UInt8(word >> 8), UInt8(word & 0xFF)]
    return bytes + [checksum(bytes)]
  }

  static func checksum(_ bytes: [UInt8]) -> UInt8 {
    var remainder: UInt8 = 0xFF
    for byte in bytes {
      remainder ^= byte
      for _ in 0..<8 {
        remainder = remainder & 0x80 == 0 ? remainder << 1 : remainder << 1 ^ 0x31
      }
    }
    return remainder
  }
}
