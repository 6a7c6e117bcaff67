public import Buses
public import Configuration
import Quantities

/// Sensirion SGP40: the raw signal of volatile organic compounds in air over I2C.
///
/// The signal is in ticks, proportional to the logarithm of a resistance; it has no unit and tells
/// changes, not amounts. The index that Sensirion makes of it needs a history and is no matter of
/// this driver. Range in use: 20,000 to 52,768 ticks. The word comes with a checksum, which is kept
/// in the raw bytes. The chip has one address.
///
/// The chip corrects its signal for a temperature and a humidity that are options here, so they are
/// the same all the time. Its hotplate stays on between measurements; it is best sampled every
/// second. The first measurement after a start is thrown away, as section 3.1 asks. The chip has no
/// settings to lose: the correction goes with every command.
///
/// Source: Sensirion "Datasheet SGP40", version 1.0. Section numbers are that document's.
public struct SGP40: I2CSensor {
  let address: I2CAddress
  /// The command that measures, with the correction.
  let measure: [UInt8]

  /// A driver for the chip at an address, with its correction.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    measure = SGP4xFamily.Command.measureVOC + (try SGP4xFamily.arguments(options))
  }

  /// The time of a measurement (section 3.1).
  public var conversionTime: Duration { .milliseconds(30) }

  /// Checks the chip's feature set, which tells it from the SGP41.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    try SGP4xFamily.identify(0x0020, at: address, on: &bus)
  }

  /// Starts the self-test (section 3.3); the only reset that there is resets others on the bus too.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(SGP4xFamily.Command.test, to: address)
    return SGP4xFamily.testTime
  }

  /// Checks the result of the self-test (table 13), and makes a measurement that is thrown away.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let result = try SGP4xFamily.testResult(at: address, on: &bus)
    guard result == 0xD400 else { throw .malformed("self-test gave \(result.hexadecimal)") }
    try bus.order(measure, to: address)
    return conversionTime
  }

  /// Starts one measurement (section 3.1).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(measure, to: address)
    return conversionTime
  }

  /// Fetches the three bytes of the measurement; throws `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try bus.result(3, from: address)]
  }

  /// What three bytes mean: a word of ticks and its checksum (table 11).
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where the word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let words = try SGP4xFamily.checksum.words(of: raw[0], ["voc-ticks"])
    return SGP4xFamily.measurement(words, ["voc-ticks"])
  }
}

extension SGP40 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sgp40", revision: 1,
    summary: "Sensirion SGP40: raw signal of volatile organic compounds",
    datasheet: "Sensirion SGP40 version 1.0",
    attachment: .i2c(addresses: [0x59].compactMap { I2CAddress($0) }),
    options: SGP4xFamily.options,
    channels: [SGP4xFamily.channel("voc-ticks", of: "volatile organic compounds")],
    rawLayout: [RawString("word of ticks, checksum", bytes: 3)],
    stimuli: [])
}
