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
  /// What was done to bring the sensor back, in this order; empty where it measured at once.
  public let steps: [RecoveryStep]
  /// Whether nothing brought it back, so that it is only looked for now and then.
  public let isAbsent: Bool

  /// What one attempt of a sensor brought.
  public init(
    sensor: Int, moment: Moment, outcome: Outcome, calibration: [UInt8]? = nil,
    steps: [RecoveryStep] = [], isAbsent: Bool = false
  ) {
    self.sensor = sensor
    self.moment = moment
    self.outcome = outcome
    self.calibration = calibration
    self.steps = steps
    self.isAbsent = isAbsent
  }
}

/// An attempt to measure, before anybody has looked at the clocks.
struct Attempt: Hashable, Sendable {
  /// A measurement, or why there is none.
  var outcome: Acquisition.Outcome
  /// The calibration bytes with which the driver decoded, where it has some.
  var calibration: [UInt8]?
  /// What was done to bring the sensor back.
  var steps: [RecoveryStep] = []
  /// Whether nothing brought it back.
  var isAbsent = false

  /// The attempt of a sensor at a moment.
  func acquisition(of sensor: Int, at moment: Moment) -> Acquisition {
    Acquisition(
      sensor: sensor, moment: moment, outcome: outcome, calibration: calibration, steps: steps,
      isAbsent: isAbsent)
  }
}
