public import Drivers

/// What one attempt to measure brought.
public struct Acquisition: Hashable, Sendable {
  /// A measurement, or why there is none.
  public enum Outcome: Hashable, Sendable {
    /// The bytes that the part sent, and what they mean.
    case measured(Measurement, raw: [[UInt8]])
    /// No measurement, and the cause.
    case failed(String)
  }

  /// The sensor's place in the board's list.
  public let sensor: Int
  /// The clocks when the bytes were fetched, or when the attempt failed.
  public let moment: Moment
  /// A measurement, or why there is none.
  public let outcome: Outcome
  /// The calibration bytes with which the driver decoded, where it has some.
  public let calibration: [UInt8]?

  /// What one attempt of a sensor brought.
  public init(
    sensor: Int, moment: Moment, outcome: Outcome, calibration: [UInt8]? = nil
  ) {
    self.sensor = sensor
    self.moment = moment
    self.outcome = outcome
    self.calibration = calibration
  }
}

/// A change of what is known of a sensor.
public enum SensorTransition: Hashable, Sendable {
  /// It measured before and does not now.
  case failed(cause: String)
  /// It measures again after so many missed measurements.
  case recovered(missed: Int)
}

/// What is known of one sensor, as health reports it.
public struct SensorHealth: Hashable, Sendable {
  /// Whether the last attempt brought a measurement; nil before the first.
  public var isMeasuring: Bool?
  /// Measurements since the start.
  public var measurements: UInt64 = 0
  /// Attempts without a measurement since the start.
  public var failures: UInt64 = 0
  /// Attempts without a measurement since the last one with.
  public var missed: Int = 0
  /// The last cause of a failure.
  public var lastCause: String?

  /// Counts measurements that were not made, or made and not kept.
  mutating func noteLoss(_ count: UInt64) {
    failures += count
    missed += Int(clamping: count)
  }

  /// Notes that nothing is heard of the sensor; gives the change that it makes.
  mutating func noteSilence(_ cause: String) -> SensorTransition? {
    guard isMeasuring != false else { return nil }
    isMeasuring = false
    lastCause = cause
    return .failed(cause: cause)
  }

  /// Takes the outcome of an attempt; gives the change that it makes.
  mutating func note(_ outcome: Acquisition.Outcome) -> SensorTransition? {
    let before = isMeasuring
    switch outcome {
    case .measured:
      isMeasuring = true
      measurements += 1
      defer { missed = 0 }
      return before == false ? .recovered(missed: missed) : nil
    case .failed(let cause):
      isMeasuring = false
      failures += 1
      missed += 1
      lastCause = cause
      return before == false ? nil : .failed(cause: cause)
    }
  }
}
