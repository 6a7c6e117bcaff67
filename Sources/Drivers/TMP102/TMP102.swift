public import Buses
public import Configuration
import Quantities

/// Texas Instruments TMP102 and TMP112: temperature over I2C.
///
/// Range: -40 to 125 degrees Celsius, up to 150 as coded, in steps of 0.0625 K. Accuracy: TMP102
/// 2 K from -25 to 85 degrees and 3 K over all, TMP112 0.5 K and 1 K. Addresses 0x48 to 0x4B by
/// the wiring of ADD0.
///
/// The driver uses one-shot mode: the chip is shut down, `begin` makes it measure once, and the
/// one-shot bit tells when the result is there. It always uses the extended mode of 13 bits, in
/// which 128 degrees and more can be written; every word says so itself in its lowest bit. A reset
/// ends that mode, which tells a chip that was reset.
///
/// The chip has no identity; its resolution bits, which always read as ones, the zeros in its
/// configuration, and limits without bits that the chip has not, stand for one.
///
/// Source: Texas Instruments SBOS397. Section numbers are that document's.
public struct TMP102: I2CSensor {
  let address: I2CAddress

  /// A driver for the chip at an address.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
  }

  /// The longest time of one measurement (section 6.5).
  public var conversionTime: Duration { .milliseconds(35) }

  /// Checks the bits of the configuration and of the limits that are always the same (sections
  /// 7.5.3 and 7.5.4).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.word(LM75Family.Register.configuration, of: address)
    guard found & Configuration.fixedMask == Configuration.fixed else {
      throw .wrongIdentity(
        found: "configuration \(found.hexadecimal)", expected: "0x60a0 but for its settings")
    }
    for register in [LM75Family.Register.lowLimit, LM75Family.Register.highLimit] {
      let limit = try bus.word(register, of: address)
      guard limit & 0x0007 == 0 else {
        throw .wrongIdentity(
          found: "limit \(limit.hexadecimal)", expected: "a limit of at most 13 bits")
      }
    }
  }

  /// Chooses the extended mode and shuts the chip down (section 7.5.3).
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(LM75Family.Register.configuration, to: Configuration.settings, of: address)
    return .zero
  }

  /// Starts one measurement (section 7.4.4).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      LM75Family.Register.configuration, to: Configuration.oneShot | Configuration.settings,
      of: address)
    return conversionTime
  }

  /// Fetches the two bytes of the temperature register.
  ///
  /// Throws `wasReset` where the configuration is not as it was set, and `notReady` while the chip
  /// measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    let found = try bus.word(LM75Family.Register.configuration, of: address)
    guard found & Configuration.settingsMask == Configuration.settings else {
      throw .wasReset(
        "configuration is \(found.hexadecimal), was set to "
          + Configuration.settings.hexadecimal)
    }
    guard found & Configuration.oneShot != 0 else { throw .notReady }
    return [try bus.receive(2, after: [LM75Family.Register.temperature], from: address)]
  }

  /// What the temperature register means: 13 bits in two's complement, 0.0625 K a step (section
  /// 7.5.2); 12 bits where its lowest bit says that the extended mode is off.
  ///
  /// Throws `malformed` where a bit is one that always reads as zero.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let word = raw[0].word(at: 0)
    let isExtended = word & 1 != 0
    guard word & (isExtended ? 0x0006 : 0x000E) == 0 else {
      throw .malformed("temperature \(word.hexadecimal) has bits that the chip has not")
    }
    return Measurement([
      isExtended
        ? LM75Family.temperature(word, bits: 13, integerBits: 9)
        : LM75Family.temperature(word, bits: 12)
    ])
  }
}

extension TMP102 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "tmp102", revision: 1,
    summary: "Texas Instruments TMP102, TMP112: temperature",
    datasheet: "Texas Instruments SBOS397",
    attachment: .i2c(addresses: [0x48, 0x49, 0x4A, 0x4B].compactMap { I2CAddress($0) }),
    options: [],
    channels: [
      ChannelSpecification(
        "temperature", .celsius, resolution: 62_500_000,
        range: -55_000_000_000...150_000_000_000, help: "Temperature of the chip")
    ],
    rawLayout: [RawString("register 0x00, temperature", bytes: 2)],
    stimuli: [])

  /// Bits of the configuration register (section 7.5.3).
  enum Configuration {
    /// Starts a measurement; zero while it runs (section 7.4.4).
    static let oneShot: UInt16 = 0x8000
    /// Shutdown, extended mode, and the conversion rate that a reset sets.
    static let settings: UInt16 = 0x0190
    /// Fault queue, polarity, thermostat mode, shutdown, rate, extended mode; not the alert bit.
    static let settingsMask: UInt16 = 0x1FD0
    /// The resolution bits are ones and the lowest four bits zeros.
    static let fixed: UInt16 = 0x6000
    static let fixedMask: UInt16 = 0x600F
  }
}
