import Buses
import Configuration
import Quantities

extension INA3221 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ina3221", revision: 1,
    summary: "Texas Instruments INA3221: three direct voltages, currents and powers",
    datasheet: "Texas Instruments SBOS576B",
    attachment: .i2c(addresses: (0x40...0x43).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "shunt-1", .quantity(.resistance, shunts), .required,
        help: "Resistance of the shunt of channel 1"),
      OptionSpecification(
        "shunt-2", .quantity(.resistance, shunts), .optional,
        help: "Resistance of the shunt of channel 2; as is, that of channel 1"),
      OptionSpecification(
        "shunt-3", .quantity(.resistance, shunts), .optional,
        help: "Resistance of the shunt of channel 3; as is, that of channel 1"),
    ] + INA226.Sampling.options,
    channels: (1...3).flatMap { channel in
      [
        ChannelSpecification(
          "voltage-\(channel)", .volt, resolution: 8_000_000,
          range: -32_760_000_000...32_760_000_000,
          help: "Voltage of bus \(channel) against ground"),
        ChannelSpecification(
          "shunt-voltage-\(channel)", .volt, resolution: 40_000, range: -163_800_000...163_800_000,
          help: "Voltage across shunt \(channel)"),
        ChannelSpecification(
          "current-\(channel)", .ampere, resolution: 0,
          help: "Current through shunt \(channel), signed"),
        ChannelSpecification(
          "power-\(channel)", .watt, resolution: 0,
          help: "Power on bus \(channel), with the sign of the current"),
      ]
    },
    rawLayout: Register.results.map { register in
      let what = register % 2 == 1 ? "shunt voltage" : "bus voltage"
      return RawString(
        "register \(register.hexadecimal), \(what) \((register + 1) / 2)", bytes: 2)
    },
    stimuli: [])

  private static let shunts: ClosedRange<Int128> = 10_000...100_000_000_000

  /// The steps at the positive end of a register (sections 8.6.2.2 and 8.6.2.3).
  static let end: UInt128 = 4095

  static let busCause = "bus voltage is beyond the range"

  /// Register addresses (section 8.6.1, table 3); two bytes each, the high one first.
  enum Register {
    static let configuration: UInt8 = 0x00
    /// Shunt and bus voltage of each channel.
    static let results: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06]
    /// Mask/enable, which holds the flags.
    static let flags: UInt8 = 0x0F
    static let maker: UInt8 = 0xFE
    static let die: UInt8 = 0xFF
  }

  /// Identities (sections 8.6.2.19 and 8.6.2.20).
  enum Identity {
    static let maker: UInt16 = 0x5449
    static let die: UInt16 = 0x3220
  }

  /// Bits of the configuration and the mask/enable registers (sections 8.6.2.1 and 8.6.2.17).
  enum Settings {
    /// Resets all registers; clears itself.
    static let reset: UInt16 = 0x8000
    /// All three channels.
    static let channels: UInt16 = 0x7000
    /// All results are in the registers.
    static let ready: UInt16 = 0x0001
  }
}
