/// A band pass for unevenly spaced samples: a Butterworth high pass and low pass of fourth order.
///
/// Each is two sections of second order, integrated by the trapezoidal rule, which is the bilinear
/// transform; their corners are warped so that the loss at the band's two ends is 1.1 % at any rate
/// that shows the upper one. A section's states mean the same at every step, so steps may differ.
/// Source: V. Zavalishin, "The Art of VA Filter Design", chapter 4.
struct BandPass: Hashable, Sendable {
  private let low: Double
  private let high: Double
  private var step: Int64 = 0
  private var lowGains: (Gains, Gains)
  private var highGains: (Gains, Gains)
  private var states: (State, State, State, State)
  /// The end of the band over the corner, or the reverse: (1 + 0.62^8)^-1/2 is 0.989.
  private static let margin = 0.62
  /// What damps the two sections of a Butterworth filter: 2 cos(pi/8) and 2 cos(3 pi/8).
  private static let damping = (1.8477590650225735, 0.76536686473017954)

  /// A band in hertz.
  init(from low: Double, to high: Double) {
    self.low = low
    self.high = high
    lowGains = (Gains(0, 1), Gains(0, 1))
    highGains = lowGains
    states = (State(), State(), State(), State())
  }

  /// Begins with a value as if it had always been there.
  mutating func begin(_ value: Double) {
    states = (State(slow: value), State(), State(), State())
  }

  /// Takes a value some nanoseconds after the last one; gives what of it is in the band.
  ///
  /// The step is below half a period of the band's upper end.
  mutating func accept(_ value: Double, step: Int64) -> Double {
    if step != self.step {
      self.step = step
      let turn = Double.pi * Double(step) / 1e9
      let from = Self.tangent(turn * low) * Self.margin
      let to = Self.tangent(turn * high) / Self.margin
      lowGains = (Gains(from, Self.damping.0), Gains(from, Self.damping.1))
      highGains = (Gains(to, Self.damping.0), Gains(to, Self.damping.1))
    }
    let first = states.0.accept(value, lowGains.0).high
    let second = states.1.accept(first, lowGains.1).high
    let third = states.2.accept(second, highGains.0).low
    return states.3.accept(third, highGains.1).low
  }

  private static func tangent(_ angle: Double) -> Double {
    Elementary.sin(angle) / Elementary.cos(angle)
  }

  private struct Gains: Hashable, Sendable {
    let damping: Double
    let band: Double
    let low: Double
    let gain: Double

    init(_ gain: Double, _ damping: Double) {
      self.gain = gain
      self.damping = damping
      band = 1 / (1 + gain * (gain + damping))
      low = gain * band
    }
  }

  private struct State: Hashable, Sendable {
    var fast = 0.0
    var slow = 0.0

    mutating func accept(_ value: Double, _ gains: Gains) -> (low: Double, high: Double) {
      let rest = value - slow
      let band = gains.band * fast + gains.low * rest
      let low = slow + gains.gain * band
      fast = 2 * band - fast
      slow = 2 * low - slow
      return (low, value - gains.damping * band - low)
    }
  }

  static func == (left: BandPass, right: BandPass) -> Bool {
    left.low == right.low && left.high == right.high && left.step == right.step
      && left.states == right.states
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(low)
    hasher.combine(high)
    hasher.combine(states.0)
  }
}
