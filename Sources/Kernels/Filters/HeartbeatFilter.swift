/// Gives the last value at a steady beat, however often values come.
///
/// Beats are whole periods from the first sample, whose stamp begins them; a beat has the value of
/// the last sample before or at it, stamped with the beat. `advance(to:)` gives the beat that is
/// due, and where it was left out, the next sample does; of several beats missed the last is given.
/// An optimistic heartbeat gives every sample at once as well, so that a sample at which a beat is
/// due takes its place. Time that goes backwards begins the beats anew. NaN and infinities are
/// values like others. ESPHome: `heartbeat`.
public struct HeartbeatFilter: StreamFilter, Hashable {
  /// The time between beats in nanoseconds.
  public let period: Int64
  /// Whether every sample is given at once as well.
  public let isOptimistic: Bool
  private var value: Double?
  private var beat: Int64 = 0

  /// The time between beats in nanoseconds; nil where it is not over 0.
  public init?(period: Int64, isOptimistic: Bool = false) {
    guard period > 0 else { return nil }
    self.period = period
    self.isOptimistic = isOptimistic
  }

  /// Takes a sample; gives it where optimistic, else the beat that was due before it.
  public mutating func accept(_ sample: Sample) -> Sample? {
    guard value != nil, sample.nanoseconds >= beat else {
      value = sample.value
      beat = sample.nanoseconds
      return isOptimistic ? sample : nil
    }
    let due = advance(to: sample.nanoseconds)
    value = sample.value
    // A beat at the time of the sample has its value.
    if let due, due.nanoseconds == sample.nanoseconds { return sample }
    return isOptimistic ? sample : due
  }

  /// Says that time has come so far; gives the last beat that is due.
  public mutating func advance(to nanoseconds: Int64) -> Sample? {
    guard let value, nanoseconds > beat else { return nil }
    // Exact for any two times: the difference of two Int64 fits an UInt64.
    let elapsed = UInt64(bitPattern: nanoseconds &- beat)
    guard elapsed >= UInt64(period) else { return nil }
    beat = Int64(truncatingIfNeeded: UInt64(bitPattern: nanoseconds) &- elapsed % UInt64(period))
    return Sample(nanoseconds: beat, value: value)
  }
}
