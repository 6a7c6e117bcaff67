public import Buses
public import Configuration
import Quantities

/// Infineon DPS310 and DPS368: temperature and air pressure over I2C.
///
/// Ranges: -40 to 85 degrees Celsius, 300 to 1200 hPa. Accuracy: 0.5 K, 1 hPa. The chip sends bare
/// converter counts; 18 bytes of factory coefficients turn them into values. Address 0x77 with SDO
/// at the supply or open, 0x76 with SDO at ground.
///
/// A single command of the chip measures either temperature or pressure. So `begin` starts the
/// background mode, which measures both in turn, and `fetch` ends it; in between the chip stands
/// by. The flags of both results tell when they are there.
///
/// The coefficients belong to one of two temperature elements; the driver measures with that one.
/// Some chips read 60 degrees at room temperature, which a sequence of the maker's mends.
///
/// Source: Infineon "DPS310", version 1.2; Infineon's DPS310-Pressure-Sensor library and Linux
/// drivers/iio/pressure/dps310.c for the sequence. Section numbers are the data sheet's.
public struct DPS310: I2CSensor {
  let address: I2CAddress
  let sampling: Sampling
  var coefficients: Coefficients?
  /// The temperature element of the coefficients, as TMP_CFG wants it.
  var element: UInt8 = 0

  /// A driver for the chip at an address, with its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    sampling = try Sampling(options)
  }

  /// The longest time of one measurement with the chosen oversampling.
  public var conversionTime: Duration { sampling.conversionTime }

  /// The 18 coefficient bytes, registers 0x10 to 0x21; nil before `configure`.
  public var calibration: [UInt8]? { coefficients?.bytes }

  /// Takes 18 coefficient bytes that were read from the chip earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    coefficients = try Coefficients(calibration)
  }

  /// Checks that product and revision are 0x10 (section 8.10).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.byte(Register.identity, of: address)
    guard found == Self.identity else {
      throw .wrongIdentity(found: found.hexadecimal, expected: Self.identity.hexadecimal)
    }
  }

  /// Makes the chip start afresh; its coefficients are readable 40 ms later (section 8.9).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.reset, to: Self.softReset, of: address)
    return .milliseconds(40)
  }

  /// Reads the coefficients and writes the sampling settings.
  ///
  /// Throws `notReady` while the chip still starts.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let state = try bus.byte(Register.measurement, of: address)
    guard state & State.started == State.started else { throw .notReady }
    let bytes = try bus.receive(Coefficients.count, after: [Register.coefficients], from: address)
    element = try bus.byte(Register.source, of: address) & 0x80
    // Linux asks this bit whether a chip needs the sequence; Infineon's library sends it always.
    if try bus.byte(Register.fuse, of: address) & 0x02 == 0 {
      for (register, value) in Self.mending {
        try bus.set(register, to: value, of: address)
      }
    }
    try bus.set(Register.measurement, to: State.standby, of: address)
    for (index, value) in settings.enumerated() {
      try bus.set(Register.settings[index], to: value, of: address)
    }
    coefficients = try Coefficients(bytes)
    return .zero
  }

  /// Starts the background mode (section 8.5).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.measurement, to: State.background, of: address)
    return sampling.conversionTime
  }

  /// Ends the background mode and fetches the six bytes of the results.
  ///
  /// Throws `wasReset` where the chip does not measure with the driver's settings, and `notReady`
  /// while a result is missing.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    // PRS_CFG, TMP_CFG, MEAS_CFG, CFG_REG.
    let found = try bus.receive(4, after: [Register.settings[0]], from: address)
    let expected = [settings[0], settings[1], State.background, settings[2]]
    guard [found[0], found[1], found[2] & State.control, found[3]] == expected else {
      let digits = found.map(\.hexadecimal).joined(separator: " ")
      throw .wasReset("settings are \(digits)")
    }
    guard found[2] & State.ready == State.ready else { throw .notReady }
    // First, so that no result changes while it is read, and none is left over.
    try bus.set(Register.measurement, to: State.standby, of: address)
    return [try bus.receive(6, after: [Register.results], from: address)]
  }

  /// PRS_CFG, TMP_CFG, CFG_REG.
  private var settings: [UInt8] {
    [sampling.pressure, sampling.temperature | element, sampling.shifts]
  }
}
