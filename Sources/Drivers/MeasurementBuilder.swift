import Quantities

/// Collects the values and the faults of one measurement in the order of its channels.
struct MeasurementBuilder {
  private var readings: [Reading] = []
  private var faults: [ChannelFault] = []

  /// Adds a channel's value in billionths of its unit, or its fault where there is a cause.
  mutating func add(
    _ channel: String, _ nano: @autoclosure () -> Int128, _ unit: Unit, fault cause: String? = nil
  ) {
    if let cause {
      faults.append(ChannelFault(channel, cause: cause))
    } else {
      readings.append(Reading(channel, nano: nano(), unit))
    }
  }

  /// What was collected.
  var measurement: Measurement { Measurement(readings, faults: faults) }
}
