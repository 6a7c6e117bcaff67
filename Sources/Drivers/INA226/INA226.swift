public import Buses
public import Configuration

/// Texas Instruments INA226: direct voltage, current and power of a supply or a load over I2C.
///
/// Ranges: bus voltage 0 to 36 V in steps of 1.25 mV, voltage across the shunt -81.92 to 81.92 mV
/// in steps of 2.5 uV, either direction of current. Accuracy: 0.1 % of the value, 10 uV and 7.5 mV
/// of offset; the shunt's own tolerance comes on top.
///
/// The driver uses triggered mode: the chip rests, `begin` makes it take all samples of one
/// measurement, and the conversion-ready flag tells when the averages are in the registers. So
/// the four registers of one measurement belong together. Addresses 0x40 to 0x4F by the wiring of
/// A0 and A1.
///
/// Source: Texas Instruments SBOS547A. Section numbers are that document's.
public struct INA226: I2CSensor {
  let address: I2CAddress
  let sampling: Sampling
  var scaling: Scaling

  /// A driver for the chip at an address, with its shunt and its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    sampling = try Sampling(options)
    scaling = try Scaling(options)
  }

  /// The longest time of one measurement with the chosen averaging (section 6.5).
  public var conversionTime: Duration { sampling.conversionTime }

  /// The calibration register and the shunt's resistance in nano-ohms, most significant byte
  /// first: 2 and 8 bytes.
  ///
  /// One step of the current register is 0.00512 / (register x resistance) ampere, one of the
  /// power register 25 times as many watts (section 7.5.2.1).
  public var calibration: [UInt8]? { scaling.bytes }

  /// Takes the 10 bytes that `calibration` gave earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    scaling = try Scaling(calibration)
  }

  /// Checks the maker's and the chip's identities (sections 7.6.9 and 7.6.10).
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

  /// Makes the chip start afresh (section 7.6.1).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Configuration.reset, of: address)
    return Timing.afterReset
  }

  /// Writes the sampling settings, with the chip at rest, and the calibration register.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: sampling.configuration, of: address)
    try bus.set(Register.calibration, to: scaling.register, of: address)
    return Timing.afterRest
  }

  /// Starts one measurement of shunt and bus voltage, which also clears the ready flag (sections
  /// 7.6.1 and 7.6.7).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      Register.configuration, to: sampling.configuration | Configuration.triggered, of: address)
    return sampling.conversionTime
  }

  /// Fetches the four registers of the measurement and the flags.
  ///
  /// Throws `wasReset` where the calibration register is not as it was set (a reset clears it, and
  /// then current and power read as zero), and `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let register = try bus.word(Register.calibration, of: address)
    guard register == scaling.register else {
      throw .wasReset(
        "calibration register is \(register.hexadecimal), "
          + "was set to \(scaling.register.hexadecimal)")
    }
    let flags = try bus.receive(2, after: [Register.flags], from: address)
    guard flags.word(at: 0) & Flags.ready != 0 else { throw .notReady }
    var raw: [[UInt8]] = []
    for register in Register.results {
      raw.append(try bus.receive(2, after: [register], from: address))
    }
    return raw + [flags]
  }
}
