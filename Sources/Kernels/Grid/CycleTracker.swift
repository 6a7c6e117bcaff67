/// Finds the zero crossings of the fundamental in evenly spaced samples.
///
/// About each expected crossing the samples are correlated with sine and cosine under a Hann
/// window of two cycles, which has zeros at direct current and at every harmonic; the phase that
/// comes out moves the crossing. The window lies evenly about the crossing, so a drifting frequency
/// does not shift it, and the crossing is known one cycle later. While the amplitude changes the
/// window is lopsided, and without voltage there is no phase: then crossings follow at the last
/// known distance, so that RMS values go on.
///
/// A phase that jumped is followed by at most 0.7 radians a half cycle, so that half cycles stay
/// half cycles. Where crossings come evenly but not where they are expected, it is the period that
/// is wrong: it is taken from them, and looked for from the nominal one after seven such steps.
/// Where crossings keep coming off their places while the voltage is there, its frequency is out of
/// reach, 0.75 to 1.3 of the nominal period: then the lock is lost, until eight of them come well.
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
    /// Whether it was found far from where it was expected, so that cycles cannot be counted over it.
    var hasJumped = false
    /// Whether it follows from others, as the first and the last of the samples do.
    var isExpected = false
    /// Whether the frequency is in reach, so that a half cycle is one.
    var isLocked = true
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
  /// Crossings in a row that came evenly, and those that were moved as far as is allowed.
  private var evenRun = 0
  private var farRun = 0
  private var lastLength = 0.0
  /// Crossings off their places, less those in place; and those in place since the lock was lost.
  private var strays = 0
  private var finds = 0
  private var isLocked = true
  private static let mostStrays = 40
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
    (evenRun, farRun, lastLength) = (0, 0, 0)
    (strays, finds, isLocked) = (0, 0, true)
  }

  /// The next crossing whose window is full; nil until then.
  ///
  /// At the end of the samples (`isFinal`) those still expected within them are given, too.
  mutating func next(isFinal: Bool) -> Crossing? {
    guard let last else { return begin() }
    let expected = last.position + period / 2
    var crossing = Crossing(
      position: expected, isRising: !last.isRising, isTracked: last.isTracked,
      isSettled: last.isSettled, isExpected: true, isLocked: isLocked)
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
    var level = found.amplitude
    for _ in 0..<5 {
      if first < 1.2 * nominal { first += period }
      let second = first + period
      found = phase(about: second)
      let other = second - found.angle * period / (2 * Double.pi)
      level = found.amplitude
      found = phase(about: first)
      first -= found.angle * period / (2 * Double.pi)
      period = min(max(other - first, nominal * 0.75), nominal * 1.3)
    }
    // While the voltage comes or goes the window is lopsided, and tells no period.
    let isEven = (level - found.amplitude).magnitude <= 0.01 * max(level, found.amplitude)
    isLocked =
      (!isEven || (period > nominal * 0.751 && period < nominal * 1.299))
      && (isExplained(about: first, by: found.amplitude) || isQuietAtFirst)
    if !isEven || !isLocked { period = nominal }
    // A crossing right at the first sample may come out a little before it.
    let cycles = (first / period + 0.003).rounded(.down)
    let crossing = Crossing(
      position: first - cycles * period, isRising: true, isTracked: true,
      isSettled: isEven && isLocked, isExpected: true, isLocked: isLocked)
    amplitude = found.amplitude
    last = crossing
    return crossing
  }

  /// Whether the fundamental makes at least half of the power about a position.
  private func isExplained(about position: Double, by amplitude: Double) -> Bool {
    var (sum, squares) = (0.0, 0.0)
    let first = Int((position - period).rounded(.up))
    let count = max(1, Int(2 * period))
    for index in first..<(first + count) {
      let value = ring[index]
      sum += value
      squares += value * value
    }
    let mean = sum / Double(count)
    return squares / Double(count) - mean * mean <= amplitude * amplitude
  }

  /// Whether there was no voltage for a quarter of a cycle in the first ones.
  private var isQuietAtFirst: Bool {
    var run = 0
    for index in 0..<ring.newest {
      run = ring[index].magnitude < 0.1 * presence ? run + 1 : 0
      if Double(run) >= nominal / 4 { return true }
    }
    return false
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
      if !isTracked { (strays, finds, isLocked) = (0, 0, true) }
      return Crossing(
        position: expected, isRising: isRising, isTracked: isTracked, isSettled: false,
        isLocked: isLocked)
    }
    let turn = period / (2 * Double.pi)
    var angle = isRising ? found.angle : Self.opposite(found.angle)
    let isNear = angle.magnitude <= 0.2
    // A jump of the phase is followed step by step, so that half cycles stay half cycles.
    angle = min(max(angle, -0.7), 0.7)
    var position = expected - angle * turn
    relearn(position - (last?.position ?? position), isEven: isEven, isNear: isNear, angle)
    if isNear, angle.magnitude > 0.01, position + period + 2 <= Double(ring.newest) {
      // Once more about the better place: far from the middle the window is lopsided.
      found = phase(about: position)
      angle = isRising ? found.angle : Self.opposite(found.angle)
      position -= min(max(angle, -0.2), 0.2) * turn
    }
    watch(isNear: isNear)
    return Crossing(
      position: position, isRising: isRising, isTracked: isTracked,
      isSettled: isTracked && isNear && isEven && isLocked, hasJumped: !isNear,
      isLocked: isLocked)
  }

  /// Loses the lock where crossings keep coming off their places, and finds it again.
  private mutating func watch(isNear: Bool) {
    strays = min(max(0, strays + (isNear ? -1 : 1)), Self.mostStrays)
    finds = isNear ? min(finds + 1, 8) : 0
    if isLocked ? strays == Self.mostStrays : finds == 8 {
      isLocked.toggle()
      strays = 0
    }
  }

  /// Takes another period where crossings come evenly, but not where that one expects them.
  private mutating func relearn(
    _ length: Double, isEven: Bool, isNear: Bool, _ angle: Double
  ) {
    defer { lastLength = length }
    let isFar = angle.magnitude >= 0.7
    farRun = isEven && isFar ? farRun + 1 : 0
    // A jump of the phase is over after five steps: it is the period that is wrong.
    if farRun > 6 {
      period = nominal
      farRun = 0
    }
    let isSame = (length - lastLength).magnitude <= 0.02 * length
    evenRun = isEven && !isFar && isSame ? evenRun + 1 : 0
    if !isNear, evenRun >= 2 { period = min(max(2 * length, nominal * 0.75), nominal * 1.3) }
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
