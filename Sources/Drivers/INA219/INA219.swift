public import Buses
public import Configuration

/// Texas Instruments INA219 and INA220: direct voltage, current and power over I2C.
///
/// Ranges: bus voltage 0 to 26 V in steps of 4 mV, voltage across the shunt up to 40, 80, 160 or
/// 320 mV in steps of 10 uV, either direction of current. Accuracy (INA219B): 0.5 % of the value,
/// 50 uV of offset; the shunt's own tolerance comes on top.
///
/// The driver uses triggered mode: the chip rests, `begin` makes it take one measurement, and the
/// conversion-ready bit tells when it is done. The calibration register is set so that the
/// current register is full where the shunt's range ends; it is among the raw bytes, for the
/// worth of a step depends on it. Addresses 0x40 to 0x4F by the wiring of A0 and A1.
///
/// The chip has no identity register; registers whose fixed bits are as they must be stand for it.
///
/// Source: Texas Instruments SBOS448G. Section numbers are that document's.
public struct INA219: I2CSensor {
  let address: I2CAddress
  let sampling: Sampling
  let nanoohms: Int128

  /// A driver for the chip at an address, with its shunt and its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    sampling = try Sampling(options)
    nanoohms = try options.requiredNano("shunt")
  }

  /// The longest time of one measurement with the chosen averaging (section 6.5).
  public var conversionTime: Duration { sampling.conversionTime }

  /// Checks the bits that are always zero (sections 8.6.2.1, 8.6.3.2 and 8.6.4.1), which tell the
  /// chip from its kin at the same addresses.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let configuration = try bus.word(Register.configuration, of: address)
    // Kin with wider results have a configuration of zeros; this chip would need all of its
    // settings at their lowest for that.
    guard configuration & Configuration.alwaysZero == 0, configuration != 0 else {
      throw .wrongIdentity(
        found: "configuration \(configuration.hexadecimal)",
        expected: "zeros in bits 15 and 14, and a mode")
    }
    let voltage = try bus.word(Register.busVoltage, of: address)
    let calibration = try bus.word(Register.calibration, of: address)
    guard voltage & BusVoltage.alwaysZero == 0, calibration & 1 == 0 else {
      throw .wrongIdentity(
        found: "bus voltage \(voltage.hexadecimal), calibration \(calibration.hexadecimal)",
        expected: "zeros in bits 2 and 0")
    }
  }

  /// Makes the chip start afresh (section 8.6.2.1).
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
    try bus.set(Register.calibration, to: sampling.calibration, of: address)
    return Timing.afterRest
  }

  /// Starts one measurement, which also clears the ready bit (section 8.6.3.2).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      Register.configuration, to: sampling.configuration | Configuration.triggered, of: address)
    return sampling.conversionTime
  }

  /// Fetches the calibration register and the four registers of the measurement.
  ///
  /// Throws `wasReset` where the calibration register is not as it was set (a reset clears it, and
  /// then current and power read as zero), and `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let calibration = try bus.receive(2, after: [Register.calibration], from: address)
    guard calibration.word(at: 0) == sampling.calibration else {
      throw .wasReset(
        "calibration register is \(calibration.word(at: 0).hexadecimal), "
          + "was set to \(sampling.calibration.hexadecimal)")
    }
    let voltage = try bus.receive(2, after: [Register.busVoltage], from: address)
    guard voltage.word(at: 0) & BusVoltage.ready != 0 else { throw .notReady }
    var raw = [calibration, voltage]
    // Power last, for reading it clears the ready bit (section 8.6.3.2).
    for register in [Register.shuntVoltage, Register.current, Register.power] {
      raw.append(try bus.receive(2, after: [register], from: address))
    }
    return raw
  }
}
