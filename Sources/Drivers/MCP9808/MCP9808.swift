public import Buses
public import Configuration
import Quantities

/// Microchip MCP9808: temperature over I2C.
///
/// Range: -40 to 125 degrees Celsius in steps of 0.0625 K. Accuracy: 0.5 K from -20 to 100 degrees,
/// 1 K over all. Addresses 0x18 to 0x1F by the wiring of A0 to A2.
///
/// The chip has no single shot and no flag; so the driver keeps it shut down, which also keeps it
/// cool, wakes it for the time of a conversion, and shuts it down again. The hysteresis of the
/// alert output, which is off, is set to 1.5 K: after a reset it is zero, which tells a chip that
/// was reset.
///
/// Source: Microchip DS25095A. Section numbers are that document's.
public struct MCP9808: I2CSensor {
  let address: I2CAddress
  let resolution: Int

  /// A driver for the chip at an address, with its resolution.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    resolution = try options.code("resolution", among: Self.resolutions.map(\.kelvin))
  }

  /// The time of one conversion with the chosen resolution.
  ///
  /// The data sheet has typical times only (section 5.2.4); a fifth is added.
  public var conversionTime: Duration {
    .milliseconds(Self.resolutions[resolution].milliseconds * 6 / 5)
  }

  /// Checks the maker's and the chip's identities (section 5.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let maker = try bus.word(Register.maker, of: address)
    guard maker == Identity.maker else {
      throw .wrongIdentity(
        found: "maker \(maker.hexadecimal)", expected: Identity.maker.hexadecimal)
    }
    let chip = try bus.word(Register.chip, of: address)
    // The lower byte is the revision.
    guard chip & 0xFF00 == Identity.chip else {
      throw .wrongIdentity(found: "chip \(chip.hexadecimal)", expected: Identity.chip.hexadecimal)
    }
  }

  /// Writes the resolution and shuts the chip down.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.resolution, to: UInt8(resolution), of: address)
    try bus.set(Register.configuration, to: Configuration.asleep, of: address)
    return .zero
  }

  /// Wakes the chip, which then converts (section 5.2.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Configuration.awake, of: address)
    return conversionTime
  }

  /// Fetches the two bytes of the temperature register and shuts the chip down.
  ///
  /// Throws `wasReset` where the configuration is not as it was set.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.word(Register.configuration, of: address)
    guard found == Configuration.awake else {
      throw .wasReset(
        "configuration is \(found.hexadecimal), was set to \(Configuration.awake.hexadecimal)")
    }
    let data = try bus.receive(2, after: [Register.temperature], from: address)
    try bus.set(Register.configuration, to: Configuration.asleep, of: address)
    return [data]
  }

  /// What the temperature register means: 13 bits in two's complement, 0.0625 K a step; the three
  /// bits above are the alert's and are not looked at (section 5.1.3, register 5-4).
  ///
  /// A word outside of -40 to 125 degrees by more than 15 K is none that the chip can mean.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let steps = UInt32(raw[0].word(at: 0)).signed(bits: 13)
    // -55 to 140 degrees.
    guard (-880...2240).contains(steps) else {
      return Measurement(
        [], faults: [ChannelFault("temperature", cause: "value is beyond the chip's range")])
    }
    return Measurement([Reading("temperature", nano: Int128(steps) * 62_500_000, .celsius)])
  }
}

extension MCP9808 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "mcp9808", revision: 1,
    summary: "Microchip MCP9808: temperature",
    datasheet: "Microchip DS25095A",
    attachment: .i2c(addresses: (0x18...0x1F).compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "resolution", .choice(resolutions.map(\.kelvin)), .standard("0.0625"),
        help: "Step in kelvin; a conversion takes 30, 65, 130 or 250 ms, the finest the longest")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 0, range: -40_000_000_000...125_000_000_000,
        help: "Temperature of the chip")
    ],
    rawLayout: [RawString("register 0x05, ambient temperature", bytes: 2)],
    stimuli: [])

  /// Steps and typical conversion times, by code (section 5.2.4).
  static let resolutions: [(kelvin: String, milliseconds: Int)] = [
    ("0.5", 30), ("0.25", 65), ("0.125", 130), ("0.0625", 250),
  ]

  /// Register addresses (section 5.1, register 5-1).
  enum Register {
    static let configuration: UInt8 = 0x01
    static let temperature: UInt8 = 0x05
    static let maker: UInt8 = 0x06
    static let chip: UInt8 = 0x07
    /// The only one of a single byte.
    static let resolution: UInt8 = 0x08
  }

  /// Identities.
  enum Identity {
    static let maker: UInt16 = 0x0054
    static let chip: UInt16 = 0x0400
  }

  /// The configuration register (section 5.1.1, register 5-2).
  enum Configuration {
    /// A hysteresis of 1.5 K, the alert output off.
    static let awake: UInt16 = 0x0200
    /// The same, shut down.
    static let asleep: UInt16 = 0x0300
  }
}
