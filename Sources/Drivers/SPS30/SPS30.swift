public import Buses
public import Configuration
import Quantities

/// Sensirion SPS30: mass concentrations of particles in air over I2C.
///
/// Range: 0 to 1000 micrograms per cubic metre, particles from 0.3 to 10 um. Accuracy: 5 micrograms
/// per cubic metre + 5 % for up to 2.5 um, 25 micrograms per cubic metre for larger ones. Every word
/// comes with a checksum, which is kept in the raw bytes; so are the number concentrations, for
/// which there is no unit, and which are not decoded. The sensor has one address, wants a bus of at
/// most 100 kHz, and must have firmware 2.2 or later, which tells failures of laser and fan.
///
/// The sensor measures by itself every second; its fan runs all the time and cleans itself once a
/// week. A sensor that was reset measures nothing, so it has no result.
///
/// Source: Sensirion "Datasheet SPS30", version 1.0. Section numbers are that document's.
public struct SPS30: I2CSensor {
  let address: I2CAddress

  /// A driver for the sensor at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The longest time from one result to the next (section 1.1).
  public var conversionTime: Duration { .milliseconds(1040) }

  /// Checks that the product type is eight digits, and the version of the firmware (section 6.3).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let names = [String](repeating: "product type", count: 4)
    let type = try bus.words(names, to: Command.readType, from: address)
      .flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    guard type.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .wrongIdentity(
        found: type.map(\.hexadecimal).joined(separator: " "), expected: "eight digits")
    }
    let version = try bus.words(["version"], to: Command.readVersion, from: address)[0]
    guard version >= Self.oldestVersion else {
      throw .wrongIdentity(
        found: "firmware \(version >> 8).\(version & 0xFF)", expected: "firmware 2.2 or later")
    }
  }

  /// Makes the sensor start afresh (section 6.3); Linux gives it as long.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.reset, to: address)
    return .milliseconds(500)
  }

  /// Starts measuring with numbers of the format binary32 (section 6.3.1); after 30 s they are
  /// steady even in clean air (section 1.1).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.start + CRC8.sensirion.bytes(of: 0x0300), to: address)
    return .seconds(30)
  }

  /// Nothing, for the sensor measures by itself.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    .zero
  }

  /// Fetches the last result and the device status (section 6.3); throws `notReady`
  /// where there is no new result.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    guard try bus.words(["state"], to: Command.readState, from: address)[0] & 1 != 0 else {
      throw .notReady
    }
    let data = try bus.answer(60, to: Command.readMeasurement, from: address)
    return [data, try bus.answer(6, to: Command.readStatus, from: address)]
  }

  /// What the bytes mean: ten numbers of the format binary32, each as two words with checksums, and
  /// the device status.
  ///
  /// The numbers are four mass concentrations in micrograms per cubic metre, five number
  /// concentrations, and a size in micrometres, rounded to 0.001 of a microgram and of a
  /// micrometre. No channel has a value where the laser or the fan fails; one whose number is none,
  /// negative or absurdly large has none either.
  ///
  /// Throws `malformed` where a number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try CRC8.sensirion.words(of: raw[0], [String](repeating: "data", count: 20))
    let status = try CRC8.sensirion.words(of: raw[1], ["status", "status"])
    let failure = ParticulateMatter.cause(status: UInt32(status[0]) << 16 | UInt32(status[1]))
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for (channel, place) in zip(Self.specification.channels, Self.places) {
      let bits = UInt32(words[2 * place.index]) << 16 | UInt32(words[2 * place.index + 1])
      if let failure {
        faults.append(ChannelFault(channel.name, cause: failure))
      } else if let nano = Binary32.scaled(bits, by: 1000).map({ $0 * place.step }),
        channel.range?.contains(nano) != false
      {
        readings.append(Reading(channel.name, nano: nano, channel.unit))
      } else {
        faults.append(ChannelFault(channel.name, cause: "number is outside the sensor's range"))
      }
    }
    return Measurement(readings, faults: faults)
  }
}

extension SPS30 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sps30", revision: 1,
    summary: "Sensirion SPS30: mass concentrations of particles in air",
    datasheet: "Sensirion SPS30 version 1.0",
    attachment: .i2c(addresses: [0x69].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ParticulateMatter.channel("pm1", upTo: "1"),
      ParticulateMatter.channel("pm2-5", upTo: "2.5"),
      ParticulateMatter.channel("pm4", upTo: "4"),
      ParticulateMatter.channel("pm10", upTo: "10"),
      ChannelSpecification(
        "typical-particle-size", .metre, resolution: 1, range: 0...100_000,
        help: "Typical diameter of the particles"),
    ],
    rawLayout: [
      RawString(
        "4 mass and 5 number concentrations and a size, each as two words with checksums",
        bytes: 60),
      RawString("device status, two words with checksums", bytes: 6),
    ],
    stimuli: [])

  /// Where a channel's number stands among the ten, and what a thousandth of it is in billionths of
  /// the channel's unit.
  static let places: [(index: Int, step: Int128)] = [
    (0, 1_000_000), (1, 1_000_000), (2, 1_000_000), (3, 1_000_000), (9, 1),
  ]

  /// The first firmware with a device status (section 6.3): 2.2.
  static let oldestVersion: UInt16 = 0x0202

  /// Commands (section 6.3).
  enum Command {
    static let start: [UInt8] = [0x00, 0x10]
    static let readState: [UInt8] = [0x02, 0x02]
    static let readMeasurement: [UInt8] = [0x03, 0x00]
    static let readType: [UInt8] = [0xD0, 0x02]
    static let readVersion: [UInt8] = [0xD1, 0x00]
    static let readStatus: [UInt8] = [0xD2, 0x06]
    static let reset: [UInt8] = [0xD3, 0x04]
  }
}
