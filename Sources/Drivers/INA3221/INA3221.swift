public import Buses
public import Configuration
import Quantities

/// Texas Instruments INA3221: three direct voltages and currents over I2C.
///
/// Ranges: bus voltages 0 to 26 V in steps of 8 mV, voltages across the shunts -163.8 to 163.8 mV
/// in steps of 40 uV, either direction of current. Accuracy: 0.25 % of the value, 80 uV and 16 mV
/// of offset; the shunts' own tolerances come on top. The chip computes neither current nor power:
/// both come from its voltages.
///
/// The driver uses single shots of all three channels: the chip rests, `begin` makes it take all
/// samples of one measurement, and the conversion-ready flag tells when it is done. Addresses 0x40
/// to 0x43 by the wiring of A0.
///
/// Source: Texas Instruments SBOS576B. Section numbers are that document's.
public struct INA3221: I2CSensor {
  let address: I2CAddress
  let sampling: INA226.Sampling
  let nanoohms: [Int128]

  /// A driver for the chip at an address, with its shunts and its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    sampling = try INA226.Sampling(options)
    let first = try options.requiredNano("shunt-1")
    nanoohms = [
      first, options.quantity("shunt-2")?.nano ?? first, options.quantity("shunt-3")?.nano ?? first,
    ]
  }

  /// The longest time of one measurement of three channels (section 7.5, as for the INA226).
  public var conversionTime: Duration { sampling.conversionTime * 3 }

  /// Checks the maker's and the chip's identities (sections 8.6.2.19 and 8.6.2.20).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try bus.word(Register.maker, of: address)
    guard maker == Identity.maker else {
      throw .wrongIdentity(
        found: "maker \(maker.hexadecimal)", expected: Identity.maker.hexadecimal)
    }
    let die = try bus.word(Register.die, of: address)
    guard die == Identity.die else {
      throw .wrongIdentity(found: "die \(die.hexadecimal)", expected: Identity.die.hexadecimal)
    }
  }

  /// Makes the chip start afresh (section 8.6.2.1).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Settings.reset, of: address)
    return INA226.Timing.afterReset
  }

  /// Starts one measurement of all channels (section 8.6.2.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: settings, of: address)
    return conversionTime
  }

  /// Fetches the six registers of the measurement.
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
    let flags = try bus.word(Register.flags, of: address)
    guard flags & Settings.ready != 0 else { throw .notReady }
    var raw: [[UInt8]] = []
    for register in Register.results {
      raw.append(try bus.receive(2, after: [register], from: address))
    }
    return raw
  }

  /// What the registers of a measurement mean: thirteen bits with a sign, above three that are
  /// zero, in steps of 40 uV for shunts and 8 mV for buses (sections 8.6.2.2 and 8.6.2.3).
  ///
  /// Current is the shunt's voltage over its resistance, power that times the bus voltage, each
  /// rounded to billionths, halves away from zero. A register at an end of its range has no value,
  /// nor has what is computed from it.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for channel in 0..<3 {
      let name = "-\(channel + 1)"
      let shunt = Int128(Int16(bitPattern: raw[2 * channel].word(at: 0)) >> 3)
      let bus = Int128(Int16(bitPattern: raw[2 * channel + 1].word(at: 0)) >> 3)
      let isShuntInside = shunt.magnitude < Self.end
      let isBusInside = bus.magnitude < Self.end
      if isBusInside {
        readings.append(Reading("voltage" + name, nano: bus * 8_000_000, .volt))
      } else {
        faults.append(ChannelFault("voltage" + name, cause: Self.busCause))
      }
      if isShuntInside {
        readings.append(Reading("shunt-voltage" + name, nano: shunt * 40_000, .volt))
        // 40 uV over 1 nano-ohm is 40000 A.
        let current = shunt * 40_000_000_000_000
        readings.append(
          Reading(
            "current" + name, nano: current.roundedQuotient(by: nanoohms[channel]), .ampere))
        if isBusInside {
          let power = current * bus * 8
          readings.append(
            Reading(
              "power" + name, nano: power.roundedQuotient(by: nanoohms[channel] * 1000), .watt))
        } else {
          faults.append(ChannelFault("power" + name, cause: Self.busCause))
        }
      } else {
        faults += ["shunt-voltage", "current", "power"].map {
          ChannelFault($0 + name, cause: "shunt voltage is beyond the range")
        }
      }
    }
    return Measurement(readings, faults: faults)
  }

  /// The configuration register with the chosen sampling of all channels, one shot.
  private var settings: UInt16 {
    sampling.configuration | Settings.channels | INA226.Configuration.triggered
  }
}
