/// How long to wait after each failure: exponential, with full jitter.
///
/// A fleet that lost its broker at the same instant must not come back at the same instant.
struct BackOff<Randomness: RandomNumberGenerator> {
  private let first: Duration
  private let longest: Duration
  private var randomness: Randomness
  private var failures = 0

  init(first: Duration, longest: Duration, randomness: Randomness) {
    self.first = first
    self.longest = longest
    self.randomness = randomness
  }

  /// The wait after one more failure: between nothing and a bound that doubles.
  mutating func next() -> Duration {
    var bound = first
    for _ in 0..<failures where bound < longest { bound *= 2 }
    bound = min(bound, longest)
    failures = min(failures + 1, 63)
    // The 53 bits that a Double holds, as a fraction of one.
    return bound * (Double(randomness.next() >> 11) * 0x1p-53)
  }

  /// Begins again, after a session that was worth its name.
  mutating func reset() { failures = 0 }
}

extension BackOff: Sendable where Randomness: Sendable {}
