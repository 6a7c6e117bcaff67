import Quantities

/// How the LM75 and the chips after it write temperature: the highest bits of a word are degrees
/// Celsius in two's complement, in which the upper byte is whole degrees.
///
/// Source: National Semiconductor SNOS808 (LM75), temperature data format, NXP LM75B section 7.4.3, Texas
/// Instruments SBOS397 (TMP102) section 7.5.2.
enum LM75Family {
  /// The registers that all have.
  enum Register {
    static let temperature: UInt8 = 0x00
    static let configuration: UInt8 = 0x01
    /// T_HYST, or T_LOW.
    static let lowLimit: UInt8 = 0x02
    /// T_OS, or T_HIGH.
    static let highLimit: UInt8 = 0x03
  }

  /// The temperature in the highest `bits` bits of a word; the bits below are not looked at.
  ///
  /// A chip with a longer integer part has its point that many bits further to the right.
  static func temperature(_ word: UInt16, bits: Int, integerBits: Int = 8) -> Reading {
    let steps = Int128(Int16(bitPattern: word) >> Int16(16 - bits))
    return Reading(
      "temperature", nano: steps * (1_000_000_000 >> Int128(bits - integerBits)), .celsius)
  }
}
