import Quantities

/// Mass concentrations of particles, as all sensors of particulate matter have them.
///
/// A billionth of the unit is a microgram in a cubic metre, to which values are rounded; the raw
/// bytes keep what is finer.
enum ParticulateMatter {
  /// Kilograms per cubic metre.
  static let unit = Unit(code: "kg/m3")

  /// A channel of particles up to a diameter.
  static func channel(_ name: String, upTo diameter: String) -> ChannelSpecification {
    ChannelSpecification(
      name, unit, resolution: 1, range: 0...65_535,
      help: "Mass concentration of particles of up to \(diameter) um")
  }

  /// A value of a channel in tenths of a microgram per cubic metre.
  static func reading(_ channel: String, tenths: Int128) -> Reading {
    Reading(channel, nano: tenths.roundedQuotient(by: 10), unit)
  }

  /// Why the concentrations of a sensor of Sensirion mean nothing; nil where they do.
  ///
  /// Bits of the device status register: SPS30 section 4.4; the SEN5x has the same.
  static func cause(status: UInt32) -> String? {
    if status & 1 << 5 != 0 { return "laser has failed" }
    if status & 1 << 4 != 0 { return "fan has failed" }
    if status & 1 << 19 != 0 { return "fan is being cleaned" }
    if status & 1 << 21 != 0 { return "fan speed is out of range" }
    return nil
  }
}
