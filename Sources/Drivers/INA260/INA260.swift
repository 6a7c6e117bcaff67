public import Buses
public import Configuration
import Quantities

/// Texas Instruments INA260: direct voltage, current and power over I2C, with its own shunt.
///
/// Ranges: bus voltage 0 to 36 V in steps of 1.25 mV, current -15 to 15 A in steps of 1.25 mA,
/// power in steps of 10 mW. Accuracy: 0.15 % of the current and 5 mA, 0.1 % of the voltage and
/// 7.5 mV.
///
/// The driver uses triggered mode: the chip rests, `begin` makes it take all samples of one
/// measurement, and the conversion-ready flag tells when the averages are in the registers.
/// Addresses 0x40 to 0x4F by the wiring of A0 and A1.
///
/// Source: Texas Instruments SBOS656C. Section numbers are that document's.
public struct INA260: I2CSensor {
  let address: I2CAddress
  let sampling: INA226.Sampling

  /// A driver for the chip at an address, with its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    sampling = try INA226.Sampling(options)
  }

  /// The longest time of one measurement with the chosen averaging (section 7.5).
  public var conversionTime: Duration { sampling.conversionTime }

  /// Checks the maker's and the chip's identities (sections 8.6.7 and 8.6.8).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try bus.word(Register.maker, of: address)
    guard maker == Identity.maker else {
      throw .wrongIdentity(
        found: "maker \(maker.hexadecimal)", expected: Identity.maker.hexadecimal)
    }
    let die = try bus.word(Register.die, of: address)
    guard die & Identity.dieMask == Identity.die else {
      throw .wrongIdentity(found: "die \(die.hexadecimal)", expected: Identity.die.hexadecimal)
    }
  }

  /// Makes the chip start afresh (section 8.6.1).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Settings.reset, of: address)
    return INA226.Timing.afterReset
  }

  /// Starts one measurement, which also clears the ready flag (sections 8.6.1 and 8.6.5).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: settings, of: address)
    return sampling.conversionTime
  }

  /// Fetches the three registers of the measurement and the flags.
  ///
  /// Throws `wasReset` where the configuration register is not as it was set (a reset makes the
  /// chip measure without end), and `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.word(Register.configuration, of: address)
    guard found == settings else {
      throw .wasReset(
        "configuration register is \(found.hexadecimal), was set to \(settings.hexadecimal)")
    }
    let flags = try bus.receive(2, after: [Register.flags], from: address)
    guard flags.word(at: 0) & INA226.Flags.ready != 0 else { throw .notReady }
    var raw: [[UInt8]] = []
    for register in Register.results {
      raw.append(try bus.receive(2, after: [register], from: address))
    }
    return raw + [flags]
  }

  /// What the registers of a measurement mean: steps of 1.25 mA, 1.25 mV and 10 mW (sections 8.6.2
  /// to 8.6.4).
  ///
  /// A register at an end of its range has no value, for the quantity may be anything beyond. The
  /// overflow flag takes the power.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let current = Int16(bitPattern: raw[0].word(at: 0))
    let bus = raw[1].word(at: 0)
    let power = raw[2].word(at: 0)
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    // The highest bit of the bus voltage is always zero (section 8.6.3).
    if bus >= 0x7FFF {
      faults.append(ChannelFault("voltage", cause: "bus voltage is beyond the range"))
    } else {
      readings.append(Reading("voltage", nano: Int128(bus) * 1_250_000, .volt))
    }
    if current == .max || current == .min {
      faults += ["current", "power"].map {
        ChannelFault($0, cause: "current is beyond the range")
      }
      return Measurement(readings, faults: faults)
    }
    readings.append(Reading("current", nano: Int128(current) * 1_250_000, .ampere))
    if raw[3].word(at: 0) & INA226.Flags.overflow != 0 {
      faults.append(ChannelFault("power", cause: "arithmetic overflow flag is set"))
    } else {
      readings.append(Reading("power", nano: Int128(power) * 10_000_000, .watt))
    }
    return Measurement(readings, faults: faults)
  }

  /// The configuration register with the chosen sampling, triggered.
  private var settings: UInt16 {
    sampling.configuration | Settings.fixed | INA226.Configuration.triggered
  }
}

extension INA260 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "ina260", revision: 1,
    summary: "Texas Instruments INA260: direct voltage, current and power",
    datasheet: "Texas Instruments SBOS656C",
    attachment: .i2c(addresses: (0x40...0x4F).compactMap { I2CAddress($0) }),
    options: INA226.Sampling.options,
    channels: [
      ChannelSpecification(
        "voltage", .volt, resolution: 1_250_000, range: 0...36_000_000_000,
        help: "Voltage of the bus against ground"),
      ChannelSpecification(
        "current", .ampere, resolution: 1_250_000, range: -40_960_000_000...40_960_000_000,
        help: "Current through the chip, signed"),
      ChannelSpecification(
        "power", .watt, resolution: 10_000_000, range: 0...655_350_000_000,
        help: "Power on the bus, without a sign"),
    ],
    rawLayout: [
      RawString("register 0x01, current", bytes: 2),
      RawString("register 0x02, bus voltage", bytes: 2),
      RawString("register 0x03, power", bytes: 2), RawString("register 0x06, flags", bytes: 2),
    ],
    stimuli: [])

  /// Register addresses (section 8.6, table 4); every register has two bytes, the high one first.
  enum Register {
    static let configuration: UInt8 = 0x00
    /// Current, bus voltage and power.
    static let results: [UInt8] = [0x01, 0x02, 0x03]
    /// Mask/enable, which holds the flags, at the bits that the INA226 has them at.
    static let flags: UInt8 = 0x06
    static let maker: UInt8 = 0xFE
    static let die: UInt8 = 0xFF
  }

  /// Identities; the die's lowest four bits are its revision (section 8.6.8).
  enum Identity {
    static let maker: UInt16 = 0x5449
    static let die: UInt16 = 0x2270
    static let dieMask: UInt16 = 0xFFF0
  }

  /// Bits of the configuration register beyond those that the INA226 has too (section 8.6.1).
  enum Settings {
    /// Resets all registers; clears itself.
    static let reset: UInt16 = 0x8000
    /// Bits 14 and 13 read as ones after a reset and are written so.
    static let fixed: UInt16 = 0x6000
  }
}
