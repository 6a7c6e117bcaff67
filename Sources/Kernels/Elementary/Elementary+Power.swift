// Ported from fdlibm (e_pow.c), whose notice follows.
//
// ====================================================
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
//
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this
// software is freely granted, provided that this notice
// is preserved.
// ====================================================

extension Elementary {
  /// A number raised to a power.
  ///
  /// Error below 1 ulp. What ISO C says of special values holds: `pow(x, 0)` and `pow(1, y)` are 1
  /// even for NaN, a number below 0 to a power that is not whole is NaN.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    if let special = simplePower(x, y) { return special }
    let isNegative = x < 0
    if isNegative && !isWhole(y) { return .nan }
    let sign: Double = isNegative && isOdd(y) ? -1 : 1
    let base = x.magnitude
    let high = highWord(base)
    let logarithm: (high: Double, low: Double)
    if highWord(y.magnitude) > 0x41e0_0000 {
      // Beyond 2^31 only bases next to 1 stay in range.
      if high < 0x3fef_ffff { return sign * (y < 0 ? .infinity : 0) }
      if high > 0x3ff0_0000 { return sign * (y > 0 ? .infinity : 0) }
      logarithm = binaryLogarithm(nearOne: base)
    } else {
      logarithm = binaryLogarithm(base)
    }
    // y log2 x, in two parts.
    let yHigh = leading(y)
    let low = (y - yHigh) * logarithm.high + y * logarithm.low
    let product = yHigh * logarithm.high
    let exponent = low + product
    if exponent >= 1024 {
      if exponent > 1024 || low + 0x1.71547652b82fep-54 > exponent - product {
        return sign * .infinity
      }
    } else if exponent <= -1075 {
      if exponent < -1075 || low <= exponent - product { return sign * 0 }
    }
    return sign * exponentialOfTwo(product, low, sum: exponent)
  }

  /// Powers of numbers, not NaN, that need no logarithm; nil for the others.
  private static func simplePower(_ x: Double, _ y: Double) -> Double? {
    if y.isInfinite {
      if x == -1 { return 1 }
      return (x.magnitude > 1) == (y > 0) ? .infinity : 0
    }
    if y == 1 { return x }
    if y == -1 { return 1 / x }
    if y == 2 { return x * x }
    if y == 0.5 && x >= 0 { return x.magnitude.squareRoot() }
    guard x == 0 || x.isInfinite || x == -1 else { return nil }
    if x == -1 { return isWhole(y) ? (isOdd(y) ? -1 : 1) : .nan }
    let magnitude = y < 0 ? 1 / x.magnitude : x.magnitude
    return x.sign == .minus && isOdd(y) ? -magnitude : magnitude
  }

  private static func isWhole(_ y: Double) -> Bool {
    y.magnitude >= 0x1p52 || y == Double(Int64(y))
  }

  private static func isOdd(_ y: Double) -> Bool {
    guard y.magnitude < 0x1p53, isWhole(y) else { return false }
    return Int64(y) & 1 == 1
  }

  /// The logarithm to base 2 in two parts, for a number within 2^-20 of 1.
  private static func binaryLogarithm(nearOne x: Double) -> (high: Double, low: Double) {
    let t = x - 1
    let w = (t * t) * (0.5 - t * (0x1.5555555555555p-2 - t * 0.25))
    let u = 0x1.7154760000000p+0 * t
    let v = t * 0x1.4ae0bf85ddf44p-26 - w * 0x1.71547652b82fep+0
    let high = leading(u + v)
    return (high, v - (high - u))
  }

  /// The logarithm to base 2 in two parts, for a finite number above 0.
  private static func binaryLogarithm(_ argument: Double) -> (high: Double, low: Double) {
    var x = argument
    var n: Int32 = 0
    if x < 0x1p-1022 {
      x *= 0x1p53
      n = -53
    }
    n += (highWord(x) >> 20) - 0x3ff
    let fraction = highWord(x) & 0x000f_ffff
    var high = fraction | 0x3ff0_0000
    // The interval round 1 or round 3/2 that x, over a power of two, falls in.
    var isUpper = false
    if fraction > 0x3988e {
      if fraction < 0xbb67a {
        isUpper = true
      } else {
        n += 1
        high -= 0x0010_0000
      }
    }
    let center = isUpper ? 1.5 : 1.0
    x = number(highWord: high, lowWord: lowWord(x))
    // s = (x - center) / (x + center), in two parts.
    let u = x - center
    let v = 1 / (x + center)
    let s = u * v
    let sHigh = leading(s)
    let sumHigh = number(
      highWord: ((high >> 1) | 0x2000_0000) + 0x0008_0000 + (isUpper ? 1 << 18 : 0))
    let sumLow = x - (sumHigh - center)
    let sLow = v * ((u - sHigh * sumHigh) - sHigh * sumLow)
    return binaryLogarithm(
      s: s, sHigh: sHigh, sLow: sLow, base: Double(n),
      centerHigh: isUpper ? 0x1.2b80340000000p-1 : 0,
      centerLow: isUpper ? 0x1.cfdeb43cfd006p-27 : 0)
  }

  /// The sum of a whole power, the logarithm of the center and that of (1 + s) / (1 - s).
  private static func binaryLogarithm(
    s: Double, sHigh: Double, sLow: Double, base: Double, centerHigh: Double, centerLow: Double
  ) -> (high: Double, low: Double) {
    let square = s * s
    let inner =
      0x1.17460a91d4101p-2 + square * (0x1.d864a93c9db65p-3 + square * 0x1.a7e284a454eefp-3)
    let middle = 0x1.b6db6db6fabffp-2 + square * (0x1.55555518f264dp-2 + square * inner)
    var r = square * square * (0x1.3333333333303p-1 + square * middle)
    r += sLow * (sHigh + s)
    let squareHigh = sHigh * sHigh
    let tHigh = leading(3 + squareHigh + r)
    let tLow = r - ((tHigh - 3) - squareHigh)
    let u = sHigh * tHigh
    let v = sLow * tHigh + tLow * s
    // Times 2 / (3 ln 2).
    let pHigh = leading(u + v)
    let pLow = v - (pHigh - u)
    let zHigh = 0x1.ec709e0000000p-1 * pHigh
    let zLow = -0x1.e2fe0145b01f5p-28 * pHigh + pLow * 0x1.ec709dc3a03fdp-1 + centerLow
    let high = leading(((zHigh + zLow) + centerHigh) + base)
    return (high, zLow - (((high - base) - centerHigh) - zHigh))
  }

  /// 2 to the power of high + low, which is from -1075 to 1024.
  private static func exponentialOfTwo(_ high: Double, _ low: Double, sum: Double) -> Double {
    var n: Int32 = 0
    var rest = high
    if highWord(sum.magnitude) > 0x3fe0_0000 {
      // The whole number next to the sum, halves away from 0.
      n = Int32(sum + (sum < 0 ? -0.5 : 0.5))
      rest -= Double(n)
    }
    let t = leading(low + rest)
    let u = t * 0x1.62e4300000000p-1
    let v = (low - (t - rest)) * 0x1.62e42fefa39efp-1 + t * -0x1.05c610ca86c39p-29
    let z = u + v
    let w = v - (z - u)
    let c = z - exponentialTail(z * z)
    let r = (z * c) / (c - 2) - (w + z * w)
    return scaled(1 - (r - z), by: n)
  }
}
