public import Buses
public import Configuration
import Quantities

/// TE Connectivity HTU21D: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 125 degrees Celsius, 0 to 100 %RH. Accuracy (typical): 0.3 K and 2 %RH. Every
/// word comes with a checksum, which is kept in the raw bytes. The chip has one address.
///
/// The chip measures one quantity a command. The temperature, which takes up to 50 ms, is waited
/// for; the humidity follows during the fetch, and there the chip holds the clock for up to 16 ms,
/// which the adapter must let it do. Both have the highest resolution, which a reset leaves, so a
/// chip that was reset has no settings to lose. The heater stays off.
///
/// Source: TE Connectivity "HTU21D(F) RH/T Sensor IC". Names of sections are that document's.
public struct HTU21D: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The longest time of a temperature measurement of 14 bits (performance specifications).
  public var conversionTime: Duration { .milliseconds(50) }

  /// Checks that half of the serial number has right checksums and is no Silicon Labs chip's.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let answer = try bus.receive(6, after: Command.readSerialNumber, from: address)
    _ = try HTU21Words.checksum.words(of: answer, ["serial number", "serial number"])
    guard !HTU21Words.siliconLabs.contains(answer[0]) else {
      throw .wrongIdentity(
        found: "type \(answer[0].hexadecimal) of Silicon Labs", expected: "an HTU21D")
    }
  }

  /// Makes the chip start afresh (section "Soft reset").
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Command.reset], to: address)
    return .milliseconds(15)
  }

  /// Starts a temperature measurement.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Command.measureTemperature], to: address)
    return conversionTime
  }

  /// Fetches the temperature, and measures the humidity while the chip holds the clock.
  ///
  /// Throws `notReady` while the chip measures the temperature.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let temperature = try bus.result(3, from: address)
    let humidity = try bus.receive(3, after: [Command.measureHumidityHolding], from: address)
    return [temperature, humidity]
  }

  /// What twice three bytes mean: a temperature word, a humidity word, each with its checksum.
  ///
  /// Formula ("Conversion of signal outputs"): T = -46.85 + 175.72 S / 65536 degrees Celsius, RH =
  /// -6 + 125 S / 65536 percent, cut to 0 to 100; the lowest two bits are a status and count as
  /// zero. Rounded to 0.0001 of the unit.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try HTU21Words.checksum.words(of: raw[0] + raw[1], ["temperature", "humidity"])
    return HTU21Words.measurement(temperature: words[0] & 0xFFFC, humidity: words[1] & 0xFFFC)
  }
}

extension HTU21D {
  private typealias Command = HTU21Words.Command

  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "htu21d", revision: 1,
    summary: "TE Connectivity HTU21D: temperature and relative humidity",
    datasheet: "TE Connectivity HTU21D(F)",
    attachment: .i2c(addresses: [0x40].compactMap { I2CAddress($0) }),
    options: [],
    channels: HTU21Words.channels,
    rawLayout: [
      RawString("temperature word, checksum", bytes: 3),
      RawString("humidity word, checksum", bytes: 3),
    ],
    stimuli: [])
}
