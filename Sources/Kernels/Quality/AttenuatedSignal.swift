/// Finds a signal whose spread has gone, as of a fouled or a dying sensor.
///
/// The spread is that of the samples in (t - period, t] at the sample's time t. NaN and infinities
/// are missing and left out. A window with fewer than the least number of observations is not
/// evaluated. A sample at the time of the one before it counts; time that goes backwards starts the
/// window again. A full window leaves its oldest sample out before its time, and so is shorter.
///
/// Source: QARTOD test 16, attenuated signal; `attenuated_signal_test` of ioos_qc 3.0.0 with a test
/// period. Deviations: the spread is summed without subtraction, so it may differ in the last bits;
/// and its range is not evaluated where a value in the window is missing, while its deviation
/// leaves that value out; here both leave it out.
///
/// Memory: 56 bytes times the capacity, taken once.
public struct AttenuatedSignal: Hashable, Sendable {
  /// What the spread is.
  public enum Measure: String, Hashable, Sendable, CaseIterable {
    /// The standard deviation of the window, divided by the count.
    case standardDeviation
    /// The greatest less the least value.
    case range
  }

  /// The most samples that a window may have.
  public static let maximumCapacity = 1_000_000
  /// Below this spread a sample is suspect, in the stream's unit.
  public let suspect: Double
  /// Below this spread a sample fails.
  public let fail: Double
  /// The length of the window in nanoseconds.
  public let period: Int64
  /// How many observations a window must have.
  public let minimumObservations: Int
  /// What the spread is.
  public let measure: Measure
  private var window: MomentWindow
  private var latest: Int64?

  /// Spreads in the stream's unit, the period in nanoseconds, the capacity in samples.
  ///
  /// The capacity should be at least the period over the interval, and one. Of one observation the
  /// spread is 0, which ioos_qc fails by default; here a window needs 2 unless otherwise said. Nil
  /// for a period below 1, a capacity outside 2...1,000,000, fewer than 1 or more observations than
  /// the capacity, spreads that are NaN, or one that fails above one that is suspect.
  public init?(
    suspect: Double, fail: Double, period: Int64, capacity: Int, minimumObservations: Int = 2,
    measure: Measure = .standardDeviation
  ) {
    guard fail <= suspect, period >= 1,
      (2...Self.maximumCapacity).contains(capacity), (1...capacity).contains(minimumObservations)
    else { return nil }
    self.suspect = suspect
    self.fail = fail
    self.period = period
    self.minimumObservations = minimumObservations
    self.measure = measure
    window = MomentWindow(capacity: capacity)
  }

  /// The same with the least time that a window must have instead of the number of observations.
  ///
  /// The number is the time over the interval, both in nanoseconds, rounded down, and at least 1.
  public init?(
    suspect: Double, fail: Double, period: Int64, capacity: Int, minimumPeriod: Int64,
    interval: Int64, measure: Measure = .standardDeviation
  ) {
    guard interval >= 1, minimumPeriod >= 0, minimumPeriod <= period else { return nil }
    let observations = max(1, minimumPeriod / interval)
    guard observations <= Int64(Self.maximumCapacity) else { return nil }
    self.init(
      suspect: suspect, fail: fail, period: period, capacity: capacity,
      minimumObservations: Int(observations), measure: measure)
  }

  /// Takes a sample; gives its flag.
  public mutating func accept(_ sample: Sample) -> QualityFlag {
    if let latest, sample.nanoseconds < latest { window.removeAll() }
    latest = sample.nanoseconds
    guard sample.value.isFinite else { return .missing }
    let (oldest, overflow) = sample.nanoseconds.subtractingReportingOverflow(period)
    if !overflow { window.drop(through: oldest) }
    window.append(sample)
    guard window.count >= minimumObservations else { return .notEvaluated }
    let moments = window.moments
    let spread =
      measure == .range ? moments.greatest - moments.least : moments.populationDeviation
    guard !spread.isNaN else { return .notEvaluated }
    if spread < fail { return .fail }
    return spread < suspect ? .suspect : .good
  }
}
