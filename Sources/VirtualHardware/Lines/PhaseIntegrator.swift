/// Adds up a rate of cycles a second, and finds when the sum reaches a number of cycles.
///
/// Time is cut where the signal has a corner, so the answers depend on the signal only and not on
/// how often anybody asks. Between two cuts the rate is a straight line, whose sum is exact. No
/// value, or a negative one, counts as no rate at all.
struct PhaseIntegrator: Sendable {
  /// The highest rate that is followed, in cycles a second.
  static let highestRate = 10_000.0

  private let signal: Signal
  private var start: Int64
  /// The cycles that were complete at `start`.
  private var cycles = 0.0

  init(_ signal: Signal) {
    self.signal = signal
    start = signal.originNanoseconds
  }

  /// The rate at a time of the monotonic clock, in cycles a second.
  func rate(at nanoseconds: Int64) -> Double {
    min(max(signal.value(at: nanoseconds) ?? 0, 0), Self.highestRate)
  }

  /// Counts cycles from a later number on.
  mutating func subtract(_ done: Double) {
    cycles -= done
  }

  /// When the sum reaches `target`, in nanoseconds; nil where that is after `limit`.
  mutating func time(ofCycles target: Double, notAfter limit: Int64) -> Int64? {
    while start <= limit {
      let end = signal.nextBreak(after: start)
      let first = rate(at: start)
      let last = rate(at: end - 1)
      let seconds = Double(end - start) / 1e9
      let needed = target - cycles
      let sum = (first + last) / 2 * seconds
      if needed <= sum {
        // The root of first*x + slope/2*x*x = needed that is good at slope zero too.
        let slope = (last - first) / seconds
        let root = max(first * first + 2 * slope * needed, 0).squareRoot()
        let distance = needed <= 0 ? 0 : 2 * needed / (first + root)
        let time = min(start + Int64((distance * 1e9).rounded()), end)
        return time <= limit ? time : nil
      }
      guard end <= limit else { return nil }
      cycles += sum
      start = end
    }
    return nil
  }
}
