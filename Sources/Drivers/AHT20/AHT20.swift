public import Buses
public import Configuration
import Quantities

/// Aosong AHT20, AHT21 and DHT20: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 85 degrees Celsius, 0 to 100 %RH. Accuracy (typical): 0.3 K and 2 %RH. A
/// measurement comes with a status byte and a checksum, which are kept in the raw bytes. The chip
/// has one address and no identity: its status byte stands for it.
///
/// The chip has no settings; that it lost its calibration shows in the status byte.
///
/// Source: Aosong "AHT20 product manuals", version 1.0. Section numbers are that document's.
public struct AHT20: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The time after which a measurement is done (section 5.4).
  public var conversionTime: Duration { .milliseconds(80) }

  /// Checks that the status byte can be the chip's (section 5.4).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    try AHTFamily.identify(try bus.byte(Self.readStatus, of: address))
  }

  /// Makes the chip start afresh (section 5.5).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([AHTFamily.reset], to: address)
    return .milliseconds(20)
  }

  /// Lets the chip load its calibration where it has not done so (section 5.4).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let status = try bus.byte(Self.readStatus, of: address)
    guard status & AHTFamily.Status.calibrated == 0 else { return .zero }
    try bus.send(Self.initialize, to: address)
    return .milliseconds(10)
  }

  /// Starts one measurement (section 5.4).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(AHTFamily.measure, to: address)
    return conversionTime
  }

  /// Fetches the seven bytes of the measurement.
  ///
  /// Throws `checksum` where they are damaged, `notReady` while the chip measures, `wasReset` where
  /// it lacks its calibration.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data = try bus.result(7, from: address)
    try Self.requireChecksum(data)
    try AHTFamily.requireResult(data[0])
    return [data]
  }

  /// What seven bytes mean: status, 20 bits of humidity, 20 bits of temperature, checksum.
  ///
  /// Formula (section 6): RH = 100 S / 2^20 percent, T = 200 S / 2^20 - 50 degrees Celsius, rounded
  /// to billionths.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where they are damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    try Self.requireChecksum(raw[0])
    return AHTFamily.measurement(raw[0])
  }

  private static func requireChecksum(_ data: [UInt8]) throws(DriverFailure) {
    guard CRC8.sensirion.of(data[0..<6]) == data[6] else { throw .checksum("measurement") }
  }
}

extension AHT20 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "aht20", revision: 1,
    summary: "Aosong AHT20, AHT21, DHT20: temperature and relative humidity",
    datasheet: "Aosong AHT20 version 1.0",
    attachment: .i2c(addresses: [0x38].compactMap { I2CAddress($0) }),
    options: [],
    channels: AHTFamily.channels,
    rawLayout: [
      RawString("status, 20 bits of humidity, 20 bits of temperature, checksum", bytes: 7)
    ],
    stimuli: [])

  /// Reads the status byte (section 5.3, table 9).
  static let readStatus: UInt8 = 0x71
  /// Loads the calibration (section 5.3, table 9).
  static let initialize: [UInt8] = [0xBE, 0x08, 0x00]
}
