/// What is known of the samples of a window, in constant memory, and can be put together.
///
/// Between two samples the value is taken to go as the rule says, and a stretch belongs to the
/// window in which it ends: the one from the last sample before a window to its first is the
/// window's. So integrals of windows that follow each other add up to that of the whole.
///
/// NaN and infinities are missing: they are counted, and the value goes over them as if they were
/// not there. A second sample at one time counts, and is the one the value goes on from. A sample
/// older than the newest one counts in the statistics that know no order, and not in the integral,
/// the rate, the first and the last.
public struct WindowSummary: Hashable, Sendable {
  /// How a value goes from one sample to the next.
  public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    /// In a straight line, so that the integral is that of trapezoids.
    case linear
    /// It stays the earlier sample's until the later one comes.
    case previous
  }

  /// What is made of the samples.
  public struct Rule: Hashable, Sendable {
    /// How the value goes from one sample to the next.
    public let interpolation: Interpolation
    /// The longest stretch between samples over which the value is known, in nanoseconds.
    public let maximumGap: Int64?
    /// Whether the values are directions in degrees, and their vector mean is wanted.
    public let isDirection: Bool

    /// How values go between samples, over which gap at most, and whether they are directions.
    public init(
      interpolation: Interpolation = .linear, maximumGap: Int64? = nil, isDirection: Bool = false
    ) {
      self.interpolation = interpolation
      self.maximumGap = maximumGap
      self.isDirection = isDirection
    }
  }

  /// What is made of the samples.
  public let rule: Rule
  /// How many finite values there were.
  public private(set) var count: UInt64 = 0
  /// How many values were missing.
  public private(set) var missing: UInt64 = 0
  /// How many of the finite values came after a newer one.
  public private(set) var outOfOrder: UInt64 = 0
  /// The oldest sample of those in order.
  public private(set) var first: Sample?
  /// The newest sample of those in order.
  public private(set) var last: Sample?
  /// For how long the value is known, in nanoseconds.
  public private(set) var covered: Int64 = 0
  /// The vector mean of directions; of no direction where the rule does not want it.
  public private(set) var direction = DirectionMean()
  private var sum = 0.0
  private var moments = Moments()
  private var previous: Sample?

  /// A summary of no sample yet.
  public init(_ rule: Rule = Rule()) {
    self.rule = rule
  }

  /// A summary of no sample yet that goes on where this one ends.
  public func continued() -> Self {
    var next = Self(rule)
    next.previous = last ?? previous
    return next
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample) {
    guard sample.value.isFinite else {
      missing += 1
      return
    }
    count += 1
    moments.accept(sample.value)
    if rule.isDirection { direction.accept(sample.value) }
    if let before = last ?? previous {
      guard sample.nanoseconds >= before.nanoseconds else {
        outOfOrder += 1
        return
      }
      addStretch(from: before, to: sample)
    }
    first = first ?? sample
    last = sample
  }

  /// Takes the samples of a later summary of the same rule; false where its rule is another.
  ///
  /// One that goes on from this brings the stretch between the two, for another it is added. Of
  /// summaries that overlap no stretch is added.
  @discardableResult
  public mutating func merge(_ later: Self) -> Bool {
    guard rule == later.rule else { return false }
    if later.previous == nil, let last, let start = later.first {
      addStretch(from: last, to: start)
    }
    count += later.count
    missing += later.missing
    outOfOrder += later.outOfOrder
    moments = moments.merged(with: later.moments)
    direction.merge(later.direction)
    sum += later.sum
    covered = Self.added(covered, later.covered)
    first = first ?? later.first
    last = later.last ?? last
    return true
  }

  /// Whether no sample was taken at all.
  public var isEmpty: Bool { count == 0 && missing == 0 }

  /// The arithmetic mean; nil without values.
  public var mean: Double? { count == 0 ? nil : moments.mean }

  /// The least value; nil without values.
  public var minimum: Double? { count == 0 ? nil : moments.least }

  /// The greatest value; nil without values.
  public var maximum: Double? { count == 0 ? nil : moments.greatest }

  /// The greatest less the least value; nil without values.
  public var range: Double? { count == 0 ? nil : moments.greatest - moments.least }

  /// The variance of the sample, divided by one less than the count; nil below two values.
  public var variance: Double? {
    count < 2 ? nil : max(0, moments.squares / (moments.count - 1))
  }

  /// The standard deviation of the sample; nil below two values.
  public var standardDeviation: Double? { variance?.squareRoot() }

  /// The root of the mean of the squares; nil without values.
  public var rootMeanSquare: Double? {
    guard count > 0 else { return nil }
    let square = moments.mean * moments.mean
    return (square + max(0, moments.squares) / moments.count).squareRoot()
  }

  /// The integral over the time that is covered, in unit-seconds; nil where none is.
  public var integral: Double? { covered == 0 ? nil : sum }

  /// The mean over the time that is covered; nil where none is.
  public var timeWeightedMean: Double? { covered == 0 ? nil : sum / Sample.seconds(covered) }

  /// The last less the first value over the time between them, per second; nil without time.
  public var rate: Double? {
    guard let first, let last, let elapsed = last.elapsed(since: first.nanoseconds), elapsed > 0
    else { return nil }
    return (last.value - first.value) / Sample.seconds(elapsed)
  }

  private mutating func addStretch(from start: Sample, to end: Sample) {
    guard let elapsed = end.elapsed(since: start.nanoseconds), elapsed > 0,
      elapsed <= rule.maximumGap ?? .max
    else { return }
    let level =
      rule.interpolation == .linear ? start.value / 2 + end.value / 2 : start.value
    let area = level * Sample.seconds(elapsed)
    sum += area
    covered = Self.added(covered, elapsed)
  }

  private static func added(_ one: Int64, _ other: Int64) -> Int64 {
    let (sum, overflow) = one.addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
