/// Lets one event raise one alarm: after an alarm, scores are held down for a number of samples.
struct AlarmHold: Hashable, Sendable {
  /// What a score does to the alarm.
  enum Change: Hashable, Sendable {
    case raised
    case released
  }

  /// The score at which the alarm is raised.
  let threshold: Double
  /// For how many samples after an alarm no other one is raised.
  let length: Int
  private var remaining = 0

  init(threshold: Double, length: Int) {
    self.threshold = threshold
    self.length = length
  }

  /// Whether the alarm is raised.
  var isRaised: Bool { remaining > 0 }

  /// Takes a score; gives the score to show, which is a hundredth while the alarm is held.
  mutating func accept(_ score: Double) -> (score: Double, change: Change?) {
    if remaining > 0 {
      remaining -= 1
      return (score * 0.01, remaining == 0 ? .released : nil)
    }
    guard score >= threshold else { return (score, nil) }
    remaining = length
    return (score, .raised)
  }
}
