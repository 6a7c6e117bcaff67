/// Scores how unusual each value of a stream is, and raises one alarm for an event.
///
/// One pass, constant memory, one set of parameters for every stream, no training beforehand: the
/// detector learns as it goes and is silent for its first 128 samples. Five deviations are taken:
///
/// - level: the value from the fading mean of the last samples;
/// - shift: a quick mean from that slow one;
/// - hour: the value from what this hour of the week, else of the day, had before;
/// - hour shift: the quick mean of those;
/// - fluctuation: the quick mean of the steps between neighbours from their slow mean.
///
/// Each is brought to the tail of its own past (an exponential tail beyond a running 95 % quantile,
/// see Siffer et al., KDD 2017), and the results are added, the level by half since the shift
/// knows most of it. The sum `s` becomes the score `s / (s + 7.75)`: always below 1, and strictly
/// increasing, so scores can be ranked. Scale and offset of the stream do not matter. Each alarm lets
/// later evidence count a fifth less, which fades with the memory: what keeps coming back is no news.
///
/// Rules: NaN, infinities and magnitudes over 1e140 are passed over with score 0. Times only choose
/// the hour: duplicates, gaps and times that go backwards are samples like others. A deviation is
/// never taken below 1 % of the range so far, so that tiny noise on a constant is no event.
public struct AnomalyDetector: Hashable, Sendable {
  /// The score of a sample, and what it did to the alarm.
  public struct Verdict: Hashable, Sendable {
    /// How unusual, from 0 to below 1; a hundredth of it while an alarm is held.
    public let score: Double
    /// The change of the alarm, where there is one.
    public let change: Change?
  }

  /// A change of the alarm.
  public enum Change: Hashable, Sendable {
    /// The score came to the threshold.
    case raised(AnomalyReason)
    /// The hold-off has passed: the next event raises again.
    case released
  }

  /// The score at which the alarm is raised.
  public var threshold: Double { alarm.threshold }
  /// For how many samples after an alarm no other one is raised.
  public var holdOff: Int { alarm.length }
  /// Whether an alarm is held.
  public var isRaised: Bool { alarm.isRaised }

  private static let learning = 64.0
  private static let clipping = 8.0
  private static let lesson = 5.0
  private static let leastPart = 0.01
  private static let halfScore = 7.75

  private var alarm: AlarmHold
  private var least = 0.0
  private var greatest = 0.0
  private var previous = 0.0
  private var slow: FadingMoments
  private var quick = FadingMoments(rate: 0.07)
  private var steps: FadingMoments
  private var stepSizes: FadingMoments
  private var quickStepSizes = FadingMoments(rate: 0.07)
  private var residuals: FadingMoments
  private var quickResiduals = FadingMoments(rate: 0.1)
  private var day = SeasonalProfile(checkedBins: 24, binLength: 3_600_000_000_000, rate: 0.2)
  private var week = SeasonalProfile(checkedBins: 168, binLength: 3_600_000_000_000, rate: 0.2)
  private var levelTail = TailScale()
  private var shiftTail = TailScale()
  private var hourTail = TailScale()
  private var hourShiftTail = TailScale()
  private var fluctuationTail = TailScale()

  /// A detector with the parameters that fit most streams.
  public init() {
    self.init(checkedThreshold: 0.5, holdOff: 100, memory: 1000)
  }

  /// A detector.
  ///
  /// The threshold is a score over 0 and below 1; the hold-off is in samples, at least 1; the memory
  /// is how many samples the slow mean goes back, at least 100. Nil otherwise.
  public init?(threshold: Double = 0.5, holdOff: Int = 100, memory: Int = 1000) {
    guard threshold > 0, threshold < 1, holdOff >= 1, memory >= 100 else { return nil }
    self.init(checkedThreshold: threshold, holdOff: holdOff, memory: memory)
  }

  private init(checkedThreshold threshold: Double, holdOff: Int, memory: Int) {
    let memory = Double(memory)
    alarm = AlarmHold(
      threshold: threshold, length: holdOff, memory: memory, half: Self.halfScore)
    let rate = 1 / memory
    slow = FadingMoments(rate: rate)
    steps = FadingMoments(rate: rate)
    stepSizes = FadingMoments(rate: rate)
    residuals = FadingMoments(rate: rate)
  }

  /// Takes a sample; gives its score, and the change of the alarm.
  public mutating func accept(_ sample: Sample) -> Verdict {
    guard sample.value.isTractable else { return Verdict(score: 0, change: nil) }
    var evidence = Evidence()
    take(sample, &evidence)
    let (score, change) = alarm.accept(evidence.sum)
    switch change {
    case .raised: return Verdict(score: score, change: .raised(evidence.reason))
    case .released: return Verdict(score: score, change: .released)
    case nil: return Verdict(score: score, change: nil)
    }
  }

  private mutating func take(_ sample: Sample, _ evidence: inout Evidence) {
    let value = sample.value
    let isFirst = slow.count == 0
    least = isFirst ? value : min(least, value)
    greatest = isFirst ? value : max(greatest, value)
    let floor = Self.leastPart * (greatest - least)
    let isLearned = slow.count >= Self.learning

    let weekly = week.begin(at: sample.nanoseconds)
    let daily = day.begin(at: sample.nanoseconds)
    takeLevel(value, floor, isLearned, &evidence)
    if !isFirst { takeStep(value - previous, floor, isLearned, &evidence) }
    var lesson = value
    if let usual = weekly ?? daily {
      lesson = takeHour(value, usual, floor, isLearned, &evidence)
    }
    week.learn(lesson)
    day.learn(lesson)
    previous = value
  }

  private mutating func takeLevel(
    _ value: Double, _ floor: Double, _ isLearned: Bool, _ evidence: inout Evidence
  ) {
    let deviation = max(slow.variance.squareRoot(), floor)
    let distance = value - slow.mean
    quick.accept(value)
    let shift = quick.mean - slow.mean
    let reach = Self.clipping * deviation
    slow.accept(isLearned && floor > 0 ? value.clamped(about: slow.mean, by: reach) : value)
    guard isLearned else { return }
    evidence.take(.level, distance, deviation, &levelTail, weight: 0.5)
    evidence.take(.shift, shift, deviation, &shiftTail, weight: 1)
  }

  private mutating func takeStep(
    _ step: Double, _ floor: Double, _ isLearned: Bool, _ evidence: inout Evidence
  ) {
    // An outlier is two steps: what is beyond the reach would be remembered too long.
    let reach = Self.clipping * max(steps.meanSquare.squareRoot(), floor)
    let size = isLearned && floor > 0 ? min(step.magnitude, reach) : step.magnitude
    steps.accept(step)
    quickStepSizes.accept(size)
    stepSizes.accept(size)
    guard isLearned else { return }
    let deviation = max(stepSizes.variance.squareRoot(), floor)
    let distance = quickStepSizes.mean - stepSizes.mean
    evidence.take(.fluctuation, distance, deviation, &fluctuationTail, weight: 1)
  }

  /// Takes the residual of the hour; gives the value that the hour learns from.
  private mutating func takeHour(
    _ value: Double, _ usual: SeasonalProfile.Usual, _ floor: Double, _ isLearned: Bool,
    _ evidence: inout Evidence
  ) -> Double {
    let residual = value - usual.mean
    let general = residuals.meanSquare
    let deviation = max(general.squareRoot(), floor)
    let own = max((0.5 * (general + usual.variance)).squareRoot(), floor)
    let isKnown = isLearned && floor > 0 && residuals.count >= Self.learning
    let reach = Self.clipping * deviation
    let clipped = isKnown ? residual.clamped(about: 0, by: reach) : residual
    residuals.accept(clipped)
    quickResiduals.accept(clipped)
    guard isKnown else { return value }
    evidence.take(.hour, residual, own, &hourTail, weight: 1)
    evidence.take(.hourShift, quickResiduals.mean, deviation, &hourShiftTail, weight: 1)
    // An outlier that the hour learned whole would raise again when the hour comes back.
    return value.clamped(about: usual.mean, by: Self.lesson * own)
  }
}

/// The sum of the tail distances of one sample, and the greatest of them.
private struct Evidence {
  var sum = 0.0
  var reason = AnomalyReason(cause: .level, deviations: 0)
  private var greatest = 0.0

  mutating func take(
    _ cause: AnomalyReason.Cause, _ distance: Double, _ deviation: Double,
    _ tail: inout TailScale, weight: Double
  ) {
    let deviations = deviation > 0 ? distance / deviation : 0
    let part = weight * tail.accept(deviations.magnitude)
    sum += part
    guard part > greatest else { return }
    greatest = part
    reason = AnomalyReason(cause: cause, deviations: deviations)
  }
}
