/// A physical quantity: a whole number of billionths of its unit.
///
/// Range: that of a 128-bit integer, so that an energy register in joule never overflows in the
/// life of a board. A quantity has one text and one nearest `Double`, on every machine.
public struct Quantity: Hashable, Sendable, CustomStringConvertible {
  /// The amount in billionths of `unit`.
  public let nano: Int128
  /// The unit of which `nano` counts billionths.
  public let unit: Unit

  /// A quantity of `nano` billionths of a unit.
  public init(nano: Int128, unit: Unit) {
    self.nano = nano
    self.unit = unit
  }

  /// The `Double` that is nearest to the exact decimal value, in `unit`.
  public var value: Double {
    // Below 2^53 both operands are exact, so the division rounds once; above, the decimal text does.
    if nano.magnitude < 1 << 53 { return Double(Int64(nano)) / 1e9 }
    return Double(decimalText) ?? Double(nano) / 1e9
  }

  /// The exact value in decimal, without the unit and without needless zeros, for example `-0.25`.
  public var decimalText: String {
    let (whole, fraction) = nano.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    var text = nano < 0 ? "-" : ""
    text += String(whole)
    guard fraction != 0 else { return text }
    let digits = String(fraction)
    var padded = String(repeating: "0", count: 9 - digits.count) + digits
    while padded.hasSuffix("0") { padded.removeLast() }
    return text + "." + padded
  }

  /// The exact value and the unit, for example `21.5 Cel`.
  public var description: String { "\(decimalText) \(unit.code)" }
}
