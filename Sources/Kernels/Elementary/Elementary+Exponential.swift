// Ported from fdlibm (e_exp.c, e_log.c), whose notice follows.
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
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The exponential function.
  ///
  /// Error below 1 ulp. Above 709.782712893384 the result is infinity, below -745.133219101941 it
  /// is 0; NaN gives NaN.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 0x1.62e42fefa39efp+9 { return .infinity }
    if x < -0x1.74910d52d3051p+9 { return 0 }
    let magnitude = highWord(x.magnitude)
    // Below 2^-28 the result rounds to 1 + x.
    if magnitude < 0x3e30_0000 { return 1 + x }
    // x = k ln 2 + r, with r = high - low at most ln 2 / 2.
    var k: Int32 = 0
    var high = x
    var low = 0.0
    if magnitude > 0x3fd6_2e42 {
      if magnitude < 0x3ff0_a2b2 {
        k = x < 0 ? -1 : 1
      } else {
        k = Int32(0x1.71547652b82fep+0 * x + (x < 0 ? -0.5 : 0.5))
      }
      high = x - Double(k) * ln2High
      low = Double(k) * ln2Low
    }
    let r = high - low
    let c = r - exponentialTail(r * r)
    if k == 0 { return 1 - ((r * c) / (c - 2) - r) }
    return scaled(1 - ((low - (r * c) / (2 - c)) - high), by: k)
  }

  /// What r (e^r + 1) / (e^r - 1) is over 2, for r squared; also the end of `pow`.
  static func exponentialTail(_ square: Double) -> Double {
    let p1 = 0x1.555555555553ep-3
    let p2 = -0x1.6c16c16bebd93p-9
    let p3 = 0x1.1566aaf25de2cp-14
    let p4 = -0x1.bbd41c5d26bf1p-20
    let p5 = 0x1.6376972bea4d0p-25
    let inner = p3 + square * (p4 + square * p5)
    return square * (p1 + square * (p2 + square * inner))
  }

  /// The natural logarithm.
  ///
  /// Error below 1 ulp. 0 gives -infinity, a number below it NaN, NaN gives NaN.
  public static func log(_ argument: Double) -> Double {
    if argument.isNaN || argument < 0 { return .nan }
    if argument == 0 { return -.infinity }
    if argument == .infinity { return argument }
    var k: Int32 = 0
    var x = argument
    if x < 0x1p-1022 {
      k = -54
      x *= 0x1p54
    }
    // x = 2^k (1 + f), with 1 + f between the square roots of 1/2 and 2.
    let high = highWord(x)
    let fraction = high & 0x000f_ffff
    let carry = (fraction + 0x95f64) & 0x10_0000
    k += (high >> 20) - 1023 + (carry >> 20)
    let f = number(highWord: fraction | (carry ^ 0x3ff0_0000), lowWord: lowWord(x)) - 1
    let power = Double(k)
    if 0x000f_ffff & (2 + fraction) < 3 {
      let r = f * f * (0.5 - 0x1.5555555555555p-2 * f)
      if k == 0 { return f - r }
      return power * ln2High - ((r - power * ln2Low) - f)
    }
    let s = f / (2 + f)
    let r = logarithmTail(s * s)
    if (fraction - 0x6147a) | (0x6b851 - fraction) > 0 {
      let half = 0.5 * f * f
      if k == 0 { return f - (half - s * (half + r)) }
      return power * ln2High - ((half - (s * (half + r) + power * ln2Low)) - f)
    }
    if k == 0 { return f - s * (f - r) }
    return power * ln2High - ((s * (f - r) - power * ln2Low) - f)
  }

  /// (log(1 + s) - log(1 - s) - 2 s) / s, for s squared.
  private static func logarithmTail(_ z: Double) -> Double {
    let w = z * z
    let even = 0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3)
    let inner = 0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3
    let odd = 0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 + w * inner)
    return z * odd + w * even
  }
}
