extension Int128 {
  /// The nearest whole quotient, halves away from zero; the divisor must be positive.
  func roundedQuotient(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    // Not `2 * remainder`, which could overflow.
    guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
    return self < 0 ? quotient - 1 : quotient + 1
  }

  /// The nearest multiple of `step`, halves away from zero; the step must be positive.
  func rounded(toMultipleOf step: Int128) -> Int128 {
    roundedQuotient(by: step) * step
  }
}
