import Quantities

/// Mass concentrations of particles, as all sensors of particulate matter have them.
///
/// In micrograms and not in the primary unit kilogram per cubic metre, of which a billionth would
/// be as coarse as the sensors' steps (SenML secondary units, RFC 8798).
enum ParticulateMatter {
  /// Micrograms per cubic metre.
  static let unit = Unit.microgramPerCubicMetre

  /// A channel of particles up to a diameter.
  static func channel(_ name: String, upTo diameter: String) -> ChannelSpecification {
    ChannelSpecification(
      name, unit, resolution: 100_000_000, range: 0...65_535_000_000_000,
      help: "Mass concentration of particles of up to \(diameter) um")
  }

  /// A value of a channel in tenths of a microgram per cubic metre.
  static func reading(_ channel: String, tenths: Int128) -> Reading {
    Reading(channel, nano: tenths * 100_000_000, unit)
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
