public import Buses
public import Configuration
import Quantities

/// Texas Instruments TMP117 and TMP119: temperature over I2C.
///
/// Range: -55 to 150 degrees Celsius in steps of 0.0078125 K. Accuracy: 0.1 K from -20 to 50
/// degrees, 0.3 K over all. Addresses 0x48 to 0x4B by the wiring of ADD0.
///
/// The driver uses one-shot mode: the chip rests, `begin` makes it take all samples of one
/// measurement, and the data-ready flag tells when their average is in the register. An offset in
/// the chip's memory (register 0x07), which somebody may have programmed, is part of the result.
///
/// Source: Texas Instruments SNOSD82. Section numbers are that document's.
public struct TMP117: I2CSensor {
  let address: I2CAddress
  let averaging: Int

  /// A driver for the chip at an address, with its averaging.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    averaging = try options.code("averaging", among: Self.averages.map { String($0) })
  }

  /// The longest time of one measurement: 17.5 ms a sample (section 6.5).
  public var conversionTime: Duration { .microseconds(17_500 * Self.averages[averaging]) }

  /// Checks the chip's identity, whatever its revision (section 7.6, Device_ID).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.word(Register.identity, of: address)
    guard found & 0x0FFF == Self.identity else {
      throw .wrongIdentity(found: found.hexadecimal, expected: Self.identity.hexadecimal)
    }
  }

  /// Makes the chip start afresh, which takes 2 ms (section 7.6, Soft_Reset).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: Configuration.reset, of: address)
    return .milliseconds(2)
  }

  /// Writes the averaging and puts the chip to rest (section 7.4.2).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: settings, of: address)
    return .zero
  }

  /// Starts one measurement (section 7.4.3).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(Register.configuration, to: settings | Configuration.oneShot, of: address)
    return conversionTime
  }

  /// Fetches the two bytes of the temperature register.
  ///
  /// Throws `wasReset` where the chip does not rest with the driver's settings, for after a reset
  /// it measures all the time, and `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.word(Register.configuration, of: address)
    guard found & Configuration.settings == settings else {
      throw .wasReset(
        "configuration is \(found.hexadecimal), was set to \(settings.hexadecimal)")
    }
    guard found & Configuration.ready != 0 else { throw .notReady }
    return [try bus.receive(2, after: [Register.temperature], from: address)]
  }

  /// What the temperature register means: 0.0078125 K a step, in two's complement (section 7.3.3).
  ///
  /// The register holds -256 degrees from a reset to the first result (section 7.6), a fault.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let steps = Int16(bitPattern: raw[0].word(at: 0))
    guard steps != .min else {
      return Measurement(
        [], faults: [ChannelFault("temperature", cause: "no measurement since the reset")])
    }
    return Measurement([Reading("temperature", nano: Int128(steps) * 7_812_500, .celsius)])
  }

  /// The configuration register of a chip that rests: no pause between samples.
  private var settings: UInt16 { Configuration.rest | UInt16(averaging) << 5 }
}

extension TMP117 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "tmp117", revision: 1,
    summary: "Texas Instruments TMP117, TMP119: temperature",
    datasheet: "Texas Instruments SNOSD82",
    attachment: .i2c(addresses: [0x48, 0x49, 0x4A, 0x4B].compactMap { I2CAddress($0) }),
    options: [
      OptionSpecification(
        "averaging", .choice(averages.map { String($0) }), .standard("8"),
        help: "Samples averaged into one measurement; each takes up to 17.5 ms")
    ],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 7_812_500,
        range: -55_000_000_000...150_000_000_000, help: "Temperature of the chip")
    ],
    rawLayout: [RawString("register 0x00, temperature", bytes: 2)],
    stimuli: [])

  /// Numbers of samples, by code (section 7.6, AVG).
  static let averages = [1, 8, 32, 64]

  /// The identity without the revision in the highest four bits (section 7.6).
  static let identity: UInt16 = 0x0117

  /// Register addresses (section 7.6).
  enum Register {
    static let temperature: UInt8 = 0x00
    static let configuration: UInt8 = 0x01
    static let identity: UInt8 = 0x0F
  }

  /// Bits of the configuration register (section 7.6).
  enum Configuration {
    /// A result is in the register; reading either clears it.
    static let ready: UInt16 = 0x2000
    /// Shutdown; with the bit above it, one shot.
    static let rest: UInt16 = 0x0400
    static let oneShot: UInt16 = 0x0C00
    static let reset: UInt16 = 0x0002
    /// The lower mode bit, which rest and one shot share, the pause, and the averaging.
    static let settings: UInt16 = 0x07E0
  }
}
