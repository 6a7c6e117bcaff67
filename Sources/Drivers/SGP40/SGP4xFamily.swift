import Buses
import Configuration
import Quantities

/// What Sensirion's SGP40 and SGP41 have in common.
///
/// Source: Sensirion "Datasheet SGP40" and "Datasheet SGP41", both version 1.0; section numbers are
/// the same in both.
enum SGP4xFamily {
  /// The checksum of a word.
  static let checksum = CRC8.sensirion

  /// Commands (section 4).
  enum Command {
    static let readFeatureSet: [UInt8] = [0x20, 0x2F]
    static let turnOff: [UInt8] = [0x36, 0x15]
    static let test: [UInt8] = [0x28, 0x0E]
    static let measureVOC: [UInt8] = [0x26, 0x0F]
    static let condition: [UInt8] = [0x26, 0x12]
    static let measureBoth: [UInt8] = [0x26, 0x19]
  }

  /// The longest time of a self-test (section 4).
  static let testTime = Duration.milliseconds(320)

  /// The bits of the feature set that tell the chips apart; the others are a revision.
  static let featureMask: UInt16 = 0x01FF

  /// Temperature and humidity of the air, for which the chip corrects its signals.
  static let options = [
    OptionSpecification(
      "temperature", .number(-45_000_000_000...130_000_000_000), .standard("25"),
      help: "Temperature of the air in degrees Celsius, for which the chip corrects its signals"),
    OptionSpecification(
      "humidity", .quantity(.percentage, 0...100_000_000_000), .standard("50 %"),
      help: "Relative humidity of the air, for which the chip corrects its signals"),
  ]

  /// The arguments that follow a measuring command (section 4, table 10).
  static func arguments(_ options: OptionValues) throws(OptionConflict) -> [UInt8] {
    let humidity = try options.requiredNano("humidity")
    guard let temperature = options.number("temperature") else {
      throw OptionConflict(
        option: "temperature", "'temperature' has no value", remedy: "write for example '25'")
    }
    let warmth = temperature + 45_000_000_000
    return checksum.bytes(of: UInt16((humidity * 65535).roundedQuotient(by: 100_000_000_000)))
      + checksum.bytes(of: UInt16((warmth * 65535).roundedQuotient(by: 175_000_000_000)))
  }

  /// A channel of ticks.
  static func channel(_ name: String, of gases: String) -> ChannelSpecification {
    ChannelSpecification(
      name, .count, resolution: 1_000_000_000, range: 0...65_535_000_000_000,
      help: "Ticks of the logarithm of the resistance that falls with \(gases)")
  }

  /// The words of ticks as a measurement; none and all ticks are ends of the converter, no values.
  static func measurement(_ words: [UInt16], _ names: [String]) -> Measurement {
    var readings: [Reading] = []
    var faults: [ChannelFault] = []
    for (word, name) in zip(words, names) {
      if word == 0 || word == 0xFFFF {
        faults.append(ChannelFault(name, cause: "signal is at the end of the range"))
      } else {
        readings.append(Reading(name, nano: Int128(word) * 1_000_000_000, .count))
      }
    }
    return Measurement(readings, faults: faults)
  }

  /// Checks that the chip at an address has a feature set.
  static func identify<Bus: I2CBus & ~Copyable>(
    _ expected: UInt16, at address: I2CAddress, on bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.words(["feature set"], to: Command.readFeatureSet, from: address)[0]
    guard found & featureMask == expected else {
      throw .wrongIdentity(
        found: "feature set \((found & featureMask).hexadecimal)",
        expected: expected.hexadecimal)
    }
  }

  /// The result of the self-test that was started before.
  static func testResult<Bus: I2CBus & ~Copyable>(
    at address: I2CAddress, on bus: inout Bus
  ) throws(DriverFailure) -> UInt16 {
    try checksum.words(of: try bus.result(3, from: address), ["self-test"])[0]
  }
}
