/// Finds dips, swells and interruptions in a stream of RMS voltages.
///
/// Fed with Urms(1/2), one-cycle RMS values refreshed each half cycle, it follows IEC 61000-4-30
/// clauses 5.4 and 5.5 for one phase; fed with slower RMS values it sees what those show. An event
/// begins with the first value beyond a threshold and ends with the first value back inside it by
/// the hysteresis; a value exactly at a threshold is not beyond it, and 10^-12 of the threshold is
/// allowed for the rounding of decimal fractions. IEEE 1159 puts the interruption at 10 %.
///
/// NaN, infinities, negative voltages and values that are not later than the last one are passed
/// over and counted. Values farther apart than `maximumGap` mark an open event with `hasGap`; a
/// value more than that before the last one means that the clock was set, and is taken.
public struct VoltageEventDetector: Hashable, Sendable {
  /// Where the thresholds are and what they are fractions of.
  public struct Options: Hashable, Sendable {
    /// The nominal or declared voltage in volts, over 0.
    public var nominal: Double
    /// Below this fraction of the reference is a dip.
    public var dip = 0.9
    /// Above this fraction of the reference is a swell.
    public var swell = 1.1
    /// Below this fraction of the reference is an interruption.
    public var interruption = 0.05
    /// How far back inside a threshold ends an event, as a fraction of the reference.
    public var hysteresis = 0.02
    /// The time constant of a sliding reference in nanoseconds; nil for the nominal voltage.
    ///
    /// IEC 61000-4-30 clause 5.4.4 has one minute. The reference stands still during an event.
    public var slidingReference: Int64?
    /// Values farther apart than this, in nanoseconds, leave a gap.
    public var maximumGap: Int64 = 10_000_000_000

    /// The thresholds of IEC 61000-4-30 about a nominal voltage in volts.
    public init(nominal: Double) {
      self.nominal = nominal
    }
  }

  /// A change of the event.
  public enum Change: Hashable, Sendable {
    /// An event began.
    case began(VoltageEvent)
    /// A dip became an interruption.
    case deepened(VoltageEvent)
    /// The event ended.
    case ended(VoltageEvent)
    /// The event ended and one of the other side began with the same value.
    case turned(ended: VoltageEvent, began: VoltageEvent)
  }

  /// The thresholds.
  public let options: Options
  /// The open event; nil when the voltage is inside the thresholds.
  public private(set) var event: VoltageEvent?
  /// The voltage that the thresholds are fractions of now, in volts.
  public private(set) var reference: Double
  /// How many values were passed over.
  public private(set) var passedOver: UInt64 = 0
  private var last: Int64?
  private var interruptedSince: Int64?

  /// Finds events by thresholds; nil where they contradict each other or are no numbers.
  ///
  /// Asks for 0 < interruption + hysteresis <= dip, dip + hysteresis <= swell - hysteresis and a
  /// positive nominal voltage, time constant and gap.
  public init?(_ options: Options) {
    let inner = options.interruption + options.hysteresis
    guard options.nominal > 0, options.nominal.isFinite, options.hysteresis >= 0,
      options.interruption >= 0, !Self.isOver(inner, options.dip),
      !Self.isOver(options.dip + options.hysteresis, options.swell - options.hysteresis),
      options.swell.isFinite, options.maximumGap > 0, options.slidingReference ?? 1 > 0
    else { return nil }
    self.options = options
    reference = options.nominal
  }

  /// Takes an RMS voltage; gives the change that it makes.
  ///
  /// The sample's time is the end of its measurement window; `windowStart` is its begin, and the
  /// same where the voltage is a reading of an instant.
  public mutating func accept(_ sample: Sample, windowStart: Int64? = nil) -> Change? {
    guard sample.value.isFinite, sample.value >= 0 else {
      passedOver &+= 1
      return nil
    }
    var step: Int64 = 0
    if let last {
      step = GridTime.span(from: last, to: sample.nanoseconds)
      if step <= 0, step > -options.maximumGap {
        passedOver &+= 1
        return nil
      }
      if step > options.maximumGap || step <= 0 { event?.hasGap = true }
    }
    last = sample.nanoseconds
    defer { if event == nil { slide(sample.value, step) } }
    return event == nil ? begin(sample, windowStart).map(Change.began) : go(sample, windowStart)
  }

  // 0.92 x 230 is no binary fraction: a decimal at its limit may come out a little beyond it.
  private static func isOver(_ value: Double, _ limit: Double) -> Bool {
    value > limit * (1 + 1e-12)
  }

  private static func isUnder(_ value: Double, _ limit: Double) -> Bool {
    value < limit * (1 - 1e-12)
  }

  private mutating func begin(_ sample: Sample, _ windowStart: Int64?) -> VoltageEvent? {
    let isSwell = Self.isOver(sample.value, options.swell * reference)
    guard isSwell || Self.isUnder(sample.value, options.dip * reference) else { return nil }
    let isInterrupted = Self.isUnder(sample.value, options.interruption * reference)
    interruptedSince = isInterrupted ? sample.nanoseconds : nil
    event = VoltageEvent(
      kind: isSwell ? .swell : isInterrupted ? .interruption : .dip,
      windowStart: min(windowStart ?? sample.nanoseconds, sample.nanoseconds),
      start: sample.nanoseconds, extreme: sample.value, extremeTime: sample.nanoseconds,
      reference: reference)
    return event
  }

  private mutating func go(_ sample: Sample, _ windowStart: Int64?) -> Change? {
    guard var open = event else { return nil }
    // The thresholds of the event stay as they were when it began.
    let base = open.reference
    if let since = interruptedSince,
      !Self.isUnder(sample.value, (options.interruption + options.hysteresis) * base)
    {
      close(&open, since, sample.nanoseconds)
    }
    let isOver =
      open.kind == .swell
      ? !Self.isOver(sample.value, (options.swell - options.hysteresis) * base)
      : !Self.isUnder(sample.value, (options.dip + options.hysteresis) * base)
    if isOver {
      open.end = sample.nanoseconds
      event = nil
      guard let next = begin(sample, windowStart) else { return .ended(open) }
      return .turned(ended: open, began: next)
    }
    if open.kind == .swell ? sample.value > open.extreme : sample.value < open.extreme {
      open.extreme = sample.value
      open.extremeTime = sample.nanoseconds
    }
    var change: Change?
    if open.kind != .swell, interruptedSince == nil,
      Self.isUnder(sample.value, options.interruption * base)
    {
      interruptedSince = sample.nanoseconds
      let isNew = open.kind == .dip
      open.kind = .interruption
      if isNew { change = .deepened(open) }
    }
    event = open
    return change
  }

  private mutating func close(_ open: inout VoltageEvent, _ since: Int64, _ time: Int64) {
    let lasted = max(0, GridTime.span(from: since, to: time))
    open.interrupted = GridTime.time(open.interrupted, plus: lasted)
    interruptedSince = nil
  }

  /// Moves a sliding reference by a first-order low pass that needs no exponential.
  private mutating func slide(_ value: Double, _ step: Int64) {
    guard let constant = options.slidingReference, step > 0 else { return }
    let weight = Double(min(step, options.maximumGap))
    reference += (value - reference) * (weight / (Double(constant) + weight))
  }
}
