import Buses
import BusesTesting
import Configuration
import Drivers
import Quantities
import Testing

/// Records an issue, at the line of the script, for everything that differed from it.
func expectPlayed(_ bus: ScriptedI2CBus) {
  for mismatch in bus.finish() {
    Issue.record(
      Comment(rawValue: mismatch.description),
      sourceLocation: SourceLocation(
        fileID: mismatch.location.fileID, filePath: mismatch.location.filePath,
        line: mismatch.location.line, column: mismatch.location.column))
  }
}

/// The values that a board file with these lines gives, strictly; lists stand in brackets.
func options(
  _ driver: any SensorDriver.Type, _ written: KeyValuePairs<String, String> = [:]
) throws -> OptionValues {
  let place = Position(line: 1, column: 1)
  let entries = written.map { key, value in
    let content: ConfigurationNode.Content =
      value.hasPrefix("[")
      ? .sequence(
        value.dropFirst().dropLast().split(separator: ", ").map {
          ConfigurationNode(.scalar(String($0)), at: place)
        })
      : .scalar(value)
    return ConfigurationNode.Entry(
      key: key, position: place, value: ConfigurationNode(content, at: place))
  }
  var reader = OptionReader()
  let values = reader.section(
    ConfigurationNode(.mapping(entries), at: place), driver.specification.options,
    called: "the sensor")
  #expect(reader.diagnostics == [])
  return try #require(values)
}

/// Options with these lines, and examples for those that must be written besides.
func standardOptions(
  _ type: any SensorDriver.Type, _ written: [String: String] = [:]
) throws -> OptionValues {
  let place = Position(line: 1, column: 1)
  var lines = written
  for option in type.specification.options where option.absence == .required {
    lines[option.name] = lines[option.name] ?? option.kind.example
  }
  let entries = lines.map { key, value in
    ConfigurationNode.Entry(
      key: key, position: place, value: ConfigurationNode(.scalar(value), at: place))
  }
  var reader = OptionReader()
  let section = reader.section(
    ConfigurationNode(.mapping(entries), at: place), type.specification.options,
    called: "the sensor")
  #expect(reader.diagnostics == [])
  return try #require(section)
}

/// Random bytes with the checksums that a driver wants, where it wants some.
func repaired(_ raw: [UInt8], driver name: String) -> [UInt8] {
  switch name {
  case "hdc302x", "scd30", "scd4x", "sen5x", "sgp40", "sgp41", "sht3x", "sht4x", "sps30":
    raw.indices.map { index in
      index % 3 == 2 ? SHT3xTests.checksum(Array(raw[(index - 2)..<index])) : raw[index]
    }
  case "ads1015", "ads1115":
    // In the configuration register, input 0, which is what the options' default names.
    [raw[0] & 0x8F | 0x40, raw[1]]
  case "pmsa003i": PMSA003ITests.frame(Array(raw[4..<30]))
  case "htu21d", "si7021":
    raw.count == 3 ? Array(raw[0..<2]) + [HTU21DTests.checksum(raw.prefixWord)] : raw
  case "aht20":
    Array(raw[0..<6]) + [SHT3xTests.checksum(Array(raw[0..<6]))]
  case "mlx90614":
    // Register 0x06 or 0x07, and the code over the five bytes.
    MLX90614Tests.repaired(raw)
  case "hwmon", "iio":
    // A value, or one of the causes of a fault and nothing else.
    raw[0] < 0xC0
      ? [1] + raw.dropFirst() : [0x10 + raw[0] % 9] + raw.dropFirst().map { _ in 0 }
  case "ltc2945":
    // The control register's mode, and zeros below 12 bits.
    switch raw.count {
    case 1: [0x05]
    case 2: [raw[0], raw[1] & 0xF0]
    default: raw
    }
  default: raw
  }
}

/// A driver with examples for the options that must be written.
func standardDriver(_ type: any SensorDriver.Type) throws -> any SensorDriver {
  let values = try standardOptions(type)
  if let chip = type as? any I2CSensor.Type {
    guard case .i2c(let addresses) = type.specification.attachment else {
      throw TestFailure("\(type) is a chip without addresses")
    }
    return try chip.init(options: values, address: try #require(addresses.first))
  }
  if let reader = type as? any KernelSensor.Type { return try reader.init(options: values) }
  let line = try #require(type as? any LineSensor.Type)
  return try line.init(options: values)
}

/// Why a test cannot go on.
struct TestFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Bytes from hexadecimal digits, blanks ignored.
func bytes(_ hexadecimal: String) throws -> [UInt8] {
  let digits = hexadecimal.filter { !$0.isWhitespace }
  var result: [UInt8] = []
  var rest = digits[...]
  while !rest.isEmpty {
    result.append(try #require(UInt8(rest.prefix(2), radix: 16)))
    rest = rest.dropFirst(2)
  }
  return result
}

/// A number as eight bytes, most significant first.
func eight(_ number: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
}

extension [UInt8] {
  /// The first two bytes as a number, the most significant first.
  var prefixWord: UInt16 { UInt16(self[0]) << 8 | UInt16(self[1]) }
}

extension Measurement {
  /// The billionths of a channel's value; nil where it has none.
  func nano(_ channel: String) -> Int128? {
    readings.first { $0.channel == channel }?.quantity.nano
  }

  /// The value of a channel as text.
  func text(_ channel: String) -> String? {
    readings.first { $0.channel == channel }?.quantity.description
  }

  /// Why a channel has no value.
  func cause(_ channel: String) -> String? {
    faults.first { $0.channel == channel }?.cause
  }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SteadyGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
