public import Buses
public import Configuration
import Quantities

/// Sensirion SHT40, SHT41 and SHT45: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 125 degrees Celsius, 0 to 100 %RH. Accuracy (typical): SHT40 0.2 K and 1.8 %RH,
/// SHT45 0.1 K and 1 %RH. Every word comes with a checksum, which is kept in the raw bytes. The
/// heater is never used. The chip's identity is its serial number, whose checksums are right.
///
/// A chip that was reset answers as before, for it has no settings to lose.
///
/// Source: Sensirion "Datasheet SHT4x", version 6.5. Section numbers are that document's.
public struct SHT4x: I2CSensor {
  let address: I2CAddress
  let repeatability: Repeatability

  /// A driver for the chip at an address, with its repeatability.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    repeatability = try options.choice("repeatability")
  }

  /// The longest time of one measurement with the chosen repeatability (section 3.2, table 5).
  public var conversionTime: Duration { repeatability.duration }

  /// Checks that the serial number's words have right checksums (section 4.5).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    try bus.send([Command.readSerialNumber], to: address)
    _ = try Self.checksum.words(
      of: try bus.result(6, from: address), ["serial number", "serial number"])
  }

  /// Makes the chip start afresh (section 4.8).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Command.reset], to: address)
    return .milliseconds(1)
  }

  /// Starts one measurement (section 4.5, table 8).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([repeatability.command], to: address)
    return repeatability.duration
  }

  /// Fetches the six bytes of the measurement; throws `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try bus.result(6, from: address)]
  }

  /// What six bytes mean: a temperature word, a humidity word, each with its checksum.
  ///
  /// Formula (section 4.6): T = -45 + 175 S / 65535 degrees Celsius, RH = -6 + 125 S / 65535
  /// percent, cut to 0 to 100 as the section says; rounded to 0.0001 of the unit.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try Self.checksum.words(of: raw[0], ["temperature", "humidity"])
    let humidity = SensirionClimate.part(of: words[1], span: 125) - 6_000_000_000
    return Measurement([
      Reading("temperature", SensirionClimate.temperature(words[0])),
      Reading("humidity", nano: min(max(humidity, 0), 100_000_000_000), .relativeHumidity),
    ])
  }
}

extension SHT4x {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sht4x", revision: 1,
    summary: "Sensirion SHT40, SHT41, SHT45: temperature and relative humidity",
    datasheet: "Sensirion SHT4x version 6.5",
    attachment: .i2c(addresses: [0x44, 0x45, 0x46].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "repeatability", .choice(Repeatability.allCases.map(\.rawValue)), .standard("high"),
        help: "How far noise is averaged out: low takes up to 1.6 ms, medium 4.5, high 8.3")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 2_670_329,
        range: -45_000_000_000...130_000_000_000, help: "Temperature of the air at the chip"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 1_907_378, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [RawString("temperature word, checksum, humidity word, checksum", bytes: 6)],
    stimuli: [])

  /// The checksum of a word (section 4.4).
  static let checksum = CRC8.sensirion

  /// Commands (section 4.5, table 8).
  enum Command {
    static let readSerialNumber: UInt8 = 0x89
    static let reset: UInt8 = 0x94
  }

  /// How far the chip averages noise out.
  enum Repeatability: String, CaseIterable, Hashable, Sendable {
    case low, medium, high

    /// The command that measures (section 4.5, table 8).
    var command: UInt8 {
      switch self {
      case .low: 0xE0
      case .medium: 0xF6
      case .high: 0xFD
      }
    }

    /// The longest time of a measurement (section 3.2, table 5).
    var duration: Duration {
      switch self {
      case .low: .microseconds(1600)
      case .medium: .microseconds(4500)
      case .high: .microseconds(8300)
      }
    }
  }
}
