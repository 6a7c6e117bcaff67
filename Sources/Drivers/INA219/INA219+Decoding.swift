import Buses
import Configuration
import Quantities

extension INA219 {
  /// What the registers of a measurement mean.
  ///
  /// Formula (section 8.5.1): bus voltage 4 mV a step, shunt voltage 10 uV a step, current 0.04096
  /// / (calibration register x shunt) ampere a step, power 20 times that in watt; in whole numbers,
  /// current and power rounded to billionths, halves away from zero.
  ///
  /// A register at the end of its range has no value, for the voltage may be anything beyond; a
  /// shunt beyond its range takes current and power too, as the overflow bit does.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or where the calibration register is
  /// zero, with which the chip computes nothing.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let calibration = Int128(raw[0].word(at: 0))
    let bus = raw[1].word(at: 0)
    let shunt = Int16(bitPattern: raw[2].word(at: 0))
    let current = Int16(bitPattern: raw[3].word(at: 0))
    let power = raw[4].word(at: 0)
    guard calibration != 0 else { throw .malformed("calibration register is zero") }

    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    let steps = Int128(bus >> 3)
    if steps >= sampling.busSteps {
      faults.append(ChannelFault("voltage", cause: "bus voltage is beyond the range"))
    } else {
      readings.append(Reading("voltage", nano: steps * 4_000_000, .volt))
    }
    if shunt.magnitude >= sampling.shuntSteps {
      faults += ["shunt-voltage", "current", "power"].map {
        ChannelFault($0, cause: "shunt voltage is beyond the range")
      }
      return Measurement(readings, faults: faults)
    }
    readings.append(Reading("shunt-voltage", nano: Int128(shunt) * 10_000, .volt))
    if bus & BusVoltage.overflow != 0 {
      faults += ["current", "power"].map {
        ChannelFault($0, cause: "arithmetic overflow bit is set")
      }
      return Measurement(readings, faults: faults)
    }
    // 0.04096 volt in units of 10^-18, over the register and nano-ohms.
    let volt: Int128 = 40_960_000_000_000_000
    let divisor = calibration * nanoohms
    readings.append(
      Reading("current", nano: (Int128(current) * volt).roundedQuotient(by: divisor), .ampere))
    readings.append(
      Reading("power", nano: (Int128(power) * 20 * volt).roundedQuotient(by: divisor), .watt))
    return Measurement(readings, faults: faults)
  }
}

extension INA219 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ina219", revision: 1,
    summary: "Texas Instruments INA219, INA220: direct voltage, current and power",
    datasheet: "Texas Instruments SBOS448G",
    attachment: .i2c(addresses: (0x40...0x4F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "shunt", .quantity(.resistance, 10_000...100_000_000_000), .required,
        help: "Resistance of the shunt"),
      OptionSpecification(
        "shunt-range", .quantity(.voltage, 40_000_000...320_000_000), .standard("320 mV"),
        help: "Largest voltage across the shunt: 40 mV, 80 mV, 160 mV, 320 mV"),
      OptionSpecification(
        "bus-range", .quantity(.voltage, 16_000_000_000...32_000_000_000), .standard("32 V"),
        help: "Largest voltage of the bus: 16 V, 32 V, of which the chip bears 26 V"),
      OptionSpecification(
        "averaging", .choice(Sampling.averages.map { String($0) }), .standard("16"),
        help: "Samples averaged into one measurement"),
    ],
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 4_000_000, range: 0...32_000_000_000,
        help: "Voltage of the bus against ground"),
      ChannelSpecification(
        "shunt-voltage", .volt, resolution: 10_000, range: -320_000_000...320_000_000,
        help: "Voltage across the shunt"),
      ChannelSpecification(
        "current", .ampere, resolution: 0, help: "Current through the shunt, signed"),
      ChannelSpecification(
        "power", .watt, resolution: 0, help: "Power on the bus, without a sign"),
    ],
    rawLayout: [
      RawString("register 0x05, calibration", bytes: 2),
      RawString("register 0x02, bus voltage and flags", bytes: 2),
      RawString("register 0x01, shunt voltage", bytes: 2),
      RawString("register 0x04, current", bytes: 2), RawString("register 0x03, power", bytes: 2),
    ],
    stimuli: [])
}
