/// Turns evidence into a score, and lets one event raise one alarm.
///
/// After an alarm the score is held down for a number of samples. Every alarm also tires: evidence
/// counts a fifth less for each alarm before, and that fades with the memory, so that what keeps
/// coming back is no longer news.
struct AlarmHold: Hashable, Sendable {
  /// What a score does to the alarm.
  enum Change: Hashable, Sendable {
    case raised
    case released
  }

  private static let tiring = 0.2
  private static let held = 0.01

  /// The score at which the alarm is raised.
  let threshold: Double
  /// For how many samples after an alarm no other one is raised.
  let length: Int
  private let fading: Double
  private let half: Double
  private var remaining = 0
  private var fatigue = 0.0

  /// An alarm at a score; the memory is in samples, and the half is the evidence that scores 0.5.
  init(threshold: Double, length: Int, memory: Double, half: Double) {
    self.threshold = threshold
    self.length = length
    self.half = half
    fading = 1 - 1 / memory
  }

  /// Whether the alarm is raised.
  var isRaised: Bool { remaining > 0 }

  /// Takes evidence of at least 0; gives the score, a hundredth of it while the alarm is held.
  mutating func accept(_ evidence: Double) -> (score: Double, change: Change?) {
    fatigue *= fading
    let rested = evidence / (1 + Self.tiring * fatigue)
    let score = rested / (rested + half)
    if remaining > 0 {
      remaining -= 1
      return (score * Self.held, remaining == 0 ? .released : nil)
    }
    guard score >= threshold else { return (score, nil) }
    remaining = length
    fatigue += 1
    return (score, .raised)
  }
}
