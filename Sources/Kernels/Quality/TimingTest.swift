/// Tests the stamps of a stream against the expected interval.
///
/// A sample is held against the one before it. On time is an interval give or take the tolerance;
/// sooner or later is suspect, beyond the greatest gap it fails (as `time_gap_test` of ioos_qc),
/// and so does a stamp that comes again or goes backwards. After a step of the clock the stream is
/// thus judged anew from the next sample on. The first sample is not evaluated. The flag of NaN and
/// infinities is missing, but their stamps count.
public struct TimingTest: Hashable, Sendable {
  /// How a sample came.
  public enum Arrival: Hashable, Sendable {
    /// It is the first of the stream.
    case first
    /// It came within the tolerance.
    case onTime
    /// It came sooner.
    case early
    /// It came later, with no sample missing before it.
    case late
    /// It came after so many missing samples.
    case afterMissing(Int64)
    /// It has the stamp of the sample before it.
    case duplicate
    /// Its stamp is before that of the sample before it.
    case backwards
  }

  /// The expected time between samples in nanoseconds.
  public let interval: Int64
  /// How far from the interval is still on time, in nanoseconds.
  public let tolerance: Int64
  /// The time between samples beyond which the later one fails; nil where none does.
  public let maximumGap: Int64?
  /// How the last sample came; nil before the first.
  public private(set) var arrival: Arrival?
  /// How many samples are missing in all.
  public private(set) var missingSamples: Int64 = 0
  private var previous: Int64?

  /// An interval in nanoseconds and its tolerance, half the interval where it is not said.
  ///
  /// Nil where the interval is not over 0, the tolerance negative or not below the interval, or the
  /// greatest gap less than the interval.
  public init?(interval: Int64, tolerance: Int64? = nil, maximumGap: Int64? = nil) {
    let tolerance = tolerance ?? interval / 2
    guard interval > 0, (0..<interval).contains(tolerance), maximumGap ?? interval >= interval
    else { return nil }
    self.interval = interval
    self.tolerance = tolerance
    self.maximumGap = maximumGap
  }

  /// Takes a sample; gives its flag.
  public mutating func accept(_ sample: Sample) -> QualityFlag {
    let elapsed = previous.map {
      sample.elapsed(since: $0) ?? (sample.nanoseconds > $0 ? .max : .min)
    }
    previous = sample.nanoseconds
    let arrival = elapsed.map { self.arrival(after: $0) } ?? .first
    self.arrival = arrival
    if case .afterMissing(let count) = arrival {
      let (sum, overflow) = missingSamples.addingReportingOverflow(count)
      missingSamples = overflow ? .max : sum
    }
    guard sample.value.isFinite else { return .missing }
    switch arrival {
    case .first: return .notEvaluated
    case .onTime: return .good
    case .early: return .suspect
    case .late, .afterMissing:
      return elapsed.map { $0 > maximumGap ?? .max } ?? false ? .fail : .suspect
    case .duplicate, .backwards: return .fail
    }
  }

  /// How many samples should have come by a time and did not; 0 before the first sample.
  public func overdue(at nanoseconds: Int64) -> Int64 {
    guard let previous, nanoseconds > previous else { return 0 }
    let (elapsed, overflow) = nanoseconds.subtractingReportingOverflow(previous)
    let (allowed, isPast) = (overflow ? Int64.max : elapsed).subtractingReportingOverflow(tolerance)
    return isPast || allowed < 0 ? 0 : allowed / interval
  }

  private func arrival(after elapsed: Int64) -> Arrival {
    if elapsed == 0 { return .duplicate }
    if elapsed < 0 { return .backwards }
    if elapsed < interval - tolerance { return .early }
    guard elapsed - interval > tolerance else { return .onTime }
    // To the nearest number of intervals, so that a late sample after a gap still counts right.
    let (whole, rest) = elapsed.quotientAndRemainder(dividingBy: interval)
    let missing = rest >= interval - rest ? whole : whole - 1
    return missing < 1 ? .late : .afterMissing(missing)
  }
}
