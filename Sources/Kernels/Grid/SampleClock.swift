/// Turns the stamps of evenly sampled values into a smooth line of time.
///
/// The line is the least-squares one through all stamps so far, up to a memory (the alpha-beta
/// filter with the gains of a growing memory): the jitter of a stamp hardly moves it.
struct SampleClock: Hashable, Sendable {
  enum Verdict { case next, late, gap }

  /// Nanoseconds between samples.
  private(set) var period: Double
  /// The index of the newest sample; -1 before the first.
  private(set) var index = -1
  private let nominalPeriod: Double
  private let isExact: Bool
  private let gap: Int64
  private let memory: Double
  private var base: Int64 = 0
  private var newest = 0.0
  private var last: Int64?

  /// A rate in hertz, which is kept where it is exact and refined by the stamps elsewhere.
  ///
  /// Stamps more than `gap` nanoseconds and a period apart are a gap.
  init(rate: Double, isExact: Bool, gap: Int64) {
    nominalPeriod = 1e9 / rate
    period = nominalPeriod
    self.isExact = isExact
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
      return .next
    }
    let step = GridTime.span(from: last, to: stamp)
    if step <= 0, step > -GridTime.second { return .late }
    self.last = stamp
    guard step > 0, Double(step) <= Double(gap) + nominalPeriod else {
      begin(stamp)
      return .gap
    }
    index += 1
    newest += period
    let n = min(Double(index + 1), memory)
    let error = Double(GridTime.span(from: base, to: stamp)) - newest
    newest += error * (2 * (2 * n - 1) / (n * (n + 1)))
    if !isExact { period += error * (6 / (n * (n + 1))) }
    return .next
  }

  private mutating func advance() -> Verdict {
    guard let last else {
      begin(0)
      return .next
    }
    index += 1
    newest += period
    self.last = max(last, GridTime.time(base, plusRounded: newest))
    return .next
  }

  /// Makes the newest sample the first one.
  mutating func anchor() {
    base = GridTime.time(base, plusRounded: newest)
    newest = 0
    index = 0
  }

  private mutating func begin(_ stamp: Int64) {
    (base, newest, last, index) = (stamp, 0, stamp, 0)
    if !isExact { period = nominalPeriod }
  }

  /// The time of a position among the samples, in nanoseconds.
  func time(_ position: Double) -> Int64 {
    GridTime.time(base, plusRounded: newest + (position - Double(index)) * period)
  }
}
