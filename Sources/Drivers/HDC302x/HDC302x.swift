public import Buses
public import Configuration
import Quantities

/// Texas Instruments HDC3020, HDC3021 and HDC3022: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 125 degrees Celsius, 0 to 100 %RH. Accuracy (typical): 0.1 K and 0.5 %RH. Every
/// word comes with a checksum, which is kept in the raw bytes. Addresses 0x44 to 0x47 by the pins
/// ADDR and ADDR1.
///
/// The driver triggers single measurements, after which the chip sleeps. The heater stays off, as
/// a reset leaves it; offsets in the chip's memory are left as they are.
///
/// Source: Texas Instruments "HDC302x", SNAS778D. Section numbers are that document's.
public struct HDC302x: I2CSensor {
  let address: I2CAddress
  let noise: Noise

  /// A driver for the chip at an address, with its noise.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    noise = try options.choice("noise")
  }

  /// The longest time of one measurement with the chosen noise (section 6.5).
  public var conversionTime: Duration { noise.duration }

  /// Checks the manufacturer's identity (table 7-4).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try word(Command.readMaker, "identity", on: &bus)
    guard maker == Self.maker else {
      throw .wrongIdentity(found: maker.hexadecimal, expected: Self.maker.hexadecimal)
    }
  }

  /// Makes the chip start afresh, which also switches its heater off (section 7.5.7.1.1).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.reset, to: address)
    return .milliseconds(10)
  }

  /// Clears the mark of the reset, so that the next one shows (table 7-4).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(Command.clearStatus, to: address)
    return .milliseconds(1)
  }

  /// Triggers one measurement (section 7.5.7.2).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(noise.command, to: address)
    return noise.duration
  }

  /// Fetches the six bytes of the measurement.
  ///
  /// Throws `notReady` while the chip measures, `wasReset` where it marks a reset.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data = try bus.result(6, from: address)
    let status = try word(Command.readStatus, "status", on: &bus)
    guard status & Self.resetMark == 0 else {
      throw .wasReset("status is \(status.hexadecimal)")
    }
    return [data]
  }

  /// What six bytes mean: a temperature word, a humidity word, each with its checksum.
  ///
  /// Formula (section 7.3.3): T = -45 + 175 S / 65535 degrees Celsius, RH = 100 S / 65535 percent,
  /// rounded to 0.0001 of the unit. A temperature word of all ones, 130 degrees, is what the chip
  /// sends where it has no result (section 7.5.7.3.2), so neither channel has a value then.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try Self.checksum.words(of: raw[0], ["temperature", "humidity"])
    guard words[0] != 0xFFFF else {
      return Measurement(
        [],
        faults: ["temperature", "humidity"].map {
          ChannelFault($0, cause: "chip has no result")
        })
    }
    return Measurement([
      Reading("temperature", SensirionClimate.temperature(words[0])),
      Reading("humidity", SensirionClimate.humidity(words[1])),
    ])
  }

  private func word<Bus: I2CBus & ~Copyable>(
    _ command: [UInt8], _ name: String, on bus: inout Bus
  ) throws(DriverFailure) -> UInt16 {
    try Self.checksum.words(of: try bus.receive(3, after: command, from: address), [name])[0]
  }
}

extension HDC302x {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "hdc302x", revision: 1,
    summary: "Texas Instruments HDC3020, HDC3021, HDC3022: temperature and relative humidity",
    datasheet: "Texas Instruments SNAS778D",
    attachment: .i2c(addresses: (0x44...0x47).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "noise", .choice(Noise.allCases.map(\.rawValue)), .standard("lowest"),
        help: "How far noise is averaged out: lowest takes up to 14.1 ms, low 8.4, medium 5.7, "
          + "high 4.2")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 2_670_329,
        range: -45_000_000_000...130_000_000_000, help: "Temperature of the air at the chip"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 1_525_902, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [RawString("temperature word, checksum, humidity word, checksum", bytes: 6)],
    stimuli: [])

  /// The checksum of a word (section 7.3.9).
  static let checksum = CRC8.sensirion
  /// The identity of the manufacturer (section 7.5.7).
  static let maker: UInt16 = 0x3000
  /// The bit of the status that marks a reset since the status was cleared (section 7.5.7).
  static let resetMark: UInt16 = 0x0010

  /// Commands (table 7-4).
  enum Command {
    static let readMaker: [UInt8] = [0x37, 0x81]
    static let reset: [UInt8] = [0x30, 0xA2]
    static let readStatus: [UInt8] = [0xF3, 0x2D]
    static let clearStatus: [UInt8] = [0x30, 0x41]
  }

  /// How far the chip averages noise out: its low-power modes 0 to 3.
  enum Noise: String, CaseIterable, Hashable, Sendable {
    case lowest, low, medium, high

    /// The command that triggers one measurement (table 7-4).
    var command: [UInt8] {
      switch self {
      case .lowest: [0x24, 0x00]
      case .low: [0x24, 0x0B]
      case .medium: [0x24, 0x16]
      case .high: [0x24, 0xFF]
      }
    }

    /// The longest time of a measurement (section 6.5).
    var duration: Duration {
      switch self {
      case .lowest: .microseconds(14_100)
      case .low: .microseconds(8400)
      case .medium: .microseconds(5700)
      case .high: .microseconds(4200)
      }
    }
  }
}
