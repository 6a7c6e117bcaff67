/// Puts half cycles together to Urms(1/2), events, frequencies and blocks.
struct MainsCycles: Hashable, Sendable {
  private(set) var detector: VoltageEventDetector
  private var slope: SlidingSlope
  private var frequency: ZeroCrossingFrequency
  private var noise = CrossingNoise()
  private var step = StepSize()
  private var harmonics: HarmonicSums
  private var levels: [Double]
  private var highestGiven = 0
  private let options: MainsWaveform.Options
  private let cyclesPerBlock: Int
  private var last: CycleTracker.Crossing?
  private var beforeLast: CycleTracker.Crossing?
  private var previousSum = 0.0
  private var newest: Int64 = 0
  private var pending: MainsBlock?
  private var filledUntil = -10
  private var tracked = 0

  // The open block.
  private var blockStart = 0.0
  private var isStartSettled = false
  private var halves = 0
  private var energy = 0.0
  private var isFlagged = false
  private var isFilled = false

  init?(_ options: MainsWaveform.Options) {
    guard let detector = VoltageEventDetector(options.events),
      let frequency = ZeroCrossingFrequency(
        window: options.frequencyWindow, edgesPerCycle: 1,
        range: (options.nominalFrequency * 0.75)...(options.nominalFrequency * 1.4)),
      100_000_000...60_000_000_000 ~= options.slopeWindow, 0...50 ~= options.highestOrder,
      options.resolution >= 0, options.resolution.isFinite
    else { return nil }
    self.options = options
    self.detector = detector
    self.frequency = frequency
    cyclesPerBlock = options.nominalFrequency < 55 ? 10 : 12
    let highest = min(
      options.highestOrder,
      Distortion.highestOrder(options.sampleRate / (options.nominalFrequency * 0.75)))
    harmonics = HarmonicSums(highestOrder: highest, cycles: cyclesPerBlock)
    levels = Array(repeating: 0, count: highest)
    slope = SlidingSlope(window: options.slopeWindow, capacity: 512)
  }

  mutating func restart() {
    last = nil
    beforeLast = nil
    pending = nil
    filledUntil = -10
    tracked = 0
    frequency.interrupt()
    noise.interrupt()
    slope.removeAll()
    openBlock(at: nil)
  }

  /// The slope of the frequency as of the newest half cycle.
  var rateOfChange: Double? { slope.slope(at: newest) }

  mutating func note(_ volts: Double) { if options.resolution == 0 { step.accept(volts) } }

  private var resolution: Double { options.resolution > 0 ? options.resolution : step.value }

  mutating func noteFilled(at index: Int) { filledUntil = index }

  func harmonic(_ order: Int) -> Double? {
    1...50 ~= order && order <= highestGiven ? levels[order - 1] : nil
  }

  mutating func takePending() -> MainsWaveform.Update? {
    var update = MainsWaveform.Update()
    update.block = pending
    update.frequency = frequency.flush()
    pending = nil
    return update.block == nil && update.frequency == nil ? nil : update
  }

  /// Takes the next crossing; the half cycle before it ends there.
  mutating func accept(
    _ crossing: CycleTracker.Crossing, _ ring: SampleRing, _ clock: SampleClock, period: Double
  ) -> MainsWaveform.Update {
    var update = MainsWaveform.Update()
    let end = clock.time(crossing.position)
    newest = end
    tracked = crossing.isTracked ? min(tracked + 1, 1000) : 0
    update.frequency = count(crossing, end, clock, period)
    defer {
      beforeLast = last
      last = crossing
    }
    guard let last, crossing.isLocked, last.isLocked else {
      // Without a lock half cycles are none: what they would show is left out.
      pending = nil
      slope.removeAll()
      openBlock(at: crossing)
      return update
    }
    let span = CycleSpan(start: last.position, end: crossing.position)
    let sum = span.energy(of: ring)
    let before = detector.event
    if let beforeLast, beforeLast.isLocked {
      let length = crossing.position - beforeLast.position
      // While crossings are led back to a phase that jumped, two half cycles make no cycle.
      let isCycle = (length - period).magnitude <= 0.02 * period
      let cycle = CycleSpan(
        start: isCycle ? beforeLast.position : crossing.position - period, end: crossing.position)
      let start = clock.time(cycle.start)
      let rms = ((isCycle ? sum + previousSum : cycle.energy(of: ring)) / cycle.length).squareRoot()
      let isSettled = beforeLast.isSettled && last.isSettled && crossing.isSettled
      let hertz = isSettled ? 1e9 / (length * clock.period) : nil
      update.halfCycle = MainsHalfCycle(start: start, end: end, rms: rms, frequency: hertz)
      update.event = detector.accept(Sample(nanoseconds: end, value: rms), windowStart: start)
      if let hertz {
        if crossing.isRising {
          let middle = clock.time(beforeLast.position + length / 2)
          slope.accept(Sample(nanoseconds: middle, value: hertz))
        }
      } else if !crossing.isTracked {
        slope.removeAll()
      }
    }
    previousSum = sum
    let isTouched = before != nil || detector.event != nil
    if var block = pending {
      block.isFlagged = block.isFlagged || isTouched
      update.block = block
      pending = nil
    }
    energy += sum
    harmonics.add(span, of: ring, half: halves)
    isFlagged = isFlagged || isTouched
    isFilled = isFilled || Double(filledUntil) >= span.start - 2
    halves += 1
    if halves == 2 * cyclesPerBlock { closeBlock(at: crossing, clock) }
    return update
  }

  /// Counts rising crossings; only measured ones begin or end a row, and a jump breaks it.
  private mutating func count(
    _ crossing: CycleTracker.Crossing, _ end: Int64, _ clock: SampleClock, _ period: Double
  ) -> ZeroCrossingFrequency.Result? {
    let isCounted = crossing.isTracked && crossing.isLocked
    if !isCounted || crossing.hasJumped {
      frequency.interrupt()
      noise.interrupt()
    }
    guard crossing.isRising else { return nil }
    guard isCounted else { return frequency.advance(to: end) }
    let isMeasured = crossing.isSettled && !crossing.isExpected
    if isMeasured { noise.accept(crossing.position) } else { noise.interrupt() }
    // Where noise is unknown, the amplitude may change by half a percent.
    let scatter = noise.error ?? 0.01 * period
    // A window's ends fall between samples, and steps of the converter may all lie to one side.
    let squared = period * period
    let rounding = 2 / Double.pi * resolution / (options.events.nominal * 1.27)
    let angle = Double.pi * Double.pi * Double.pi / (squared * squared) + rounding
    frequency.edgeError = (scatter + angle * period / (2 * Double.pi)) * clock.period + 1
    let result = frequency.accept(edge: end, isMeasured: isMeasured, error: clock.uncertainty)
    if result != nil { noise.closeWindow() }
    return result
  }

  private mutating func openBlock(at crossing: CycleTracker.Crossing?) {
    blockStart = crossing?.position ?? 0
    isStartSettled = crossing?.isSettled ?? false
    halves = 0
    energy = 0
    isFlagged = false
    isFilled = false
    harmonics.removeAll()
  }

  private mutating func closeBlock(at crossing: CycleTracker.Crossing, _ clock: SampleClock) {
    let position = crossing.position
    let end = clock.time(position)
    let length = position - blockStart
    let hertz = Double(cyclesPerBlock) * 1e9 / (length * clock.period)
    let isSteady = isStartSettled && crossing.isSettled && tracked > 2 * cyclesPerBlock
    let rms = (energy / length).squareRoot()
    let bounded = Distortion(
      harmonics, length: length, cycles: cyclesPerBlock, nominal: options.events.nominal,
      resolution: resolution)
    for order in 1...max(1, levels.count) where order <= levels.count {
      levels[order - 1] = harmonics.rms(order)
    }
    highestGiven = bounded.highestOrder
    pending = MainsBlock(
      start: clock.time(blockStart), end: end, cycles: cyclesPerBlock, rms: rms,
      frequency: isSteady ? hertz : nil, rateOfChange: slope.slope(at: end),
      fundamental: levels.first, distortion: bounded.percent,
      highestOrder: bounded.highestOrder, errorBound: bounded.errorBound, isFlagged: isFlagged,
      hasFilledSamples: isFilled)
    openBlock(at: crossing)
  }
}
