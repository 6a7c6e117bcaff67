/// Count, mean, extremes and standard deviation of a stream, in constant memory.
///
/// Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and
/// products", Technometrics 4 (1962). Only `+ - * /` and the square root are used, each rounded
/// as IEEE 754 says, so the same values give the same bits on every machine.
public struct RunningStatistics: Hashable, Sendable {
  /// How many values were taken.
  public private(set) var count: UInt64 = 0
  private var runningMean = 0.0
  private var squares = 0.0
  private var least = 0.0
  private var greatest = 0.0

  /// Statistics of no value yet.
  public init() {}

  /// Takes a value; NaN and infinities are passed over.
  public mutating func accept(_ value: Double) {
    guard value.isFinite else { return }
    least = count == 0 ? value : min(least, value)
    greatest = count == 0 ? value : max(greatest, value)
    count += 1
    let before = value - runningMean
    runningMean += before / Double(count)
    let after = value - runningMean
    let product = before * after
    squares += product
  }

  /// The arithmetic mean; nil without values.
  public var mean: Double? { count == 0 ? nil : runningMean }

  /// The least value; nil without values.
  public var minimum: Double? { count == 0 ? nil : least }

  /// The greatest value; nil without values.
  public var maximum: Double? { count == 0 ? nil : greatest }

  /// The variance of the sample, divided by one less than the count; nil below two values.
  public var variance: Double? { count < 2 ? nil : max(0, squares / Double(count - 1)) }

  /// The standard deviation of the sample; nil below two values.
  public var standardDeviation: Double? { variance.map { $0.squareRoot() } }
}
