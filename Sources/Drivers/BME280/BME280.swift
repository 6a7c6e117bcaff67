public import Buses
public import Configuration

/// Bosch Sensortec BME280: temperature, relative humidity and air pressure over I2C.
///
/// Ranges: -40 to 85 degrees Celsius, 0 to 100 %RH, 300 to 1100 hPa. Accuracy: 1 K (0 to 65
/// degrees), 3 %RH, 1 hPa. The chip sends bare converter counts; 33 bytes of factory trimming
/// turn them into values.
///
/// The driver uses forced mode: the chip sleeps, `begin` makes it measure once. Address 0x76 with
/// SDO at ground, 0x77 with SDO at the supply.
///
/// A BMP280 answers at the same addresses and looks alike, but has no humidity; it is told apart
/// by its identity and refused.
///
/// Source: Bosch Sensortec BST-BME280-DS002, revision 1.6. Section numbers are that document's.
public struct BME280: I2CSensor {
  let address: I2CAddress
  let settings: Settings
  var trimming: Trimming?

  /// A driver for the chip at an address, with its sampling options.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    settings = try Settings(options)
  }

  /// The longest time of one measurement with the chosen oversampling (section 9.1, t_measure,max).
  public var conversionTime: Duration { settings.conversionTime }

  /// The 33 trimming bytes, registers 0x88 to 0xA1 and then 0xE1 to 0xE7; nil before `configure`.
  public var calibration: [UInt8]? { trimming?.bytes }

  /// Takes 33 trimming bytes that were read from the chip earlier.
  public mutating func restore(calibration: [UInt8]) throws(DriverFailure) {
    trimming = try Trimming(calibration)
  }

  /// Checks that the identity is 0x60 (section 5.4.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.receive(1, after: [Register.identity], from: address)[0]
    guard found == Identity.bme280 else {
      let name = Identity.bmp280.contains(found) ? " (a BMP280, which has no humidity)" : ""
      throw .wrongIdentity(
        found: found.hexadecimal + name, expected: Identity.bme280.hexadecimal)
    }
  }

  /// Makes the chip start afresh (section 5.4.2).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Register.reset, Command.reset], to: address)
    return Timing.afterReset
  }

  /// Reads the trimming bytes and writes the sampling settings; the chip is ready at once.
  ///
  /// Throws `notReady` while the chip still copies its trimming bytes from its memory.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let status = try bus.receive(1, after: [Register.status], from: address)[0]
    guard status & Status.copying == 0 else { throw .notReady }
    let first = try bus.receive(
      Trimming.firstCount, after: [Register.firstTrimming], from: address)
    let second = try bus.receive(
      Trimming.secondCount, after: [Register.secondTrimming], from: address)
    trimming = try Trimming(first + second)
    // A change of ctrl_hum takes effect with the next write to ctrl_meas (section 5.4.3), and
    // config may be ignored outside sleep mode (section 5.4.6): so ctrl_meas comes last.
    try bus.send([Register.humidityControl, settings.humidityControl], to: address)
    try bus.send([Register.configuration, settings.configuration], to: address)
    try bus.send([Register.measurementControl, settings.measurementControl], to: address)
    return .zero
  }

  /// Starts one measurement in forced mode (section 3.3.3).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(
      [Register.measurementControl, settings.measurementControl | Mode.forced], to: address)
    return settings.conversionTime
  }

  /// Fetches the eight bytes of the measurement.
  ///
  /// Throws `wasReset` where the settings in the chip are no longer the driver's, and `notReady`
  /// while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let control = try bus.receive(4, after: [Register.humidityControl], from: address)
    try settings.check(humidityControl: control[0], control[2], configuration: control[3])
    guard control[1] & (Status.measuring | Status.copying) == 0, control[2] & Mode.mask == 0
    else { throw .notReady }
    return [try bus.receive(Self.dataCount, after: [Register.data], from: address)]
  }
}
