import Quantities

extension ZeroCrossing {
  /// What 32 bytes mean, with the number of crossings in a cycle.
  ///
  /// Formula: frequency = regular intervals / their time / crossings in a cycle, in whole numbers,
  /// rounded to millionths of a hertz, halves away from zero. Without a regular interval the
  /// frequency is a fault.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or the counts contradict each other.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let total = raw[0].long(at: 0)
    let crossings = raw[0].long(at: 8)
    let intervals = raw[0].long(at: 16)
    let elapsed = raw[0].long(at: 24)
    guard crossings <= total, intervals <= crossings, (intervals == 0) == (elapsed == 0) else {
      throw .malformed("counts of crossings and intervals contradict each other")
    }
    let count = Reading(
      "crossings", Quantity(nano: Int128(total) * 1_000_000_000, unit: .count))
    guard intervals > 0 else {
      let cause =
        crossings == 0
        ? "no crossings since the last measurement"
        : "too few regular crossings since the last measurement"
      return Measurement([count], faults: [ChannelFault("frequency", cause: cause)])
    }
    let time = Int128(elapsed) * Int128(crossingsPerCycle)
    // Millionths of a hertz from nanoseconds: 10^6 x 10^9.
    let microhertz = (Int128(intervals) * 1_000_000_000_000_000).roundedQuotient(by: time)
    return Measurement([
      Reading("frequency", Quantity(nano: microhertz * 1000, unit: .hertz)), count,
    ])
  }
}
