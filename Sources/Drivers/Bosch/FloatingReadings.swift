import Quantities

/// The values and faults of a chip whose maker gives its formulas in floating point.
struct FloatingReadings {
  private var readings: [Reading] = []
  private var faults: [ChannelFault] = []

  /// What has been taken so far.
  var measurement: Measurement { Measurement(readings, faults: faults) }

  /// Takes a value, rounded to one part in `steps` of the unit, halves away from zero.
  ///
  /// No value, or one that no channel of such a chip can have, becomes a fault.
  mutating func take(_ channel: String, _ value: Double?, steps: Double, _ unit: Unit) {
    // The bound keeps nonsense from damaged bytes out of the log and the integer in range.
    guard let value, value.magnitude < 1e9 else {
      fail(channel, "calibration and data give no value")
      return
    }
    let count = Int128((value * steps).rounded(.toNearestOrAwayFromZero))
    readings.append(Reading(channel, nano: count * Int128(1e9 / steps), unit))
  }

  /// Takes a cause for a channel that has no value.
  mutating func fail(_ channel: String, _ cause: String) {
    faults.append(ChannelFault(channel, cause: cause))
  }
}
