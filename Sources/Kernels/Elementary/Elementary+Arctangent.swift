// Ported from fdlibm (s_atan.c, e_atan2.c), whose notice follows.
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
  /// The angle in radians whose tangent is given, from -pi/2 to pi/2.
  ///
  /// Error below 1 ulp. Infinities give the ends of the range, NaN gives NaN.
  public static func atan(_ x: Double) -> Double {
    if x.isNaN { return x }
    let high = highWord(x.magnitude)
    if high >= 0x4410_0000 {
      let quarter = 0x1.921fb54442d18p+0 + 0x1.1a62633145c07p-54
      return x < 0 ? -quarter : quarter
    }
    if high < 0x3fdc_0000 {
      if high < 0x3e20_0000 { return x }
      return x - x * arctangentTail(x * x)
    }
    let y = x.magnitude
    let angle: Double
    if high < 0x3fe6_0000 {
      angle = sum(
        (2 * y - 1) / (2 + y), high: 0x1.dac670561bb4fp-2, low: 0x1.a2b7f222f65e2p-56)
    } else if high < 0x3ff3_0000 {
      angle = sum((y - 1) / (y + 1), high: 0x1.921fb54442d18p-1, low: 0x1.1a62633145c07p-55)
    } else if high < 0x4003_8000 {
      angle = sum(
        (y - 1.5) / (1 + 1.5 * y), high: 0x1.f730bd281f69bp-1, low: 0x1.007887af0cbbdp-56)
    } else {
      angle = sum(-1 / y, high: 0x1.921fb54442d18p+0, low: 0x1.1a62633145c07p-54)
    }
    return x < 0 ? -angle : angle
  }

  /// The direction in radians of the point (x, y), from -pi to pi, counted from the x axis.
  ///
  /// Error below 1 ulp. The signs of zeros count; `atan2(0, 0)` is 0; NaN gives NaN.
  public static func atan2(_ y: Double, _ x: Double) -> Double {
    if x.isNaN || y.isNaN { return .nan }
    let isLeft = x.sign == .minus
    let magnitude = rightAngle(y.magnitude, x.magnitude, isLeft: isLeft)
    // The last bits of pi matter where the quotient is taken from a half turn.
    let piLow = 0x1.1a62633145c07p-53
    let angle = isLeft ? 0x1.921fb54442d18p+1 - (magnitude - piLow) : magnitude
    return y.sign == .minus ? -angle : angle
  }

  /// The angle between the nearer end of the x axis and a point of a quadrant.
  private static func rightAngle(_ y: Double, _ x: Double, isLeft: Bool) -> Double {
    let half = 0x1.921fb54442d18p+0
    if y == 0 { return 0 }
    if x == 0 { return half }
    if x.isInfinite { return y.isInfinite ? 0x1.921fb54442d18p-1 : 0 }
    if y.isInfinite { return half }
    let difference = (highWord(y) - highWord(x)) >> 20
    if difference > 60 { return half }
    if isLeft && difference < -60 { return 0 }
    return atan(y / x)
  }

  private static func sum(_ x: Double, high: Double, low: Double) -> Double {
    high - ((x * arctangentTail(x * x) - low) - x)
  }

  /// 1 - atan(x) / x for x squared.
  private static func arctangentTail(_ z: Double) -> Double {
    let w = z * z
    var odd = 0x1.97b4b24760debp-5 + w * 0x1.0ad3ae322da11p-6
    odd = 0x1.10d66a0d03d51p-4 + w * odd
    odd = 0x1.745cdc54c206ep-4 + w * odd
    odd = 0x1.24924920083ffp-3 + w * odd
    odd = z * (0x1.555555555550dp-2 + w * odd)
    var even = -0x1.dde2d52defd9ap-5 + w * -0x1.2b4442c6a6c2fp-5
    even = -0x1.3b0f2af749a6dp-4 + w * even
    even = -0x1.c71c6fe231671p-4 + w * even
    even = w * (-0x1.999999998ebc4p-3 + w * even)
    return odd + even
  }
}
