/// The 16-bit floats of IEEE 754, by their bits.
///
/// Done in integers because not every ARM board's compiler has a 16-bit float type, and because only
/// exact conversions are wanted.
enum HalfPrecision {
  /// The 16 bits that hold a finite number exactly, with zero always positive; nil when none do.
  static func bits(of value: Double) -> UInt16? {
    guard value != 0 else { return 0 }
    let bits = value.bitPattern
    let sign = UInt16(bits >> 63) << 15
    let exponent = Int(bits >> 52 & 0x7FF) - 1023
    let fraction = bits & (1 << 52 - 1)
    switch exponent {
    case -14...15:
      guard fraction & (1 << 42 - 1) == 0 else { return nil }
      return sign | UInt16(exponent + 15) << 10 | UInt16(fraction >> 42)
    case -24 ... -15:
      // A subnormal counts units of 2^-24.
      let significand = fraction | 1 << 52
      let shift = UInt64(28 - exponent)
      guard significand & (1 << shift - 1) == 0 else { return nil }
      return sign | UInt16(significand >> shift)
    default:
      return nil
    }
  }

  /// The number in 16 bits, or nil for NaN, an infinity and negative zero, which are never written.
  static func value(of bits: UInt16) -> Double? {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = UInt64(bits & 0x3FF)
    guard exponent != 31, bits != 0x8000 else { return nil }
    if exponent == 0 {
      let magnitude = Double(fraction) * 0x1p-24
      return bits >> 15 == 1 ? -magnitude : magnitude
    }
    let sign = UInt64(bits >> 15) << 63
    return Double(bitPattern: sign | UInt64(exponent - 15 + 1023) << 52 | fraction << 42)
  }
}
