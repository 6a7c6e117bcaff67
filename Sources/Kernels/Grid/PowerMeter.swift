/// Power and energy from pairs of voltage and current samples over whole cycles.
///
/// Active power is the mean of the products over 10 cycles at 50 Hz or 12 at 60 Hz; where a
/// multiplexed converter takes the current later than the voltage, each harmonic of the current is
/// turned back by that time, and the active power corrected by what that changes. Reactive power
/// is that of the fundamental, positive where the current lags (an inductive load). Source:
/// IEEE 1459 clause 3.1. Samples are taken for evenly spaced, with the rules of `MainsWaveform` for
/// late, missing and set-back ones; a pair with a value that is no number is missing.
public struct PowerMeter: Hashable, Sendable {
  /// How the pairs are sampled.
  public struct Options: Hashable, Sendable {
    /// Pairs per second, 8 a cycle to 51 200.
    public var sampleRate: Double
    /// Whether the rate is exact; otherwise the stamps refine it.
    public var isRateExact = true
    /// The nominal voltage in volts; below a tenth of it cycles are not counted by the voltage.
    public var nominalVoltage: Double
    /// The nominal frequency in hertz, 40 to 70.
    public var nominalFrequency = 50.0
    /// How much later than the voltage the current is sampled, in nanoseconds, up to 10 ms.
    public var currentDelay: Int64 = 0
    /// The highest order that the delay is compensated for, at most 50.
    public var highestOrder = 13

    /// A rate of pairs in hertz and a nominal voltage in volts.
    public init(sampleRate: Double, nominalVoltage: Double) {
      self.sampleRate = sampleRate
      self.nominalVoltage = nominalVoltage
    }
  }

  /// The powers of a block.
  public struct Power: Hashable, Sendable {
    /// The begin in nanoseconds.
    public let start: Int64
    /// The end in nanoseconds.
    public let end: Int64
    /// The RMS of the voltage in volts.
    public let voltage: Double
    /// The RMS of the current in amperes.
    public let current: Double
    /// The active power P in watts, positive where energy is taken in.
    public let active: Double
    /// The reactive power Q of the fundamental in vars, positive for an inductive load.
    public let reactive: Double
    /// The apparent power S in volt-amperes.
    public let apparent: Double
    /// The power factor P / S; nil without apparent power.
    public let factor: Double?
    /// The frequency in hertz; nil without voltage.
    public let frequency: Double?
    /// Whether missing pairs were filled.
    public let hasFilledSamples: Bool
  }

  /// The options.
  public let options: Options
  /// How many pairs were late or duplicates.
  public private(set) var latePairs: UInt64 = 0
  /// How many missing pairs were filled with the one a cycle before.
  public private(set) var filledPairs: UInt64 = 0
  /// The energy taken in so far, in watt hours.
  public var imported: Double { into.total / 3600 }
  /// The energy given out so far, in watt hours.
  public var exported: Double { out.total / 3600 }
  private var clock: SampleClock
  private var tracker: CycleTracker
  private var currents: SampleRing
  private var sums: PowerSums
  private var into = CompensatedSum()
  private var out = CompensatedSum()
  private var lastVolts = 0.0
  private var lastAmperes = 0.0
  private var missing = MissingSamples()
  private var lateRun = 0
  private var filledUntil = -10
  private var isAsleep = true
  private var last: CycleTracker.Crossing?

  /// Meters by options; nil where one is out of its range.
  public init?(_ options: Options) {
    guard 40...70 ~= options.nominalFrequency, options.sampleRate <= 51_200,
      options.sampleRate >= 8 * options.nominalFrequency, options.nominalVoltage > 0,
      options.nominalVoltage.isFinite, 0...10_000_000 ~= options.currentDelay.magnitude,
      1...50 ~= options.highestOrder
    else { return nil }
    self.options = options
    clock = SampleClock(
      rate: options.sampleRate, isExact: options.isRateExact,
      gap: Int64(0.5e9 / options.nominalFrequency))
    tracker = CycleTracker(
      samplesPerCycle: options.sampleRate / options.nominalFrequency,
      peak: options.nominalVoltage * 2.0.squareRoot())
    currents = tracker.ring
    sums = PowerSums(
      highestOrder: min(
        options.highestOrder,
        Distortion.highestOrder(options.sampleRate / (options.nominalFrequency * 0.75))),
      cycles: options.nominalFrequency < 55 ? 10 : 12)
  }

  /// Takes a voltage in volts and a current in amperes; gives the block that they complete.
  public mutating func accept(nanoseconds: Int64, volts: Double, amperes: Double) -> Power? {
    let isThere = volts.magnitude <= 1e9 && amperes.magnitude <= 1e9
    switch clock.accept(nanoseconds) {
    case .late:
      latePairs &+= 1
      lateRun += 1
      // A clock that was set back a little leaves out what it repeats.
      if Double(lateRun) > tracker.period / 4 { isAsleep = true }
      return nil
    case .gap: isAsleep = true
    case .next(let absent): fill(absent, before: 1)
    }
    lateRun = 0
    if isThere { missing.notePresent() } else { fill(1, before: 0) }
    if isAsleep {
      guard isThere else { return nil }
      begin()
    }
    if isThere {
      (lastVolts, lastAmperes) = (volts, amperes)
      tracker.append(volts)
      currents.append(amperes)
    }
    guard let crossing = tracker.next(isFinal: false) else { return nil }
    return take(crossing)
  }

  private mutating func fill(_ count: Int, before: Int) {
    guard count > 0, !isAsleep else { return }
    guard missing.note(count, period: tracker.period) else {
      isAsleep = true
      return
    }
    filledPairs &+= UInt64(count)
    filledUntil = clock.index - before
    for _ in 0..<count {
      tracker.append(tracker.ring.next(aPeriodBefore: tracker.period) ?? lastVolts)
      currents.append(currents.next(aPeriodBefore: tracker.period) ?? lastAmperes)
    }
  }

  private mutating func begin() {
    isAsleep = false
    missing.removeAll()
    tracker.restart()
    currents.removeAll()
    clock.anchor()
    last = nil
    filledUntil = -10
    sums.removeAll()
  }

  private mutating func take(_ crossing: CycleTracker.Crossing) -> Power? {
    defer { last = crossing }
    guard let last else { return nil }
    let span = CycleSpan(start: last.position, end: crossing.position)
    if sums.halves == 0 { sums.open(last) }
    sums.add(
      span, tracker.ring, currents, isTracked: crossing.isTracked,
      isFilled: Double(filledUntil) >= span.start - 2)
    guard sums.halves == 2 * sums.cycles else { return nil }
    let seconds = sums.length * clock.period / 1e9
    let hertz = Double(sums.cycles) / seconds
    let values = sums.powers(delay: Double(options.currentDelay) / 1e9, frequency: hertz)
    let energy = values.active * seconds
    if energy < 0 { out.add(-energy) } else { into.add(energy) }
    let apparent = values.voltage * values.current
    let power = Power(
      start: clock.time(sums.start), end: clock.time(crossing.position), voltage: values.voltage,
      current: values.current, active: values.active, reactive: values.reactive,
      apparent: apparent, factor: apparent > 0 ? values.active / apparent : nil,
      frequency: sums.isSettled && crossing.isSettled ? hertz : nil,
      hasFilledSamples: sums.isFilled)
    sums.removeAll()
    return power
  }
}
