/// A change of what is known of a sensor.
public enum SensorTransition: Hashable, Sendable {
  /// It measured before and does not now.
  case failed(cause: String)
  /// Nothing brought it back; it is looked for now and then.
  case absent(cause: String)
  /// It measures again after so many missed measurements.
  case recovered(missed: Int)
}

/// What is known of one sensor, as health reports it.
public struct SensorHealth: Hashable, Sendable {
  /// How a sensor does.
  public enum Condition: String, Hashable, Sendable {
    /// Nothing is known yet.
    case starting
    /// The last attempt brought a measurement.
    case measuring
    /// The last attempt brought none.
    case failing
    /// Nothing brought it back; it is looked for now and then.
    case absent
  }

  /// How it does.
  public private(set) var condition = Condition.starting
  /// Measurements since the start.
  public private(set) var measurements: UInt64 = 0
  /// Attempts without a measurement since the start.
  public private(set) var failures: UInt64 = 0
  /// Attempts without a measurement since the last one with.
  public private(set) var missed: Int = 0
  /// The last cause of a failure.
  public private(set) var lastCause: String?
  /// How often each step was taken to bring it back.
  public private(set) var steps: [RecoveryStep: UInt64] = [:]

  /// A sensor of which nothing is known yet.
  public init() {}

  /// Whether attempts bring no measurement.
  var isOut: Bool { condition == .failing || condition == .absent }

  /// Counts measurements that were not made, or made and not kept.
  mutating func noteLoss(_ count: UInt64) {
    failures += count
    missed += Int(clamping: count)
  }

  /// Notes that nothing is heard of the sensor; gives the change that it makes.
  mutating func noteSilence(_ cause: String) -> SensorTransition? {
    guard !isOut else { return nil }
    condition = .failing
    lastCause = cause
    return .failed(cause: cause)
  }

  /// Takes what an attempt brought; gives the change that it makes.
  mutating func note(_ acquisition: Acquisition) -> SensorTransition? {
    for step in acquisition.steps { steps[step, default: 0] += 1 }
    let before = condition
    switch acquisition.outcome {
    case .measured:
      condition = .measuring
      measurements += 1
      defer { missed = 0 }
      return before == .failing || before == .absent ? .recovered(missed: missed) : nil
    case .failed(let cause):
      condition = acquisition.isAbsent ? .absent : .failing
      failures += 1
      missed += 1
      lastCause = cause
      guard condition != before else { return nil }
      return condition == .absent ? .absent(cause: cause) : .failed(cause: cause)
    }
  }
}
