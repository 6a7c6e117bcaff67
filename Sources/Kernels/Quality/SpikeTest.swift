/// Tests a value against its two neighbours, one sample later.
///
/// The first and the last sample are not evaluated, nor is the neighbour of a missing one; NaN and
/// infinities are missing. The stamps are not looked at: the neighbours are those of the stream.
/// Source: QARTOD test 6, spike; equal to `spike_test` of ioos_qc 3.0.0 for both methods.
public struct SpikeTest: Hashable, Sendable {
  /// How a value is held against its neighbours.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// The distance from the mean of the two neighbours.
    case average
    /// The lesser of the two steps, where they go in opposite directions; else 0.
    case differential
  }

  /// How a value is held against its neighbours.
  public let method: Method
  /// Beyond this distance a value is suspect, in the stream's unit.
  public let suspect: Double?
  /// Beyond this distance a value fails.
  public let fail: Double?
  private var beforePrevious: Double?
  private var previous: Double?

  /// Distances over 0 of which one at least is given.
  ///
  /// Nil otherwise, and where one that fails is below one that is suspect.
  public init?(suspect: Double? = nil, fail: Double? = nil, method: Method = .average) {
    guard suspect != nil || fail != nil, suspect.map({ $0 > 0 }) ?? true,
      fail.map({ $0 > 0 && $0 >= suspect ?? 0 }) ?? true
    else { return nil }
    self.method = method
    self.suspect = suspect
    self.fail = fail
  }

  /// Takes a sample; gives the flag of the sample before it, nil at the first.
  public mutating func accept(_ sample: Sample) -> QualityFlag? {
    defer {
      beforePrevious = previous
      previous = sample.value
    }
    guard let previous else { return nil }
    guard previous.isFinite else { return .missing }
    guard let beforePrevious, beforePrevious.isFinite, sample.value.isFinite
    else { return .notEvaluated }
    return flag(beforePrevious, previous, sample.value)
  }

  /// Ends the stream; gives the flag of its last sample, nil where there was none.
  public mutating func finish() -> QualityFlag? {
    defer {
      beforePrevious = nil
      previous = nil
    }
    return previous.map { $0.isFinite ? .notEvaluated : .missing }
  }

  private func flag(_ left: Double, _ middle: Double, _ right: Double) -> QualityFlag {
    let distance: Double
    switch method {
    case .average:
      let reference = (left + right) / 2
      guard reference.isFinite else { return .notEvaluated }
      distance = (middle - reference).magnitude
    case .differential:
      let (rise, fall) = (middle - left, right - middle)
      distance = rise * fall >= 0 ? 0 : min(rise.magnitude, fall.magnitude)
      guard distance.isFinite else { return .notEvaluated }
    }
    if let fail, distance > fail { return .fail }
    if let suspect, distance > suspect { return .suspect }
    return .good
  }
}
