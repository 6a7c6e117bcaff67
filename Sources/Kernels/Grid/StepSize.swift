/// The step of a converter, as its values show it.
///
/// It is the smallest difference of neighbours, where all values since are whole multiples of it.
struct StepSize: Hashable, Sendable {
  private var smallest = Double.infinity
  private var isOff = false
  private var last: Double?

  mutating func accept(_ value: Double) {
    if let last {
      let difference = (value - last).magnitude
      // Rounding of decimals moves steps by less than a thousandth.
      if difference > 0, difference < 0.999 * smallest { (smallest, isOff) = (difference, false) }
    }
    last = value
    let steps = value / smallest
    if (steps - steps.rounded()).magnitude > 0.02 { isOff = true }
  }

  /// The step; 0 where values are no multiples of one.
  var value: Double { isOff || !smallest.isFinite ? 0 : smallest }
}
