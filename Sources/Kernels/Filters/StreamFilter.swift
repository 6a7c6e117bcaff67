/// Takes the samples of a stream and gives some of them on, or others in their place.
///
/// A call gives one sample at most. Filters that give something because time has passed do so in
/// `advance(to:)`; call it with the time before each sample, and whenever the stream is silent.
/// What they give in `accept(_:)` where that was left out, each of them says.
///
/// A filter has no state but its own, so however a stream is cut, it gives the same. Samples that
/// are not finite are missing: NaN and infinities take part as each filter says.
public protocol StreamFilter: Sendable {
  /// Takes a sample; gives the one to send on, where there is one.
  mutating func accept(_ sample: Sample) -> Sample?
  /// Says that time has come so far, in nanoseconds; gives what is due by then.
  mutating func advance(to nanoseconds: Int64) -> Sample?
}

extension StreamFilter {
  /// Gives nothing: time alone makes no sample here.
  public mutating func advance(to nanoseconds: Int64) -> Sample? { nil }
}

/// Counts samples and says which of them to send: the first at one place, then every so many.
struct SendSchedule: Hashable, Sendable {
  let every: Int
  private var taken: Int

  init?(every: Int, firstAt: Int) {
    guard every >= 1, (1...every).contains(firstAt) else { return nil }
    self.every = every
    taken = every - firstAt
  }

  mutating func isDue() -> Bool {
    taken += 1
    guard taken >= every else { return false }
    taken = 0
    return true
  }
}
