/// Passes a sample when no other has come for so long.
///
/// `advance(to:)` gives it when the time is over, stamped as it came; where that was left out, the
/// next sample gives it. A sample that comes sooner takes its place. Time that goes backwards
/// starts the wait again. NaN and infinities are samples like others. ESPHome: `debounce`.
public struct DebounceFilter: StreamFilter, Hashable {
  /// How long no other sample may come, in nanoseconds.
  public let period: Int64
  private var waiting: Sample?

  /// How long no other sample may come, in nanoseconds; nil where it is not over 0.
  public init?(period: Int64) {
    guard period > 0 else { return nil }
    self.period = period
  }

  /// Takes a sample; gives the one before it where that had waited long enough.
  public mutating func accept(_ sample: Sample) -> Sample? {
    let passed = advance(to: sample.nanoseconds)
    waiting = sample
    return passed
  }

  /// Says that time has come so far; gives the sample that has waited long enough.
  public mutating func advance(to nanoseconds: Int64) -> Sample? {
    guard let sample = waiting, nanoseconds > sample.nanoseconds else { return nil }
    let (elapsed, overflow) = nanoseconds.subtractingReportingOverflow(sample.nanoseconds)
    guard overflow || elapsed >= period else { return nil }
    waiting = nil
    return sample
  }
}
