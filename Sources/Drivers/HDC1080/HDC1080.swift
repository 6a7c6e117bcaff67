public import Buses
public import Configuration
import Quantities

/// Texas Instruments HDC1080: temperature and relative humidity over I2C.
///
/// Ranges: -40 to 125 degrees Celsius, 0 to 100 %RH. Accuracy (typical): 0.2 K and 2 %RH. The
/// chip has one address and sends no checksums. Both are measured with 14 bits, in one sequence.
///
/// A chip that was reset has the settings that this driver wants, but no result: its registers are
/// zero then, which is told apart from a measurement.
///
/// Source: Texas Instruments "HDC1080", SNAS672A. Section numbers are that document's.
public struct HDC1080: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The time of one temperature and one humidity conversion, 6.35 and 6.5 ms typically (section
  /// 7.5); the data sheet has no longest times, so half as much again is added.
  public var conversionTime: Duration { .milliseconds(20) }

  /// Checks the identities of the manufacturer and of the device (sections 8.6.5 and 8.6.6).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try bus.word(Register.maker, of: address)
    let device = try bus.word(Register.device, of: address)
    guard maker == Identity.maker, device == Identity.device else {
      throw .wrongIdentity(
        found: "\(maker.hexadecimal) \(device.hexadecimal)",
        expected: "\(Identity.maker.hexadecimal) \(Identity.device.hexadecimal)")
    }
  }

  /// Resets the registers (section 8.6.3); the chip needs 15 ms to start (section 7.5).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Configuration.reset, of: address)
    return .milliseconds(15)
  }

  /// Chooses 14 bits, both results in sequence and no heater (section 8.6.3).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Configuration.sequence, of: address)
    return .zero
  }

  /// Starts both conversions by pointing at the first register (section 8.5.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send([Register.temperature], to: address)
    return conversionTime
  }

  /// Fetches the four bytes of the measurement.
  ///
  /// Throws `notReady` while the chip measures, `wasReset` where its registers are empty.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let data = try bus.result(4, from: address)
    guard data != [0, 0, 0, 0] else { throw .wasReset("both result registers are zero") }
    return [data]
  }

  /// What four bytes mean: the temperature register and the humidity register.
  ///
  /// Formula (sections 8.6.1 and 8.6.2): T = 165 S / 65536 - 40 degrees Celsius, RH = 100 S / 65536
  /// percent, rounded to 0.0001 of the unit. The lowest two bits are always zero; a channel with
  /// others has no value, and neither has one where both registers are zero, as after a reset.
  ///
  /// Throws `malformed` where the number of bytes is wrong.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let temperature = raw[0].word(at: 0)
    let humidity = raw[0].word(at: 2)
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    let channels: [(name: String, word: UInt16, span: Int128, start: Int128, unit: Unit)] = [
      ("temperature", temperature, 165, -40_000_000_000, .celsius),
      ("humidity", humidity, 100, 0, .relativeHumidity),
    ]
    for channel in channels {
      if temperature == 0, humidity == 0 {
        faults.append(ChannelFault(channel.name, cause: "both registers are zero"))
      } else if channel.word & 0x0003 != 0 {
        faults.append(
          ChannelFault(
            channel.name, cause: "register is \(channel.word.hexadecimal), which the chip never has"
          ))
      } else {
        let part = (Int128(channel.word) * channel.span * 10_000).roundedQuotient(by: 65536)
        readings.append(
          Reading(channel.name, nano: part * 100_000 + channel.start, channel.unit))
      }
    }
    return Measurement(readings, faults: faults)
  }
}

extension HDC1080 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "hdc1080", revision: 1,
    summary: "Texas Instruments HDC1080: temperature and relative humidity",
    datasheet: "Texas Instruments SNAS672A",
    attachment: .i2c(addresses: [0x40].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 10_070_801,
        range: -40_000_000_000...125_000_000_000, help: "Temperature of the air at the chip"),
      ChannelSpecification(
        "humidity", .relativeHumidity, resolution: 6_103_516, range: 0...100_000_000_000,
        help: "Relative humidity of the air"),
    ],
    rawLayout: [
      RawString("registers 0x00 and 0x01, temperature and humidity", bytes: 4)
    ],
    stimuli: [])

  /// Registers (section 8.6, table 1).
  enum Register {
    static let temperature: UInt8 = 0x00
    static let configuration: UInt8 = 0x02
    static let maker: UInt8 = 0xFE
    static let device: UInt8 = 0xFF
  }

  /// Identities (section 8.6, table 1).
  enum Identity {
    static let maker: UInt16 = 0x5449
    static let device: UInt16 = 0x1050
  }

  /// The configuration register (section 8.6.3).
  enum Configuration {
    /// Resets all registers.
    static let reset: UInt16 = 0x8000
    /// Temperature, then humidity, each of 14 bits; the heater off.
    static let sequence: UInt16 = 0x1000
  }
}
