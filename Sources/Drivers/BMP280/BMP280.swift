public import Buses
public import Configuration
import Quantities

/// Bosch Sensortec BMP280: temperature and air pressure over I2C.
///
/// Ranges: -40 to 85 degrees Celsius, 300 to 1100 hPa. Accuracy: 1 K (0 to 65 degrees), 1 hPa. The
/// chip sends bare converter counts; 24 bytes of factory trimming turn them into values, by the
/// formulas of the BME280, of which it has all registers but those of the humidity.
///
/// The driver uses forced mode: the chip sleeps, `begin` makes it measure once. Address 0x76 with
/// SDO at ground, 0x77 with SDO at the supply.
///
/// Source: Bosch Sensortec BST-BMP280-DS001. Section numbers are that document's.
public struct BMP280: I2CSensor {
  let address: I2CAddress
  let settings: Settings
  var trimming: (bytes: [UInt8], air: BoschAirTrimming)?

  /// A driver for the chip at an address, with its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try Settings(options)
  }

  /// The longest time of one measurement with the chosen oversampling (section 3.8.1).
  public var conversionTime: Duration { settings.conversionTime }

  /// The 24 trimming bytes, registers 0x88 to 0x9F; nil before `configure`.
  public var calibration: [UInt8]? { trimming?.bytes }

  /// Takes 24 trimming bytes that were read from the chip earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    guard calibration.count == BoschAirTrimming.count else {
      throw .malformed("calibration has \(calibration.count) bytes, expected 24")
    }
    trimming = (calibration, try BoschAirTrimming(calibration))
  }

  /// Checks that the identity is 0x58, or that of a sample, 0x56 or 0x57 (section 4.3.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.byte(BME280.Register.identity, of: address)
    guard BME280.Identity.bmp280.contains(found) else {
      let name = found == BME280.Identity.bme280 ? " (a BME280)" : ""
      throw .wrongIdentity(found: found.hexadecimal + name, expected: "0x58")
    }
  }

  /// Makes the chip start afresh (section 4.3.2).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(BME280.Register.reset, to: BME280.Command.reset, of: address)
    return BME280.Timing.afterReset
  }

  /// Reads the trimming bytes and writes the sampling settings; the chip is ready at once.
  ///
  /// Throws `notReady` while the chip still copies its trimming bytes from its memory.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let status = try bus.byte(BME280.Register.status, of: address)
    guard status & BME280.Status.copying == 0 else { throw .notReady }
    try restore(
      calibration: try bus.receive(
        BoschAirTrimming.count, after: [BME280.Register.firstTrimming], from: address))
    // config may be ignored outside sleep mode (section 4.3.5), so ctrl_meas comes last.
    try bus.set(BME280.Register.configuration, to: settings.configuration, of: address)
    try bus.set(BME280.Register.measurementControl, to: settings.measurementControl, of: address)
    return .zero
  }

  /// Starts one measurement in forced mode (section 3.6.2).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      BME280.Register.measurementControl,
      to: settings.measurementControl | BME280.Mode.forced, of: address)
    return settings.conversionTime
  }

  /// Fetches the six bytes of the measurement.
  ///
  /// Throws `wasReset` where the settings in the chip are no longer the driver's, and `notReady`
  /// while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let control = try bus.receive(3, after: [BME280.Register.status], from: address)
    try settings.check(control[1], configuration: control[2])
    guard control[0] & (BME280.Status.measuring | BME280.Status.copying) == 0,
      control[1] & BME280.Mode.mask == 0
    else { throw .notReady }
    return [try bus.receive(6, after: [BME280.Register.data], from: address)]
  }

  /// What six data bytes mean, with the trimming bytes: pressure and temperature, each of 20 bits.
  ///
  /// Formula: the data sheet's double precision one (section 8.1), evaluated as `BoschAirTrimming`
  /// says. Rounding: temperature to 0.0001 K, pressure to 0.001 Pa, each finer than a step of the
  /// converter; halves away from zero. A channel that the chip did not measure is a fault.
  ///
  /// Throws `malformed` where the number of bytes is wrong, or there are no trimming bytes yet.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    guard let air = trimming?.air else {
      throw .malformed("calibration is missing; read or restore it first")
    }
    let pressure = raw[0].triple(at: 0) >> 4
    let temperature = raw[0].triple(at: 3) >> 4
    var result = FloatingReadings()
    guard temperature != BME280.Skipped.temperature else {
      for channel in ["temperature", "pressure"] {
        result.fail(channel, "temperature was not measured")
      }
      return result.measurement
    }
    let fine = air.fineTemperature(temperature)
    result.take("temperature", fine / 5120, steps: 10_000, .celsius)
    if pressure == BME280.Skipped.pressure {
      result.fail("pressure", "pressure was not measured")
    } else {
      result.take("pressure", air.pascal(pressure, fine), steps: 1000, .pascal)
    }
    return result.measurement
  }
}
