public import Buses
public import Configuration
import Quantities

/// Sensirion SGP41: the raw signals of volatile organic compounds and of nitrogen oxides in air over
/// I2C.
///
/// The signals are in ticks, proportional to the logarithm of a resistance; they have no unit and
/// tell changes, not amounts. The indexes that Sensirion makes of them need a history and are no
/// matter of this driver. The words come with checksums, which are kept in the raw bytes. The chip
/// has one address.
///
/// The chip corrects its signals for a temperature and a humidity that are options here, so they
/// are the same all the time. Its hotplates stay on between measurements; it is best sampled every
/// second. After every start the pixel for nitrogen oxides is conditioned for 9 s, for the data
/// sheet asks for 10 s and no more. The chip has no settings to lose: the correction goes with
/// every command.
///
/// Source: Sensirion "Datasheet SGP41", version 1.0. Section numbers are that document's.
public struct SGP41: I2CSensor {
  let address: I2CAddress
  /// The arguments of a measuring command: the correction.
  let arguments: [UInt8]

  /// A driver for the chip at an address, with its correction.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    arguments = try SGP4xFamily.arguments(options)
  }

  /// The time of a measurement (section 4).
  public var conversionTime: Duration { .milliseconds(50) }

  /// Checks the chip's feature set, which tells it from the SGP40.
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    try SGP4xFamily.identify(0x0040, at: address, on: &bus)
  }

  /// Turns the hotplates off, for conditioning must begin with them off, and starts the self-test;
  /// the only reset that there is resets others on the bus too (section 4).
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(SGP4xFamily.Command.turnOff, to: address)
    try bus.order(SGP4xFamily.Command.test, to: address)
    return SGP4xFamily.testTime
  }

  /// Checks the result of the self-test, whose lowest four bits say what failed, and starts the
  /// conditioning (section 4), which the next command ends.
  public mutating func configure<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    let result = try SGP4xFamily.testResult(at: address, on: &bus)
    guard result & 0x000F == 0 else { throw .malformed("self-test gave \(result.hexadecimal)") }
    try bus.order(SGP4xFamily.Command.condition + Self.neutral, to: address)
    return .seconds(9)
  }

  /// Starts one measurement (section 4).
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.send(SGP4xFamily.Command.measureBoth + arguments, to: address)
    return conversionTime
  }

  /// Fetches the six bytes of the measurement; throws `notReady` while the chip measures.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    [try bus.result(6, from: address)]
  }

  /// What six bytes mean: two words of ticks, each with its checksum.
  ///
  /// Throws `malformed` where the number of bytes is wrong, `checksum` where a word is damaged.
  public func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    try requireLayout(raw)
    let names = ["voc-ticks", "nox-ticks"]
    return SGP4xFamily.measurement(try SGP4xFamily.checksum.words(of: raw[0], names), names)
  }
}

extension SGP41 {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "sgp41", revision: 1,
    summary: "Sensirion SGP41: raw signals of volatile organic compounds and nitrogen oxides",
    datasheet: "Sensirion SGP41 version 1.0",
    attachment: .i2c(addresses: [0x59].compactMap { I2CAddress($0) }),
    options: SGP4xFamily.options,
    channels: [
      SGP4xFamily.channel("voc-ticks", of: "volatile organic compounds"),
      SGP4xFamily.channel("nox-ticks", of: "nitrogen oxides"),
    ],
    rawLayout: [
      RawString("ticks of organic compounds and of nitrogen oxides, words with checksums", bytes: 6)
    ],
    stimuli: [])

  /// 50 %RH and 25 degrees Celsius, which conditioning is told (section 4, table 10).
  static let neutral: [UInt8] = [0x80, 0x00, 0xA2, 0x66, 0x66, 0x93]
}
