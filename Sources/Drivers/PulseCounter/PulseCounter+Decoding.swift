import Quantities

extension PulseCounter {
  /// What stands for the time since the last pulse where there was none.
  static let never = UInt64.max

  /// What 24 bytes mean, with the energy of a pulse.
  ///
  /// Formula: rate = 1 / t, power = energy of a pulse / t, where t is the longer of the last
  /// interval and the time since the last pulse; energy = total x energy of a pulse. In whole
  /// numbers, rounded to billionths, halves away from zero.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or an interval has no pulse.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let total = Int128(raw[0].long(at: 0))
    let interval = raw[0].long(at: 8)
    let age = raw[0].long(at: 16)
    guard interval == 0 || age != Self.never else {
      throw .malformed("an interval between pulses without a last pulse")
    }
    var readings = [Reading("pulses", Quantity(nano: total * 1_000_000_000, unit: .count))]
    var faults: [ChannelFault] = []
    let span = interval == 0 ? nil : Int128(max(interval, age))
    func take(_ channel: String, _ unit: Unit, nano: (Int128) -> Int128) {
      guard let span else {
        faults.append(ChannelFault(channel, cause: "fewer than two pulses since the start"))
        return
      }
      readings.append(Reading(channel, Quantity(nano: nano(span), unit: unit)))
    }
    let nanosecondsPerSecond: Int128 = 1_000_000_000
    take("rate", .hertz) { (nanosecondsPerSecond * 1_000_000_000).roundedQuotient(by: $0) }
    if let energyPerPulse {
      let energy = Int128(energyPerPulse.nanojoules)
      readings.append(Reading("energy", Quantity(nano: total * energy, unit: .joule)))
      take("power", .watt) { (energy * nanosecondsPerSecond).roundedQuotient(by: $0) }
    }
    return Measurement(readings, faults: faults)
  }
}
