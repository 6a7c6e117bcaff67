/// Finds sustained oscillations in a stream of frequencies or RMS voltages.
///
/// Two methods. `band` is for streams fast enough to show the band: a high pass and a low pass of
/// fourth order bound it, which lose 1.1 % at its ends, and the RMS behind them, over `averaging`,
/// is compared with a level. The alarm also asks for four half swings in a row over half the peak of
/// a swing of that level, none below half the one before, so a single step raises none, though its
/// measure is high for a while. A stream not faster than twice the band's upper end cannot show it: then nothing is claimed and
/// `isUndersampled` says so. `roughness` is for slow streams, where a fast swing is aliased but not
/// hidden: the mean step between neighbours is compared with what it was before, and nothing is
/// said about the frequency of the swing. A single step counts at most `clip` times the baseline,
/// so one dip is no oscillation, and steps that go mostly one way are a ramp or a collapse, which
/// raise nothing. The baseline stands still while the alarm is raised.
///
/// NaN and infinities are passed over. A sample that is not later than the last one is passed over
/// and counted; after a gap of more than `maximumGap`, or one as far back, the average begins anew
/// but baseline and alarm stay.
public struct OscillationDetector: Hashable, Sendable {
  /// How an oscillation is measured.
  public enum Method: Hashable, Sendable {
    /// The RMS in a band in hertz against a level in the stream's unit.
    case band(from: Double, to: Double, level: Double)
    /// The mean step between samples against `ratio` times its own baseline.
    case roughness(ratio: Double)
  }

  /// How an alarm is raised and released; times in nanoseconds.
  public struct Options: Hashable, Sendable {
    /// How an oscillation is measured.
    public var method: Method
    /// The time constant of the measured value.
    public var averaging: Int64
    /// The time constant of the baseline of `roughness`.
    public var baseline: Int64 = 1_800_000_000_000
    /// The most that one step counts, in baselines.
    public var clip = 10.0
    /// The alarm is released below this fraction of the level that raises it.
    public var release = 0.6
    /// How long the level must be passed.
    public var hold: Int64
    /// How long the value must be back.
    public var releaseHold: Int64
    /// Samples farther apart are not joined.
    public var maximumGap: Int64 = 30_000_000_000

    /// The band of inter-area and local modes, for a stream of at least 5 samples a second.
    ///
    /// `level` is an RMS in the stream's unit, such as 0.02 Hz.
    public static func band(
      from low: Double = 0.1, to high: Double = 2, level: Double
    ) -> Options {
      Options(
        method: .band(from: low, to: high, level: level), averaging: 10_000_000_000,
        hold: 5_000_000_000, releaseHold: 10_000_000_000)
    }

    /// Rough against its own past, for a stream of a sample every 1 s to 5 s.
    public static func roughness(ratio: Double = 4) -> Options {
      Options(
        method: .roughness(ratio: ratio), averaging: 10_000_000_000, hold: 4_000_000_000,
        releaseHold: 20_000_000_000)
    }
  }

  /// An alarm that was raised or released, with the measured value and the level.
  public enum Change: Hashable, Sendable {
    /// The oscillation is there: its measure in the stream's unit.
    case raised(Double)
    /// The oscillation is gone.
    case released(Double)
  }

  /// How alarms are raised.
  public let options: Options
  /// Whether the alarm is raised.
  public private(set) var isRaised = false
  /// The RMS in the band, or the mean step, in the stream's unit; nil until it can be known.
  public private(set) var measure: Double?
  /// The mean step that `roughness` compares with; nil before the first.
  public private(set) var baseline: Double?
  /// Whether the stream is too slow to show the band.
  public private(set) var isUndersampled = false
  /// How many samples were passed over for their time.
  public private(set) var passedOver: UInt64 = 0
  private var last: Sample?
  private var pass = BandPass(from: 0.1, to: 2)
  // Half swings in a row, the side of the last one, and how long ago it began.
  private var swings = 0
  private var peak = 0.0
  private var isUp = false
  private var sinceSwing: Int64 = 0
  private var energy = 0.0
  private var drift = 0.0
  private var settled: Int64 = 0
  private var learnt: Int64 = 0
  private var since: Int64?

  /// Finds oscillations by options; nil where a ratio, level, band or time is not over 0.
  public init?(_ options: Options) {
    guard options.averaging > 0, options.baseline > options.averaging, options.clip > 1,
      options.release > 0, options.release <= 1, options.hold >= 0, options.releaseHold >= 0,
      options.maximumGap > 0
    else { return nil }
    switch options.method {
    case .band(let from, let to, let level):
      guard from > 0, from < to, to < 1e6, level > 0, level.isFinite else { return nil }
      pass = BandPass(from: from, to: to)
    case .roughness(let ratio): guard ratio > 1, ratio < options.clip else { return nil }
    }
    self.options = options
  }

  /// Takes a sample; gives the change that it makes.
  public mutating func accept(_ sample: Sample) -> Change? {
    guard sample.value.magnitude < 1e150 else { return nil }
    guard let before = last else {
      last = sample
      begin(sample.value)
      return nil
    }
    let step = GridTime.span(from: before.nanoseconds, to: sample.nanoseconds)
    guard step > 0 || step < -options.maximumGap else {
      passedOver &+= 1
      return nil
    }
    last = sample
    guard step > 0, step <= options.maximumGap else {
      begin(sample.value)
      return nil
    }
    switch options.method {
    case .band(let from, let to, let level):
      guard follow(sample.value, step, from, to, level) else { return nil }
      return decide(level, sample.nanoseconds)
    case .roughness(let ratio):
      guard let base = roughen(sample.value - before.value, step) else { return nil }
      return decide(ratio * base, sample.nanoseconds)
    }
  }

  private mutating func begin(_ value: Double) {
    pass.begin(value)
    (energy, drift, swings) = (0, 0, 0)
    (settled, measure, since) = (0, nil, nil)
  }

  /// The weight of a step in a first-order low pass, without an exponential.
  private static func weight(_ step: Int64, _ constant: Double) -> Double {
    Double(step) / (constant + Double(step))
  }

  /// Band of the value; false while its measure cannot be known.
  private mutating func follow(
    _ value: Double, _ step: Int64, _ from: Double, _ to: Double, _ level: Double
  ) -> Bool {
    isUndersampled = Double(step) * to * 2 >= 1e9
    guard !isUndersampled else {
      begin(value)
      return false
    }
    let swing = pass.accept(value, step: step)
    count(swing, step, from, 0.7 * level)
    // A mean of squares whose weight grows with what it has seen, so it needs no start value.
    settled = min(options.averaging, GridTime.time(settled, plus: step))
    energy += (swing * swing - energy) * Self.weight(step, Double(settled))
    guard settled >= options.averaging else { return false }
    measure = energy.squareRoot()
    return true
  }

  /// Counts half swings beyond a limit that follow each other within a period of the lower end.
  ///
  /// What a step leaves in the filters falls to 0.27 of itself each half swing, and is not counted.
  private mutating func count(_ swing: Double, _ step: Int64, _ from: Double, _ limit: Double) {
    sinceSwing = GridTime.time(sinceSwing, plus: step)
    if Double(sinceSwing) * from > 1e9 { swings = 0 }
    if swings > 0, (swing > 0) == isUp {
      peak = max(peak, swing.magnitude)
      return
    }
    guard swing.magnitude > max(limit, swings == 0 ? 0 : peak / 2) else { return }
    isUp = swing > 0
    peak = swing.magnitude
    swings = min(swings + 1, 4)
    sinceSwing = 0
  }

  /// Mean step of the values; nil while there is nothing to compare it with.
  private mutating func roughen(_ change: Double, _ time: Int64) -> Double? {
    let step = change.magnitude
    let base = baseline ?? step
    let isLearnt = learnt >= 10 * min(options.averaging, options.baseline / 10)
    let counted = isLearnt ? min(step, options.clip * base) : step
    settled = min(options.averaging, GridTime.time(settled, plus: time))
    energy += (counted - energy) * Self.weight(time, Double(settled))
    drift += ((change < 0 ? -counted : counted) - drift) * Self.weight(time, Double(settled))
    measure = energy
    if !isRaised {
      learnt = min(options.baseline, GridTime.time(learnt, plus: time))
      // The baseline does not learn from what may be the begin of an oscillation.
      let lesson = isLearnt ? min(counted, 3 * base) : counted
      baseline = base + (lesson - base) * Self.weight(time, Double(learnt))
    }
    return isLearnt && settled >= options.averaging ? base : nil
  }

  private mutating func decide(_ level: Double, _ time: Int64) -> Change? {
    guard let measure else { return nil }
    var isSwing = measure > level && drift.magnitude <= 0.5 * measure
    if case .band = options.method { isSwing = isSwing && swings >= 4 }
    guard isRaised ? measure < options.release * level : isSwing else {
      since = nil
      return nil
    }
    let began = since ?? time
    since = began
    guard GridTime.span(from: began, to: time) >= (isRaised ? options.releaseHold : options.hold)
    else { return nil }
    since = nil
    isRaised.toggle()
    return isRaised ? .raised(measure) : .released(measure)
  }
}
