public import Buses
public import Configuration
import Quantities

/// Bosch Sensortec BME680: temperature, humidity, air pressure and gas over I2C.
public typealias BME680 = BME68x<BME680Model>

/// Bosch Sensortec BME688: temperature, humidity, air pressure and gas over I2C.
public typealias BME688 = BME68x<BME688Model>

/// Bosch Sensortec BME680 and BME688: temperature, relative humidity, air pressure, and the
/// resistance of a heated layer that gases change.
///
/// Ranges: -40 to 85 degrees Celsius, 0 to 100 %RH, 300 to 1100 hPa. Accuracy: 1 K, 3 %RH, 1 hPa; the
/// resistance differs from chip to chip and drifts, so only its changes mean something. The chip
/// sends bare converter counts; 42 bytes of factory trimming turn them into values.
///
/// The driver uses forced mode: the chip sleeps, `begin` makes it measure once and heat the layer
/// once. Air quality indices, which need the maker's closed library, are not offered. Address 0x76
/// with SDO at ground, 0x77 with SDO at the supply. The two chips have one identity; they are told
/// apart by their variant.
///
/// Source: Bosch Sensortec BST-BME680-DS001 and BST-BME688-DS000, and the maker's BME68x-Sensor-API
/// version 4.4. Section numbers are those of the first.
public struct BME68x<Model: BME68xModel>: I2CSensor {
  let address: I2CAddress
  let settings: BME68xSettings
  var trimming: BME68xTrimming?

  /// What the driver is.
  public static var specification: DriverSpecification { Model.specification }

  /// A driver for the chip at an address, with its sampling and heater options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try BME68xSettings(options, Model.gas)
  }

  /// The longest time of one measurement with the chosen oversampling and heating.
  public var conversionTime: Duration { settings.conversionTime }

  /// The 42 trimming bytes, registers 0x8A to 0xA0, 0xE1 to 0xEE and 0x00 to 0x04; nil before
  /// `configure`.
  public var calibration: [UInt8]? { trimming?.bytes }

  /// Takes 42 trimming bytes that were read from the chip earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    trimming = try BME68xTrimming(calibration)
  }

  /// Checks that the identity is 0x61 and the variant the model's (section 5.3.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.byte(BME68xRegister.identity, of: address)
    guard found == BME68xRegister.expectedIdentity else {
      throw .wrongIdentity(
        found: found.hexadecimal, expected: BME68xRegister.expectedIdentity.hexadecimal)
    }
    let variant = try bus.byte(BME68xRegister.variant, of: address)
    guard variant == Model.gas.variant else {
      throw .wrongIdentity(
        found: "variant \(variant.hexadecimal)", expected: Model.gas.variant.hexadecimal)
    }
  }

  /// Makes the chip start afresh; the maker's library waits 10 ms.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(BME68xRegister.reset, to: BME68xRegister.softReset, of: address)
    return .milliseconds(10)
  }

  /// Reads the trimming bytes and writes the settings of sampling and heater.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    var bytes: [UInt8] = []
    for (register, count) in BME68xRegister.trimming {
      bytes += try bus.receive(count, after: [register], from: address)
    }
    let trimming = try BME68xTrimming(bytes)
    self.trimming = trimming
    let heater = trimming.heaterCode(celsius: settings.heaterCelsius)
    try bus.set(BME68xRegister.heaterResistance, to: heater, of: address)
    try bus.set(BME68xRegister.heaterDuration, to: settings.heaterDuration, of: address)
    // ctrl_meas, which holds the mode, comes last.
    for (register, value) in settings.registers {
      try bus.set(register, to: value, of: address)
    }
    return .zero
  }

  /// Starts one measurement in forced mode (section 3.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      BME68xRegister.measurementControl,
      to: settings.measurementControl | BME68xRegister.forced, of: address)
    return settings.conversionTime
  }

  /// Fetches the bytes of the measurement, from the status on.
  ///
  /// Throws `wasReset` where the settings in the chip are no longer the driver's, and `notReady`
  /// while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let control = try bus.receive(6, after: [BME68xRegister.firstControl], from: address)
    try settings.check(control)
    let data = try bus.receive(Model.gas.fieldCount, after: [BME68xRegister.field], from: address)
    guard data[0] & BME68xStatus.mask == BME68xStatus.new else { throw .notReady }
    return [data]
  }
}
