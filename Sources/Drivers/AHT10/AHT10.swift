public import Buses
public import Configuration
import Quantities

/// Aosong AHT10: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 85 degrees Celsius, 0 to 100 %RH. Accuracy (typical): 0.3 K and 2 %RH. A
/// measurement comes with a status byte, which is kept in the raw bytes, and without a checksum.
/// Address 0x38, or 0x39 with its pin at the supply. The chip has no identity: its status byte
/// stands for it.
///
/// The chip has no settings but that it uses its calibration; that it does shows in the status
/// byte, and so does a reset.
///
/// Source: Aosong "AHT10 technical manual"; times as in Linux drivers/hwmon/aht10.c.
public struct AHT10: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The time after which a measurement is done.
  public var conversionTime: Duration { .milliseconds(80) }

  /// Checks that the status byte can be the chip's.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    try AHTFamily.identify(try bus.receive(1, after: [], from: address)[0])
  }

  /// Makes the chip start afresh.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([AHTFamily.reset], to: address)
    return .milliseconds(20)
  }

  /// Makes the chip use its calibration, and measure when told so.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Self.initialize, to: address)
    return .milliseconds(350)
  }

  /// Starts one measurement.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(AHTFamily.measure, to: address)
    return conversionTime
  }

  /// Fetches the six bytes of the measurement.
  ///
  /// Throws `notReady` while the chip measures, `wasReset` where it does not use its calibration.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data = try bus.result(6, from: address)
    try AHTFamily.requireResult(data[0])
    return [data]
  }

  /// What six bytes mean: status, 20 bits of humidity, 20 bits of temperature.
  ///
  /// Formula: RH = 100 S / 2^20 percent, T = 200 S / 2^20 - 50 degrees Celsius, rounded to
  /// billionths.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    return AHTFamily.measurement(raw[0])
  }
}

extension AHT10 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "aht10", revision: 1,
    summary: "Aosong AHT10: temperature and relative humidity",
    datasheet: "Aosong AHT10 technical manual",
    attachment: .i2c(addresses: [0x38, 0x39].compactMap { I2CAddress($0) }),
    options: [],
    channels: AHTFamily.channels,
    rawLayout: [RawString("status, 20 bits of humidity, 20 bits of temperature", bytes: 6)],
    stimuli: [])

  /// Uses the calibration and measures on command.
  static let initialize: [UInt8] = [0xE1, 0x08, 0x00]
}
