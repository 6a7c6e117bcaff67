/// Holds back samples that changed faster than the quantity can, and follows when it really did.
///
/// A sample passes where its change from the last passed one is at most the greatest rate over the
/// time between them; the longer ago that was, the more may have changed. A run of held back
/// samples that agree with each other by the same rule is the quantity itself: the sample that
/// completes the run passes. NaN and infinities are held back and end no run. A second sample at
/// one time passes only where it is equal; time that goes backwards passes the sample and begins
/// anew.
public struct SpikeRejection: StreamFilter, Hashable {
  /// The greatest change per second, in the stream's unit.
  public let maximumRate: Double
  /// How many samples that agree with each other are the quantity itself.
  public let reacquireAfter: Int
  /// How many samples were held back.
  public private(set) var rejected: UInt64 = 0
  private var passed: Sample?
  private var candidate: Sample?
  private var agreeing = 0

  /// The greatest change per second and the number of samples that agree.
  ///
  /// Nil where the rate is not finite and over 0 or the number below 1.
  public init?(maximumRate: Double, reacquireAfter: Int = 3) {
    guard maximumRate > 0, maximumRate.isFinite, reacquireAfter >= 1 else { return nil }
    self.maximumRate = maximumRate
    self.reacquireAfter = reacquireAfter
  }

  /// Takes a sample; gives it where it passes.
  public mutating func accept(_ sample: Sample) -> Sample? {
    guard sample.value.isFinite else {
      rejected &+= 1
      return nil
    }
    guard let passed, sample.nanoseconds >= passed.nanoseconds else { return pass(sample) }
    if agrees(sample, with: passed) { return pass(sample) }
    if let candidate, agrees(sample, with: candidate) { agreeing += 1 } else { agreeing = 1 }
    candidate = sample
    if agreeing >= reacquireAfter { return pass(sample) }
    rejected &+= 1
    return nil
  }

  private mutating func pass(_ sample: Sample) -> Sample {
    passed = sample
    candidate = nil
    agreeing = 0
    return sample
  }

  private func agrees(_ sample: Sample, with earlier: Sample) -> Bool {
    guard sample.nanoseconds >= earlier.nanoseconds else { return false }
    guard let elapsed = sample.elapsed(since: earlier.nanoseconds) else { return true }
    return (sample.value - earlier.value).magnitude <= maximumRate * Sample.seconds(elapsed)
  }
}
