/// Numbers of the IEEE 754 format binary32, which some chips send, as whole numbers.
enum Binary32 {
  /// The number in `bits` times `scale`, rounded, halves away from zero; nil for what is not a
  /// number or has a magnitude of 2^32 or more.
  ///
  /// Exact: a finite number is a whole number of at most 24 bits times a power of two.
  static func scaled(_ bits: UInt32, by scale: Int128) -> Int128? {
    let exponent = Int(bits >> 23 & 0xFF)
    guard exponent < bias + 32 else { return nil }
    let fraction = bits & 0x7F_FFFF
    let mantissa = Int128(exponent == 0 ? fraction : fraction | 0x80_0000)
    let product = (bits >> 31 == 0 ? mantissa : -mantissa) * scale
    let shift = max(exponent, 1) - bias - 23
    if shift >= 0 { return product << Int128(shift) }
    // Below 2^-100 of the scale nothing is left to round.
    return shift < -100 ? 0 : product.roundedQuotient(by: 1 << Int128(-shift))
  }

  /// What is added to the exponent.
  private static let bias = 127
}
