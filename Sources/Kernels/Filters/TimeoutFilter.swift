/// Passes every sample, and says when none has come for so long.
///
/// `advance(to:)` gives the timeout once, stamped with the time it fell due: NaN, which is missing,
/// or another value. `accept(_:)` only passes samples: where time was not told, no timeout comes.
/// Time that goes backwards starts the wait again. ESPHome: `timeout`.
public struct TimeoutFilter: StreamFilter {
  /// How long the silence may last, in nanoseconds.
  public let period: Int64
  /// The value of a timeout; NaN where the value is missing.
  public let value: Double
  private var latest: Int64?

  /// How long the silence may last, in nanoseconds, and the value of a timeout.
  ///
  /// Nil where the time is not over 0.
  public init?(period: Int64, value: Double = .nan) {
    guard period > 0 else { return nil }
    self.period = period
    self.value = value
  }

  /// Takes a sample and gives it.
  public mutating func accept(_ sample: Sample) -> Sample? {
    latest = sample.nanoseconds
    return sample
  }

  /// Says that time has come so far; gives the timeout where it is due.
  public mutating func advance(to nanoseconds: Int64) -> Sample? {
    guard let began = latest else { return nil }
    let (due, overflow) = began.addingReportingOverflow(period)
    guard !overflow, nanoseconds >= due else { return nil }
    latest = nil
    return Sample(nanoseconds: due, value: value)
  }
}
