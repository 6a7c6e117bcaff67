import Quantities

extension INA226 {
  /// What the registers of a measurement mean, with the calibration bytes.
  ///
  /// Formula (section 7.5): bus voltage 1.25 mV a step, shunt voltage 2.5 uV a step, current 0.00512
  /// / (calibration register x shunt) ampere a step, power 25 times that in watt; in whole numbers,
  /// current and power rounded to billionths, halves away from zero.
  ///
  /// A shunt register at an end of its range has no value, for the voltage may be anything beyond,
  /// and neither have current and power then. The overflow flag takes the values of current and
  /// power.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or where the bus voltage is negative,
  /// which the chip cannot send (section 7.6.3).
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let shunt = Int16(bitPattern: raw[0].word(at: 0))
    let bus = raw[1].word(at: 0)
    let power = raw[2].word(at: 0)
    let current = Int16(bitPattern: raw[3].word(at: 0))
    let flags = raw[4].word(at: 0)
    guard bus <= 0x7FFF else { throw .malformed("bus voltage \(bus.hexadecimal) is negative") }

    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    if bus == 0x7FFF {
      faults.append(ChannelFault("voltage", cause: "bus voltage is beyond the range"))
    } else {
      readings.append(Reading("voltage", Quantity(nano: Int128(bus) * 1_250_000, unit: .volt)))
    }
    if shunt == .max || shunt == .min {
      faults += ["shunt-voltage", "current", "power"].map {
        ChannelFault($0, cause: "shunt voltage is beyond the range")
      }
      return Measurement(readings, faults: faults)
    }
    readings.append(Reading("shunt-voltage", Quantity(nano: Int128(shunt) * 2500, unit: .volt)))
    if flags & Flags.overflow != 0 {
      faults += ["current", "power"].map {
        ChannelFault($0, cause: "arithmetic overflow flag is set")
      }
    } else {
      readings.append(
        Reading("current", Quantity(nano: scaling.nano(steps: Int128(current)), unit: .ampere)))
      readings.append(
        Reading("power", Quantity(nano: scaling.nano(steps: Int128(power) * 25), unit: .watt)))
    }
    return Measurement(readings, faults: faults)
  }
}
