/// Integrates power to energy, import and export apart.
///
/// Between two samples the power is a straight line, so its integral is a trapezoid, parted where
/// it crosses zero: each register only grows. Samples farther apart than `maximumGap` add nothing
/// but the time without knowledge, `uncovered`. NaN, infinities and samples that are not later than
/// the last one are passed over and counted; one more than `maximumGap` before the last one means
/// that the clock was set, and begins anew from there.
public struct EnergyRegister: Hashable, Sendable {
  /// Samples farther apart than this, in nanoseconds, are not joined.
  public let maximumGap: Int64
  /// How many samples were passed over.
  public private(set) var passedOver: UInt64 = 0
  /// The nanoseconds between samples that were too far apart.
  public private(set) var uncovered: Int64 = 0
  private var last: Sample?
  private var into = CompensatedSum()
  private var out = CompensatedSum()

  /// Registers at zero; nil for a gap that is not over 0.
  public init?(maximumGap: Int64 = 60_000_000_000) {
    guard maximumGap > 0 else { return nil }
    self.maximumGap = maximumGap
  }

  /// The energy taken in (power over 0), in watt hours of a power in watts.
  public var imported: Double { into.total / 3600 }
  /// The energy given out (power under 0), in watt hours, as a positive number.
  public var exported: Double { out.total / 3600 }
  /// The imported minus the exported energy, in watt hours.
  public var net: Double { imported - exported }

  /// Takes a power in watts, positive where energy is taken in.
  public mutating func accept(_ power: Sample) {
    guard power.value.magnitude < 1e150 else {
      passedOver &+= 1
      return
    }
    guard let before = last else {
      last = power
      return
    }
    let step = GridTime.span(from: before.nanoseconds, to: power.nanoseconds)
    guard step > 0 || step < -maximumGap else {
      passedOver &+= 1
      return
    }
    last = power
    guard step > 0 else { return }
    guard step <= maximumGap else {
      uncovered = GridTime.time(uncovered, plus: step)
      return
    }
    add(before.value, power.value, seconds: Double(step) / 1e9)
  }

  private mutating func add(_ from: Double, _ to: Double, seconds: Double) {
    if (from < 0) == (to < 0) || from == 0 || to == 0 {
      let joules = (from + to) / 2 * seconds
      if joules < 0 { out.add(-joules) } else { into.add(joules) }
      return
    }
    let split = seconds * (from / (from - to))
    let (first, second) = (from / 2 * split, to / 2 * (seconds - split))
    into.add(max(first, second))
    out.add(-min(first, second))
  }
}

/// A sum that keeps what rounding drops (Kahan 1965), for small terms on a large total.
struct CompensatedSum: Hashable, Sendable {
  private(set) var total = 0.0
  private var lost = 0.0

  mutating func add(_ term: Double) {
    let corrected = term - lost
    let sum = total + corrected
    lost = (sum - total) - corrected
    total = sum
  }
}
