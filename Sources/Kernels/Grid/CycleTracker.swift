/// Finds the zero crossings of the fundamental in evenly spaced samples.
///
/// About each expected crossing the samples are correlated with sine and cosine under a Hann
/// window of two cycles, which has zeros at direct current and at every harmonic; the phase that
/// comes out moves the crossing. The window lies evenly about the crossing, so a drifting frequency
/// does not shift it, and the crossing is known one cycle later. While the amplitude changes the
/// window is lopsided, and without voltage there is no phase: then crossings follow at the last
/// known distance, so that RMS values go on.
struct CycleTracker: Hashable, Sendable {
  /// A zero crossing of the fundamental.
  struct Crossing: Hashable, Sendable {
    /// Its place among the samples.
    let position: Double
    /// Whether the fundamental rises through zero.
    let isRising: Bool
    /// Whether the voltage is there, so that cycles can be counted.
    let isTracked: Bool
    /// Whether it was measured on an undisturbed voltage and found where it was expected.
    let isSettled: Bool
  }

  private(set) var ring: SampleRing
  /// Samples in a cycle, as last seen.
  private(set) var period: Double
  private let nominal: Double
  private let presence: Double
  private var last: Crossing?
  private var beforeLast: Crossing?
  private var amplitude = 0.0
  private var held = 0
  /// How many crossings in a row go by expectation while the amplitude changes.
  private static let longestHold = 8

  /// A number of samples in a nominal cycle and the peak of the nominal voltage.
  init(samplesPerCycle: Double, peak: Double) {
    nominal = samplesPerCycle
    period = samplesPerCycle
    presence = peak
    ring = SampleRing(capacity: Int(samplesPerCycle * 10) + 16)
  }

  mutating func append(_ value: Double) { ring.append(value) }

  mutating func restart() {
    ring.removeAll()
    period = nominal
    last = nil
    beforeLast = nil
    held = 0
  }

  /// The next crossing whose window is full; nil until then.
  ///
  /// At the end of the samples (`isFinal`) those still expected within them are given, too.
  mutating func next(isFinal: Bool) -> Crossing? {
    guard let last else { return begin() }
    let expected = last.position + period / 2
    var crossing = Crossing(
      position: expected, isRising: !last.isRising, isTracked: last.isTracked,
      isSettled: last.isSettled)
    if expected - period >= 0 {
      if expected + period + 2 <= Double(ring.newest) {
        crossing = find(expected, isRising: !last.isRising)
      } else if !isFinal || expected > Double(ring.newest) + 0.5 {
        // A sample stands for the half period behind it, too.
        return nil
      }
    }
    if let beforeLast, crossing.isSettled, last.isSettled, beforeLast.isSettled {
      follow(crossing.position - beforeLast.position)
    }
    beforeLast = last
    self.last = crossing
    return crossing
  }

  private mutating func follow(_ length: Double) {
    period += (length - period) / 2
    period = min(max(period, nominal * 0.75), nominal * 1.3)
  }

  /// Finds the first crossing from the first cycles, back to the first sample.
  private mutating func begin() -> Crossing? {
    guard Double(ring.newest) >= 5 * nominal else { return nil }
    period = nominal
    var found = phase(about: 1.5 * nominal)
    guard found.amplitude >= 0.05 * presence else {
      let crossing = Crossing(position: 0, isRising: true, isTracked: false, isSettled: false)
      last = crossing
      return crossing
    }
    var first = 1.5 * nominal - found.angle * period / (2 * Double.pi)
    for _ in 0..<5 {
      if first < 1.2 * nominal { first += period }
      let second = first + period
      found = phase(about: second)
      let other = second - found.angle * period / (2 * Double.pi)
      found = phase(about: first)
      first -= found.angle * period / (2 * Double.pi)
      period = min(max(other - first, nominal * 0.75), nominal * 1.3)
    }
    // A crossing right at the first sample may come out a little before it.
    let cycles = (first / period + 0.003).rounded(.down)
    let crossing = Crossing(
      position: first - cycles * period, isRising: true, isTracked: true, isSettled: true)
    amplitude = found.amplitude
    last = crossing
    return crossing
  }

  private mutating func find(_ expected: Double, isRising: Bool) -> Crossing {
    var found = phase(about: expected)
    let change = (found.amplitude - amplitude).magnitude
    amplitude = found.amplitude
    let isTracked = found.amplitude >= 0.1 * presence
    let isEven = change <= 0.005 * found.amplitude
    held = isEven ? 0 : min(held + 1, Self.longestHold)
    // A voltage that never comes to rest is followed in the end, or the phase would be lost.
    guard found.amplitude >= 0.01 * presence, isEven || held == Self.longestHold else {
      return Crossing(
        position: expected, isRising: isRising, isTracked: isTracked, isSettled: false)
    }
    let turn = period / (2 * Double.pi)
    var angle = isRising ? found.angle : Self.opposite(found.angle)
    let isNear = angle.magnitude <= 0.2
    // A jump of the phase is followed step by step, so that half cycles stay half cycles.
    angle = min(max(angle, -0.7), 0.7)
    var position = expected - angle * turn
    if isNear, angle.magnitude > 0.01, position + period + 2 <= Double(ring.newest) {
      // Once more about the better place: far from the middle the window is lopsided.
      found = phase(about: position)
      angle = isRising ? found.angle : Self.opposite(found.angle)
      position -= min(max(angle, -0.2), 0.2) * turn
    }
    return Crossing(
      position: position, isRising: isRising, isTracked: isTracked,
      isSettled: isTracked && isNear && isEven)
  }

  private static func opposite(_ angle: Double) -> Double {
    angle > 0 ? angle - Double.pi : angle + Double.pi
  }

  /// Angle and peak of the fundamental at a position, from two cycles about it.
  private func phase(about position: Double) -> (angle: Double, amplitude: Double) {
    let first = (position - period).rounded(.up)
    let count = Int(2 * period)
    // Both functions come from the half angle: cos 2a = 2 cos^2 a - 1, Hann's window 1 + cos a.
    let step = Double.pi / period
    let (stepCos, stepSin) = (Elementary.cos(step), Elementary.sin(step))
    var c = Elementary.cos((first - position) * step)
    var s = Elementary.sin((first - position) * step)
    var (sine, cosine, weights) = (0.0, 0.0, 0.0)
    var index = Int(first)
    for _ in 0..<count {
      let weight = 1 + c
      let weighted = weight * ring[index]
      sine += weighted * (2 * c * s)
      cosine += weighted * (2 * c * c - 1)
      weights += weight
      (c, s) = (c * stepCos - s * stepSin, s * stepCos + c * stepSin)
      index += 1
    }
    let amplitude = 2 * (sine * sine + cosine * cosine).squareRoot() / weights
    return (Elementary.atan2(cosine, sine), amplitude)
  }
}
