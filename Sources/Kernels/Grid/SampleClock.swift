/// Turns the stamps of evenly sampled values into a smooth line of time.
///
/// The line is the least-squares one through all stamps so far, up to a memory (the alpha-beta
/// filter with the gains of a growing memory): the jitter of a stamp hardly moves it. A rate that is
/// exact is kept, until the stamps contradict it: by over six deviations of the rate that they show
/// and over 20 millionths, after a tenth of a second.
///
/// Where stamps are even enough to tell, by steps within a tenth of a period of whole periods on
/// average, a stamp behind its place by three quarters of a period or more says how many samples are
/// absent, and one as far before it that the sample is one too many.
struct SampleClock: Hashable, Sendable {
  enum Verdict: Hashable {
    /// The next sample, after a number of absent ones.
    case next(absent: Int)
    case late
    case gap
  }

  /// Nanoseconds between samples.
  var period: Double { isExact ? nominalPeriod : free.period }
  /// The index of the newest sample; -1 before the first.
  private(set) var index = -1
  /// Whether the rate is kept as it was told.
  private(set) var isExact: Bool
  private let nominalPeriod: Double
  private let toldExact: Bool
  private let gap: Int64
  private let memory: Double
  private var base: Int64 = 0
  private var newest = 0.0
  private var last: Int64?
  /// The line whose slope the stamps decide, too.
  private var free: Line
  /// How far steps are from whole periods, on average, in periods.
  private var unevenness = 0.0
  private var steps = 0.0

  private struct Line: Hashable, Sendable {
    var newest = 0.0
    var period: Double
    /// The mean square of the stamps' distance from the line, and their mean distance lately.
    var scatter = 0.0
    var bias = 0.0
  }

  /// A rate in hertz, which is kept where it is exact and refined by the stamps elsewhere.
  ///
  /// Absent samples that take longer than `gap` nanoseconds are a gap.
  init(rate: Double, isExact: Bool, gap: Int64) {
    nominalPeriod = 1e9 / rate
    free = Line(period: nominalPeriod)
    self.isExact = isExact
    toldExact = isExact
    self.gap = gap
    memory = max(1000, 20 * rate)
  }

  /// Takes the next sample's stamp, or none where the sample follows evenly.
  ///
  /// After a gap the line begins anew with this sample.
  mutating func accept(_ stamp: Int64?) -> Verdict {
    guard let stamp else { return advance() }
    guard let last else {
      begin(stamp)
      return .next(absent: 0)
    }
    let step = GridTime.span(from: last, to: stamp)
    if step <= 0, step > -GridTime.second { return .late }
    guard step > 0, Double(step) <= Double(gap) + nominalPeriod else {
      begin(stamp)
      return .gap
    }
    let place = Double(GridTime.span(from: base, to: stamp))
    let count = samples(in: step, to: place)
    guard count > 0 else { return .late }
    self.last = stamp
    fit(place, count)
    return .next(absent: count - 1)
  }

  /// How many sample periods lie between the last sample and this one; 0 for one too many.
  private mutating func samples(in step: Int64, to place: Double) -> Int {
    let isKnown = index >= 64
    let periods = Double(step) / (isKnown ? free.period : nominalPeriod)
    let isEven = steps >= 8 && unevenness < 0.1
    defer {
      steps = min(steps + 1, 64)
      unevenness += ((periods - periods.rounded()).magnitude - unevenness) / steps
    }
    guard isEven else { return 1 }
    let behind = isKnown ? (place - free.newest) / free.period : periods
    return behind < 0.25 && isKnown ? 0 : behind >= 1.75 ? Int(behind.rounded()) : 1
  }

  private mutating func fit(_ place: Double, _ count: Int) {
    index += count
    let n = min(Double(index + 1), memory)
    let (alpha, beta) = (2 * (2 * n - 1) / (n * (n + 1)), 6 / (n * (n + 1)))
    free.newest += Double(count) * free.period
    let off = place - free.newest
    free.newest += off * alpha
    free.period += off * beta
    if index >= 8 { free.scatter += (off * off - free.scatter) / min(Double(index - 7), 1000) }
    guard isExact else {
      newest = free.newest
      free.bias += (off - free.bias) / 1000
      return
    }
    newest += Double(count) * nominalPeriod
    free.bias += (place - newest - free.bias) / 1000
    newest += (place - newest) * alpha
    let error = (free.period - nominalPeriod).magnitude
    // The variance of a slope by n points is 12 / n^3 of theirs.
    guard n >= 64, n * nominalPeriod >= 1e8, error > 2e-5 * nominalPeriod,
      error * error > 36 * 12 * free.scatter / (n * n * n)
    else { return }
    isExact = false
    newest = free.newest
  }

  /// How far the line may be off, in nanoseconds: three deviations, and what it leaves of a step.
  var uncertainty: Double {
    let n = min(Double(max(index, 0) + 1), memory)
    return 3 * (4 * free.scatter / n).squareRoot() + free.bias.magnitude
  }

  private mutating func advance() -> Verdict {
    guard let last else {
      begin(0)
      return .next(absent: 0)
    }
    index += 1
    newest += period
    free.newest = newest
    self.last = max(last, GridTime.time(base, plusRounded: newest))
    return .next(absent: 0)
  }

  /// Makes the newest sample the first one.
  mutating func anchor() {
    let shift = newest.rounded()
    base = GridTime.time(base, plusRounded: shift)
    newest -= shift
    free.newest -= shift
    index = 0
  }

  private mutating func begin(_ stamp: Int64) {
    (base, newest, last, index) = (stamp, 0, stamp, 0)
    isExact = toldExact
    free = Line(period: nominalPeriod)
    (unevenness, steps) = (0, 0)
  }

  /// The time of a position among the samples, in nanoseconds.
  func time(_ position: Double) -> Int64 {
    GridTime.time(base, plusRounded: newest + (position - Double(index)) * period)
  }
}
