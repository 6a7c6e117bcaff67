/// Watches a stream of mains frequencies: means, rate of change, alarms, and whether it is true.
///
/// A frequency counts only while it is plausible: inside `range`, not stuck on one value, and with
/// voltage where a voltage is given. Everything else is `invalid`: it enters no mean and no slope,
/// raises no alarm, and ends those that were raised, since without voltage there is no frequency
/// to claim. Means are of the valid samples of windows that begin at whole multiples of their
/// length since the epoch. NaN and infinities are missing samples, not invalid ones: they are passed
/// over and counted, and so is a sample that is not later than the last one, unless it lies more
/// than 10 s back: then the clock was set, and everything but the validity begins anew.
public struct FrequencyMonitor: Hashable, Sendable {
  /// The limits of a monitor; frequencies in hertz, times in nanoseconds.
  public struct Options: Hashable, Sendable {
    /// Below this the under-frequency alarm is raised.
    public var under = 49.8
    /// Above this the over-frequency alarm is raised.
    public var over = 50.2
    /// How far back inside a limit releases its alarm.
    public var hysteresis = 0.02
    /// How long a limit must be passed; 0 for meters with a sample every second or slower.
    public var hold: Int64 = 0
    /// How long the frequency must be back.
    public var releaseHold: Int64 = 0
    /// The window of the rate of change, 0.5 s to 5 s.
    public var slopeWindow: Int64 = 1_000_000_000
    /// Plausible frequencies lie strictly inside this.
    public var range = 40.0...70.0
    /// The same value for longer than this is stuck; nil where the source may stand still.
    public var stuckAfter: Int64? = 60_000_000_000
    /// The nominal voltage of the second input.
    public var nominalVoltage = 230.0
    /// Below this fraction of the nominal voltage there is no frequency.
    public var minimumVoltage = 0.1
    /// Voltage is back at this fraction over the minimum.
    public var voltageHysteresis = 0.02

    /// The limits of a 50 Hz grid at plus and minus 200 mHz.
    public init() {}

    /// Limits at a distance about a nominal frequency, in hertz.
    public init(nominal: Double, deviation: Double) {
      under = nominal - deviation
      over = nominal + deviation
      hysteresis = deviation / 10
    }
  }

  /// Why a frequency is not to be believed.
  public enum Invalidity: String, Hashable, Sendable, CaseIterable {
    /// There is no voltage that could have a frequency.
    case noVoltage
    /// The value is outside the plausible range.
    case implausible
    /// The value has not moved for too long.
    case stuck
  }

  /// A change of an alarm or of the validity.
  public enum Change: Hashable, Sendable {
    /// The frequency is under its limit.
    case underFrequency(Double)
    /// The frequency is over its limit.
    case overFrequency(Double)
    /// The frequency is back; the value that released the alarm.
    case normal(Double)
    /// The frequency is not to be believed from now on; raised alarms end without a claim.
    case invalid(Invalidity)
    /// The frequency is to be believed again.
    case valid
  }

  /// The mean of a window.
  public struct Mean: Hashable, Sendable {
    /// When the window began, in nanoseconds.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The mean frequency in hertz.
    public let frequency: Double
    /// How many valid samples it rests on.
    public let count: UInt64
    /// Whether the frequency was invalid in a part of the window.
    public let isFlagged: Bool
  }

  /// What a sample led to.
  public struct Update: Hashable, Sendable {
    /// The change of an alarm or of the validity.
    public internal(set) var change: Change?
    /// The second that ended.
    public internal(set) var oneSecond: Mean?
    /// The ten seconds that ended.
    public internal(set) var tenSeconds: Mean?
    /// The rate of change in hertz per second; nil until half the window is filled.
    public internal(set) var rateOfChange: Double?
  }

  /// The limits.
  public let options: Options
  /// Why the frequency is not to be believed; nil while it is.
  public private(set) var invalidity: Invalidity?
  /// How many samples were passed over, missing or for their time.
  public private(set) var passedOver: UInt64 = 0
  /// Whether the under-frequency alarm is raised.
  public var isUnder: Bool { under.isRaised }
  /// Whether the over-frequency alarm is raised.
  public var isOver: Bool { over.isRaised }
  // Sums of decimal fractions are no binary ones: a value at a limit may come out beyond it.
  private static let less = 1 - 1e-12
  private static let more = 1 + 1e-12
  private var under: Threshold
  private var over: Threshold
  private var slope: SlidingSlope
  private var second = FlaggedMean(length: 1_000_000_000)
  private var ten = FlaggedMean(length: 10_000_000_000)
  private var hasVoltage = true
  private var last: Int64?
  private var value = 0.0
  private var valueSince: Int64 = 0

  /// Watches by limits; nil where they contradict each other or are out of their range.
  ///
  /// The slope window is bounded to 0.1 s to 60 s and to the newest 512 samples.
  public init?(_ options: Options = Options()) {
    guard options.hysteresis >= 0, options.under < options.over,
      100_000_000...60_000_000_000 ~= options.slopeWindow, options.stuckAfter ?? 1 > 0,
      options.nominalVoltage > 0, options.nominalVoltage.isFinite, options.minimumVoltage >= 0,
      options.voltageHysteresis >= 0,
      let under = Threshold(
        .below, options.under * Self.less,
        release: (options.under + options.hysteresis) * Self.less,
        hold: options.hold, releaseHold: options.releaseHold),
      let over = Threshold(
        .above, options.over * Self.more, release: (options.over - options.hysteresis) * Self.more,
        hold: options.hold, releaseHold: options.releaseHold)
    else { return nil }
    self.options = options
    self.under = under
    self.over = over
    slope = SlidingSlope(window: options.slopeWindow, capacity: 512)
  }

  /// Takes the RMS voltage in volts; gives the change that it makes.
  ///
  /// Where voltage and frequency have the same stamp, give the voltage first. NaN and infinities
  /// are passed over; without any voltage, voltage is taken to be there.
  public mutating func acceptVoltage(_ volts: Double) -> Change? {
    guard volts.isFinite else { return nil }
    let least = options.minimumVoltage * options.nominalVoltage * Self.less
    let back = least + options.voltageHysteresis * options.nominalVoltage
    hasVoltage = hasVoltage ? volts >= least : volts >= back
    return hasVoltage ? nil : invalidate(.noVoltage)
  }

  /// Takes a frequency in hertz and the voltage that it was measured on, where there is one.
  public mutating func accept(_ sample: Sample, voltage: Double? = nil) -> Update {
    var update = Update()
    if let voltage { update.change = acceptVoltage(voltage) }
    guard sample.value.isFinite else {
      passedOver &+= 1
      return update
    }
    if let last {
      let step = GridTime.span(from: last, to: sample.nanoseconds)
      if step <= 0, step >= -10_000_000_000 {
        passedOver &+= 1
        return update
      }
      if step < 0 { restart() }
    }
    last = sample.nanoseconds
    update.oneSecond = second.advance(to: sample.nanoseconds)
    update.tenSeconds = ten.advance(to: sample.nanoseconds)
    if let reason = judge(sample) {
      second.flag()
      ten.flag()
      // One change per sample: the voltage's comes first, and has invalidated already.
      update.change = invalidate(reason) ?? update.change
      return update
    }
    if invalidity != nil {
      invalidity = nil
      update.change = .valid
      // An alarm would have to be a second change: it is raised with the next sample.
    } else {
      update.change = alarm(sample)
    }
    second.accept(sample)
    ten.accept(sample)
    slope.accept(sample)
    update.rateOfChange = slope.slope
    return update
  }

  private mutating func judge(_ sample: Sample) -> Invalidity? {
    if sample.value != value {
      value = sample.value
      valueSince = sample.nanoseconds
    }
    guard hasVoltage else { return .noVoltage }
    guard sample.value > options.range.lowerBound, sample.value < options.range.upperBound
    else { return .implausible }
    if let limit = options.stuckAfter,
      GridTime.span(from: valueSince, to: sample.nanoseconds) > limit
    {
      return .stuck
    }
    return nil
  }

  private mutating func alarm(_ sample: Sample) -> Change? {
    let (low, high) = (under.accept(sample), over.accept(sample))
    switch (low, high) {
    case (.raised(let value), _): return .underFrequency(value)
    case (_, .raised(let value)): return .overFrequency(value)
    case (.released(let value), _), (_, .released(let value)): return .normal(value)
    default: return nil
    }
  }

  private mutating func invalidate(_ reason: Invalidity) -> Change? {
    guard invalidity != reason else { return nil }
    invalidity = reason
    resetAlarms()
    slope.removeAll()
    return .invalid(reason)
  }

  private mutating func restart() {
    resetAlarms()
    slope.removeAll()
    second = FlaggedMean(length: second.length)
    ten = FlaggedMean(length: ten.length)
    value = 0
  }

  private mutating func resetAlarms() {
    // Made from the same checked limits as in the initialiser, so neither can fail.
    under =
      Threshold(
        .below, under.limit, release: under.release, hold: under.hold,
        releaseHold: under.releaseHold) ?? under
    over =
      Threshold(
        .above, over.limit, release: over.release, hold: over.hold,
        releaseHold: over.releaseHold) ?? over
  }
}

/// The mean of the valid samples of a window, and whether all of it was valid.
struct FlaggedMean: Hashable, Sendable {
  let length: Int64
  private var start: Int64?
  private var sum = 0.0
  private var count: UInt64 = 0
  private var isFlagged = false

  init(length: Int64) { self.length = length }

  mutating func flag() { isFlagged = true }

  mutating func accept(_ sample: Sample) {
    // Deviations from 50 Hz keep the digits of a long sum.
    sum += sample.value - 50
    count += 1
  }

  mutating func advance(to nanoseconds: Int64) -> FrequencyMonitor.Mean? {
    let tick = GridTime.tick(nanoseconds, length)
    guard let start else {
      start = tick
      return nil
    }
    guard tick > start else { return nil }
    defer {
      self.start = tick
      (sum, count, isFlagged) = (0, 0, false)
    }
    guard count > 0 else { return nil }
    return FrequencyMonitor.Mean(
      start: start, end: GridTime.time(start, plus: length), frequency: 50 + sum / Double(count),
      count: count, isFlagged: isFlagged)
  }
}
