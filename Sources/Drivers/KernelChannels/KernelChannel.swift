import Quantities

/// A kind of measurement that the kernel has a name and a unit for, and the channel that it becomes.
struct KernelChannel: Sendable {
  /// The channel's name, which is the key of the board file too.
  let name: String
  /// The kernel's word, with which the names of its attributes begin, for example `temp`.
  let type: String
  /// The words that may stand behind the type in a stem; nil for any.
  ///
  /// A word may change what is measured: a reactive power is no power in watt.
  var modifiers: Set<String>?
  /// The channel's unit.
  let unit: Unit
  /// The kernel's unit, in words.
  let kernelUnit: String
  /// What one of the kernel's unit is in the channel's unit: `numerator` / `denominator`.
  var numerator: Int128 = 1
  /// The divisor of `numerator`.
  var denominator: Int128 = 1
  /// A stem, to show in help and errors.
  let example: String

  /// (value + offset) x scale in billionths of the channel's unit, or nil where it cannot be kept.
  ///
  /// All three are billionths; the result is rounded to the nearest, halves away from zero.
  func nano(value: Int128, offset: Int128, scale: Int128) -> Int128? {
    let (sum, sumOverflow) = value.addingReportingOverflow(offset)
    let (product, productOverflow) = sum.multipliedReportingOverflow(by: scale)
    let (scaled, scaledOverflow) = product.multipliedReportingOverflow(by: numerator)
    guard !sumOverflow, !productOverflow, !scaledOverflow else { return nil }
    return scaled.roundedQuotient(by: 1_000_000_000 * denominator)
  }
}
