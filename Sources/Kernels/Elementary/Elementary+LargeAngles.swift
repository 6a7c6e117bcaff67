extension Elementary {
  /// The bits of 2/pi after the point, behind 64 zeros.
  private static let twoOverPi: [UInt64] = [
    0, 0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561, 0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484, 0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b, 0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab, 0xf0cf_bc20_9af4_361d,
  ]

  /// The angle less a whole number of quarter turns, for a finite number of at least 2^19.
  ///
  /// The significand is multiplied with those 192 bits of 2/pi that make the last two bits of the
  /// number of quarter turns and the fraction; the bits before them make whole turns.
  static func reducedByBits(_ x: Double) -> (Int32, Double, Double) {
    let significand = x.significandBitPattern | 1 << 52
    let (index, shift) = (Int(x.exponent) + 10).quotientAndRemainder(dividingBy: 64)
    func bits(_ offset: Int) -> UInt64 {
      let first = twoOverPi[index + offset] << UInt64(shift)
      return shift == 0 ? first : first | twoOverPi[index + offset + 1] >> UInt64(64 - shift)
    }
    // The product modulo 2^192: two bits of quarter turns, then 190 of the fraction.
    let low = significand.multipliedFullWidth(by: bits(2))
    let middle = significand.multipliedFullWidth(by: bits(1))
    let (second, carry) = middle.low.addingReportingOverflow(low.high)
    let first = significand &* bits(0) &+ middle.high &+ (carry ? 1 : 0)
    var quarters = Int32(truncatingIfNeeded: first >> 62)
    var fraction = (
      first << 2 | second >> 62, second << 2 | low.low >> 62, low.low << 2
    )
    let isUpper = fraction.0 >> 63 == 1
    if isUpper {
      quarters += 1
      let zero = (fraction.2 == 0, fraction.1 == 0)
      fraction.2 = 0 &- fraction.2
      fraction.1 = ~fraction.1 &+ (zero.0 ? 1 : 0)
      fraction.0 = ~fraction.0 &+ (zero.0 && zero.1 ? 1 : 0)
    }
    let (high, rest) = quarterTurn(of: fraction)
    return isUpper ? (quarters, -high, -rest) : (quarters, high, rest)
  }

  /// A fraction of 192 bits times pi/2, in two parts.
  private static func quarterTurn(of bits: (UInt64, UInt64, UInt64)) -> (Double, Double) {
    // No double comes nearer to a whole number of quarter turns than 2^-62, so that two words
    // after the leading zeros hold more than two significands.
    var (first, second, third) = bits
    var power: Int32 = 0
    if first == 0 {
      (first, second, third) = (second, third, 0)
      power = -64
    }
    let zeros = first.leadingZeroBitCount
    if zeros > 0 && zeros < 64 {
      first = first << UInt64(zeros) | second >> UInt64(64 - zeros)
      second = second << UInt64(zeros) | third >> UInt64(64 - zeros)
    }
    power -= Int32(truncatingIfNeeded: zeros)
    // Three exact parts of 26, 27 and 53 bits.
    let head = Double(first >> 38)
    let middle = Double(first >> 11 & 0x7ff_ffff)
    let tail = Double((first << 42 | second >> 22) & 0x1f_ffff_ffff_ffff)
    // pi/2 in parts of 26, 27 and 53 bits, so that the leading products are exact.
    let unit = scaled(1, by: power - 26)
    let (a, b) = (head * unit, middle * unit * 0x1p-27)
    let c = tail * unit * 0x1p-80
    let (u, v, w) = (0x1.921fb50000000p+0, 0x1.110b460000000p-26, 0x1.1a62633145c07p-54)
    let product = (a + b) * 0x1.921fb54442d18p+0
    let error = ((a * u - product) + a * v + b * u) + b * v
    let rest = error + ((a + b) * w + c * 0x1.921fb54442d18p+0)
    let high = product + rest
    return (high, rest - (high - product))
  }
}
