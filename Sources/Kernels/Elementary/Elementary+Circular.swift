// Ported from fdlibm (k_sin.c, k_cos.c, e_rem_pio2.c), whose notice follows.
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
  /// The sine of an angle in radians.
  ///
  /// Error below 1 ulp, for angles of any size. NaN and infinities give NaN.
  public static func sin(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let (quarters, high, low) = reducedAngle(x)
    switch quarters & 3 {
    case 0: return sine(high, low)
    case 1: return cosine(high, low)
    case 2: return -sine(high, low)
    default: return -cosine(high, low)
    }
  }

  /// The cosine of an angle in radians.
  ///
  /// Error below 1 ulp, for angles of any size. NaN and infinities give NaN.
  public static func cos(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let (quarters, high, low) = reducedAngle(x)
    switch quarters & 3 {
    case 0: return cosine(high, low)
    case 1: return -sine(high, low)
    case 2: return -cosine(high, low)
    default: return sine(high, low)
    }
  }

  /// The sine of x + y, for x within a quarter of pi round 0 and y below its last place.
  private static func sine(_ x: Double, _ y: Double) -> Double {
    if x.magnitude < 0x1p-27 { return x }
    let z = x * x
    let v = z * x
    let inner = 0x1.71de357b1fe7dp-19 + z * (-0x1.ae5e68a2b9cebp-26 + z * 0x1.5d93a5acfd57cp-33)
    let r = 0x1.111111110f8a6p-7 + z * (-0x1.a01a019c161d5p-13 + z * inner)
    if y == 0 { return x + v * (-0x1.5555555555549p-3 + z * r) }
    return x - ((z * (0.5 * y - v * r) - y) - v * -0x1.5555555555549p-3)
  }

  /// The cosine of x + y, for x within a quarter of pi round 0 and y below its last place.
  private static func cosine(_ x: Double, _ y: Double) -> Double {
    let high = highWord(x.magnitude)
    if high < 0x3e40_0000 { return 1 }
    let z = x * x
    let inner = -0x1.27e4f809c52adp-22 + z * (0x1.1ee9ebdb4b1c4p-29 + z * -0x1.8fae9be8838d4p-37)
    let middle = -0x1.6c16c16c15177p-10 + z * (0x1.a01a019cb1590p-16 + z * inner)
    let r = z * (0x1.555555555554cp-5 + z * middle)
    if high < 0x3fd3_3333 { return 1 - (0.5 * z - (z * r - x * y)) }
    // 1 - q and z / 2 - q are exact.
    let q = high > 0x3fe9_0000 ? 0.28125 : number(highWord: high - 0x0020_0000)
    return (1 - q) - ((0.5 * z - q) - (z * r - x * y))
  }

  /// The angle less a whole number of quarter turns, in two parts, and that number modulo 2^32.
  private static func reducedAngle(_ x: Double) -> (quarters: Int32, high: Double, low: Double) {
    let magnitude = highWord(x.magnitude)
    if magnitude <= 0x3fe9_21fb { return (0, x, 0) }
    let (n, high, low) =
      magnitude <= 0x4139_21fb ? reducedByParts(x.magnitude) : reducedByBits(x.magnitude)
    return x < 0 ? (-n, -high, -low) : (n, high, low)
  }

  /// Subtracts quarter turns of 33, 66 or 99 bits and a rest, for angles to 2^19 of them.
  private static func reducedByParts(_ x: Double) -> (Int32, Double, Double) {
    let n = Int32(x * 0x1.45f306dc9c883p-1 + 0.5)
    let count = Double(n)
    let exponent = highWord(x) >> 20
    func lost(_ y: Double) -> Int32 { exponent - (highWord(y) >> 20) & 0x7ff }
    var r = x - count * 0x1.921fb54400000p+0
    var w = count * 0x1.0b4611a626331p-34
    var high = r - w
    if lost(high) > 16 {
      var t = r
      w = count * 0x1.0b4611a600000p-34
      r = t - w
      w = count * 0x1.3198a2e037073p-69 - ((t - r) - w)
      high = r - w
      if lost(high) > 49 {
        t = r
        w = count * 0x1.3198a2e000000p-69
        r = t - w
        w = count * 0x1.b839a252049c1p-104 - ((t - r) - w)
        high = r - w
      }
    }
    return (n, high, (r - high) - w)
  }
}
