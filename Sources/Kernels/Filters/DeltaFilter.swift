/// Passes a sample only when it differs enough from the last one it passed.
///
/// The first finite sample passes, and then one whose distance from the last passed one is strictly
/// greater than the least change, so that with 0 only repetitions are held back. NaN and infinities
/// are missing: the first of them passes, so that the loss is told, and the next finite one, so
/// that the recovery is. ESPHome: `delta`.
public struct DeltaFilter: StreamFilter, Hashable {
  /// How a change is measured.
  public enum Change: Hashable, Sendable {
    /// In the stream's unit.
    case absolute(Double)
    /// In percent of the magnitude of the last passed value.
    case percent(Double)
  }

  /// The least change.
  public let change: Change
  private var passed: Double?

  /// The least change, from 0 on; nil for another.
  public init?(_ change: Change) {
    switch change {
    case .absolute(let least), .percent(let least):
      guard least >= 0, least.isFinite else { return nil }
    }
    self.change = change
  }

  /// Takes a sample; gives it where it passes.
  public mutating func accept(_ sample: Sample) -> Sample? {
    if let passed {
      guard passed.isFinite == sample.value.isFinite else { return pass(sample) }
      guard sample.value.isFinite else { return nil }
      let least =
        switch change {
        case .absolute(let least): least
        case .percent(let percent): passed.magnitude * percent / 100
        }
      guard (sample.value - passed).magnitude > least else { return nil }
    }
    return pass(sample)
  }

  private mutating func pass(_ sample: Sample) -> Sample {
    passed = sample.value
    return sample
  }
}
