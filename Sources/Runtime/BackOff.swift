/// When to try again: at once after the first failure, then after a time that doubles to a minute.
struct BackOff: Hashable, Sendable {
  private var failures = 0
  private var retryAt: Int64 = .min

  /// Whether another try is due at a time of the monotonic clock.
  func isDue(_ now: Int64) -> Bool { now >= retryAt }

  /// How long it is until another try is due.
  func wait(_ now: Int64) -> Duration { .nanoseconds(max(0, retryAt - now)) }

  /// Notes a failure at a time of the monotonic clock.
  mutating func fail(now: Int64) {
    let seconds: Int64 = failures == 0 ? 0 : min(60, 1 << min(6, failures - 1))
    failures += 1
    retryAt = now + seconds * 1_000_000_000
  }
}
