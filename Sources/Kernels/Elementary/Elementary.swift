/// Elementary functions that give the same bits on every machine.
///
/// Arguments and results are pure numbers; angles are in radians. Each function uses only
/// `+ - * /` and operations on bits, each rounded as IEEE 754 says and never fused, so it gives
/// the same bits everywhere; the error is below one unit in the last place. The functions of a C
/// library differ from each other in the last bit.
///
/// Nothing traps: NaN gives NaN, and special values give what ISO C 2011, annex F says.
///
/// Source: the algorithms of fdlibm 5.3 (Sun Microsystems 1993), as the systems of the BSD family
/// use them; the reduction of large angles is that of M. H. Payne and R. N. Hanek, "Radian
/// reduction for trigonometric functions", SIGNUM Newsletter 18 (1983), with whole numbers.
public enum Elementary {
  /// The upper half of a number's bits: sign, exponent and 20 bits of the significand.
  static func highWord(_ x: Double) -> Int32 {
    Int32(truncatingIfNeeded: Int64(bitPattern: x.bitPattern) >> 32)
  }

  /// The lower half of a number's bits.
  static func lowWord(_ x: Double) -> UInt32 {
    UInt32(truncatingIfNeeded: x.bitPattern)
  }

  /// The number of these upper bits, with the lower bits of another.
  static func number(highWord: Int32, lowWord: UInt32 = 0) -> Double {
    Double(bitPattern: UInt64(UInt32(bitPattern: highWord)) << 32 | UInt64(lowWord))
  }

  /// The number with its lower half of bits cleared.
  static func leading(_ x: Double) -> Double {
    Double(bitPattern: x.bitPattern & 0xFFFF_FFFF_0000_0000)
  }

  /// A number times 2 to a power from -2044 to 2046, rounded once.
  ///
  /// The factors are powers of two, so only the last product can round.
  static func scaled(_ x: Double, by power: Int32) -> Double {
    if power > 1023 { return x * 0x1p1023 * powerOfTwo(power - 1023) }
    if power >= -1022 { return x * powerOfTwo(power) }
    // A first factor that leaves a normal number normal.
    return x * powerOfTwo(power + 1022) * 0x1p-1022
  }

  private static func powerOfTwo(_ power: Int32) -> Double {
    Double(bitPattern: UInt64(1023 + power) << 52)
  }
}
