extension Int128 {
  /// The nearest whole quotient, halves away from zero; the divisor must be positive.
  func roundedQuotient(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    // Not `2 * remainder`, which could overflow.
    guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
    return self < 0 ? quotient - 1 : quotient + 1
  }

  /// The whole part of the square root; the number must not be negative.
  var wholeRoot: Int128 {
    guard self > 1 else { return self }
    // Newton's steps fall from above until they are there.
    var root = Int128(1) << ((Int128.bitWidth - leadingZeroBitCount + 1) / 2)
    while true {
      let next = (root + self / root) / 2
      guard next < root else { return root }
      root = next
    }
  }
}
