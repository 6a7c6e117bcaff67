public import Buses
public import Configuration
import Quantities

/// Silicon Labs Si7020 and Si7021: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 125 degrees Celsius, 0 to 100 %RH. Accuracy (largest): Si7021 0.4 K and 3 %RH.
/// The chip has one address. The humidity comes with a checksum, which is kept in the raw bytes;
/// the temperature, which the same measurement takes, comes without.
///
/// Both have the highest resolution, which a reset leaves, so a chip that was reset has no settings
/// to lose. The heater stays off.
///
/// Source: Silicon Labs "Si7021-A20", revision 1.1. Section numbers are that document's.
public struct Si7021: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The longest time of a humidity measurement of 12 bits, 12 ms, and of the temperature
  /// measurement of 14 bits in it, 10.8 ms (table 2).
  public var conversionTime: Duration { .microseconds(22_800) }

  /// Checks the type in the second half of the electronic serial number (section 5.3).
  ///
  /// The checksum of the half's second word covers all of it, so only the first is checked.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let answer = try bus.receive(6, after: Command.readSerialNumber, from: address)
    _ = try HTU21Words.checksum.words(of: Array(answer[0..<3]), ["serial number"])
    guard Self.types.contains(answer[0]) else {
      throw .wrongIdentity(found: "type \(answer[0].hexadecimal)", expected: "type 0x14 or 0x15")
    }
  }

  /// Makes the chip start afresh, within 15 ms (tables 11 and 2).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Command.reset], to: address)
    return .milliseconds(15)
  }

  /// Starts a measurement of the humidity, and with it of the temperature (section 5.1.2).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Command.measureHumidity], to: address)
    return conversionTime
  }

  /// Fetches the humidity and the temperature; throws `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let humidity = try bus.result(3, from: address)
    let temperature = try bus.receive(2, after: [Command.readTemperature], from: address)
    return [humidity, temperature]
  }

  /// What the bytes mean: a humidity word with its checksum, and a temperature word.
  ///
  /// Formula (sections 5.1.1 and 5.1.2): RH = -6 + 125 S / 65536 percent, cut to 0 to 100, T =
  /// -46.85 + 175.72 S / 65536 degrees Celsius; rounded to 0.0001 of the unit. A temperature word
  /// of all ones is no value: nothing tells it from a bus on which nobody answers.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where the humidity is
  /// damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let humidity = try HTU21Words.checksum.words(of: raw[0], ["humidity"])[0]
    let temperature = raw[1].word(at: 0)
    let measurement = HTU21Words.measurement(temperature: temperature, humidity: humidity)
    guard temperature == 0xFFFF else { return measurement }
    return Measurement(
      measurement.readings.filter { $0.channel != "temperature" },
      faults: [ChannelFault("temperature", cause: "word is 0xffff")] + measurement.faults)
  }
}

extension Si7021 {
  private typealias Command = HTU21Words.Command

  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "si7021", revision: 1,
    summary: "Silicon Labs Si7020, Si7021: temperature and relative humidity",
    datasheet: "Silicon Labs Si7021-A20 revision 1.1",
    attachment: .i2c(addresses: [0x40].compactMap { I2CAddress($0) }),
    options: [],
    channels: HTU21Words.channels,
    rawLayout: [
      RawString("humidity word, checksum", bytes: 3), RawString("temperature word", bytes: 2),
    ],
    stimuli: [])

  /// The first byte of the serial number's second half: Si7020, Si7021 (section 5.3).
  static let types: Set<UInt8> = [0x14, 0x15]
}
