/// Analyses a sampled mains voltage: frequency, Urms(1/2), 10/12-cycle blocks, harmonics, events.
///
/// The methods are those of IEC 61000-4-30 class A; what they give is as good as the samples.
/// Samples are taken for evenly spaced. A sample rate that is exact is kept; one that is near, as
/// of a converter with an oscillator of its own, is refined by the stamps, and may be off by 10 %.
/// Results come one and a half cycles after their samples; the first wait for five cycles, and go
/// back to the first rising zero crossing at or behind the first sample.
///
/// A sample that is not later than the last one is late or a duplicate: left out and counted. NaN,
/// infinities and voltages over 10^9 V are missing, and so are samples that even stamps say are
/// absent. They are filled with what was there one cycle before, which the block says. A missing
/// quarter of a cycle, more than one in nine missing for long, a gap of stamps over half a cycle, or
/// time that goes back over a second begins anew, with events kept open: the block that was gathered
/// is dropped. Stamps that contradict an exact rate refine it, too.
public struct MainsWaveform: Hashable, Sendable {
  /// What a sample completed; at most one half cycle and what that closes.
  public struct Update: Hashable, Sendable {
    /// The one-cycle RMS of the half cycle.
    public internal(set) var halfCycle: MainsHalfCycle?
    /// The change of the dip, swell or interruption.
    public internal(set) var event: VoltageEventDetector.Change?
    /// The block that ended half a cycle before: events behind it that reach into it flag it.
    public internal(set) var block: MainsBlock?
    /// The frequency of the window (10 s unless told) that ended.
    public internal(set) var frequency: ZeroCrossingFrequency.Result?
  }

  /// How the voltage is sampled and what is computed.
  public struct Options: Hashable, Sendable {
    /// Samples per second, 8 a cycle to 51 200.
    public var sampleRate: Double
    /// Whether the sample rate is exact; otherwise the stamps refine it.
    public var isRateExact = true
    /// The nominal frequency in hertz, 40 to 70.
    public var nominalFrequency = 50.0
    /// The nominal voltage and the thresholds of events.
    public var events: VoltageEventDetector.Options
    /// The highest harmonic order to compute, 0 for none, at most 50.
    public var highestOrder = 50
    /// The step of the converter in volts, for the bound of the distortion; 0 for unknown.
    public var resolution = 0.0
    /// The window of the rate of change of frequency in nanoseconds, 0.1 s to 60 s.
    public var slopeWindow: Int64 = 1_000_000_000
    /// The window of the frequency in nanoseconds.
    public var frequencyWindow: Int64 = 10_000_000_000

    /// A sample rate in hertz and a nominal voltage in volts.
    public init(sampleRate: Double, nominalVoltage: Double) {
      self.sampleRate = sampleRate
      events = VoltageEventDetector.Options(nominal: nominalVoltage)
    }
  }

  /// The options.
  public let options: Options
  /// How many samples were late or duplicates.
  public private(set) var lateSamples: UInt64 = 0
  /// How many missing samples were filled with what was a cycle before.
  public private(set) var filledSamples: UInt64 = 0
  /// How many times gaps or set clocks made it begin anew.
  public private(set) var restarts: UInt64 = 0
  private var clock: SampleClock
  private var tracker: CycleTracker
  private var cycles: MainsCycles
  private var lastValue = 0.0
  private var missing = MissingSamples()
  private var lateRun = 0
  private var isAsleep = true

  /// Analyses by options; nil where one is out of its range.
  public init?(_ options: Options) {
    guard 40...70 ~= options.nominalFrequency, options.sampleRate <= 51_200,
      options.sampleRate >= 8 * options.nominalFrequency, let cycles = MainsCycles(options)
    else { return nil }
    self.options = options
    self.cycles = cycles
    clock = SampleClock(
      rate: options.sampleRate, isExact: options.isRateExact,
      gap: Int64(0.5e9 / options.nominalFrequency))
    tracker = CycleTracker(
      samplesPerCycle: options.sampleRate / options.nominalFrequency,
      peak: options.events.nominal * 2.0.squareRoot())
  }

  /// The open dip, swell or interruption.
  public var event: VoltageEvent? { cycles.detector.event }
  /// The rate of change of frequency over the slope window in hertz per second.
  public var rateOfChange: Double? { cycles.rateOfChange }
  /// The sample rate as the stamps have it, in hertz.
  public var sampleRate: Double { 1e9 / clock.period }

  /// The RMS of a harmonic in the block that was given last, in volts; nil above its highest.
  public func harmonic(_ order: Int) -> Double? { cycles.harmonic(order) }

  /// Takes a voltage with its stamp; gives what it completes.
  public mutating func accept(_ sample: Sample) -> Update? {
    accept(sample.value, sample.nanoseconds)
  }

  /// Takes the voltage one sample period after the last one; gives what it completes.
  ///
  /// The first is at time 0 unless a stamped one came before.
  public mutating func accept(_ volts: Double) -> Update? {
    accept(volts, nil)
  }

  private mutating func accept(_ volts: Double, _ stamp: Int64?) -> Update? {
    let isThere = volts.magnitude <= 1e9
    switch clock.accept(stamp) {
    case .late:
      lateSamples &+= 1
      lateRun += 1
      // A clock that was set back a little leaves out what it repeats.
      if Double(lateRun) > tracker.period / 4 { sleep() }
      return nil
    case .gap: sleep()
    case .next(let absent): fill(absent, before: 1)
    }
    lateRun = 0
    if isThere { missing.notePresent() } else { fill(1, before: 0) }
    if isAsleep {
      guard isThere else { return nil }
      isAsleep = false
      missing.removeAll()
      tracker.restart()
      cycles.restart()
      clock.anchor()
    }
    if isThere {
      lastValue = volts
      cycles.note(volts)
      tracker.append(volts)
    }
    return tracker.next(isFinal: false).map { take($0) }
  }

  /// Gives what the samples so far still hold, one update a call, until nil; then ends the stream.
  ///
  /// Crossings of the last cycle are expected ones; the frequency is that of the window so far.
  /// More samples begin anew.
  public mutating func flush() -> Update? {
    if !isAsleep, let crossing = tracker.next(isFinal: true) {
      return take(crossing)
    }
    if let update = cycles.takePending() { return update }
    isAsleep = true
    return nil
  }

  /// Fills missing samples up to one that many before the newest with what was a cycle before.
  private mutating func fill(_ count: Int, before: Int) {
    guard count > 0, !isAsleep else { return }
    guard missing.note(count, period: tracker.period) else { return sleep() }
    filledSamples &+= UInt64(count)
    cycles.noteFilled(at: clock.index - before)
    for _ in 0..<count {
      tracker.append(tracker.ring.next(aPeriodBefore: tracker.period) ?? lastValue)
    }
  }

  private mutating func take(_ crossing: CycleTracker.Crossing) -> Update {
    cycles.accept(crossing, tracker.ring, clock, period: tracker.period)
  }

  private mutating func sleep() {
    guard !isAsleep else { return }
    isAsleep = true
    restarts &+= 1
  }
}
