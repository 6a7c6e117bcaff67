import ArgumentParser
import Buses
import Configuration
import Drivers
import JSONText
import MerkleLog
import Quantities

/// `cairn decode`: a driver's pure decode on bytes from anywhere, so that a third party can compute a
/// logged value again.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Compute a driver's values from raw bytes, as they stand in a log.",
    discussion: """
      Prints JSON: {"temperature": {"value": 25.0825, "unit": "Cel", "nano": 25082500000}}. \
      'cairn decode DRIVER --describe' says which bytes the driver takes, in which order.
      """)

  @Argument(help: "The driver's name.")
  var driver: String

  @Option(help: "Raw bytes in hexadecimal; once for every byte string of the driver's layout.")
  var raw: [String] = []

  @Option(help: "The calibration bytes of the configuration entry, in hexadecimal.")
  var calibration: String?

  @Option(help: "An option of the driver as in the board file: key=value.")
  var option: [String] = []

  @Flag(help: "Say what bytes the driver takes, and its options and channels.")
  var describe = false

  func run() throws {
    guard let type = DriverCatalogue.driver(named: driver) else {
      let names = DriverCatalogue.all.map { $0.specification.name }
      throw refusal("unknown driver '\(driver)'; \(suggestion(for: driver, among: names))")
    }
    let specification = type.specification
    if describe {
      StandardStream.output.write(DriverText(specification: specification).text)
      return
    }
    var instance = try instance(of: type, specification)
    do throws(DriverFailure) {
      if let calibration {
        try instance.restore(calibration: try bytes(calibration, "--calibration"))
      }
      var strings: [[UInt8]] = []
      for text in raw { strings.append(try bytes(text, "--raw")) }
      let measurement = try instance.decode(strings)
      StandardStream.output.line(json(measurement).text)
    } catch {
      StandardStream.error.line(
        "cairn: \(error); 'cairn decode \(driver) --describe' says what is expected")
      throw ExitCode.failure
    }
  }

  private func bytes(_ text: String, _ name: String) throws(DriverFailure) -> [UInt8] {
    guard let bytes = Hexadecimal.decode(text.lowercased()) else {
      throw .malformed("\(name) '\(text)' is not hexadecimal, two digits a byte")
    }
    return bytes
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }

  /// The driver with the given options; what it requires and is not given stands in the calibration
  /// bytes, so an example serves.
  private func instance(
    of type: any SensorDriver.Type, _ specification: DriverSpecification
  ) throws -> any SensorDriver {
    let start = Position(line: 1, column: 1)
    var entries: [ConfigurationNode.Entry] = []
    for text in option {
      guard let equals = text.firstIndex(of: "=") else {
        throw refusal("--option '\(text)' has no '='; write key=value")
      }
      let value = String(text[text.index(after: equals)...])
      entries.append(
        .init(
          key: String(text[..<equals]), position: start,
          value: ConfigurationNode(.scalar(value), at: start)))
    }
    for option in specification.options
    where option.absence == .required && !entries.contains(where: { $0.key == option.name }) {
      entries.append(
        .init(
          key: option.name, position: start,
          value: ConfigurationNode(.scalar(option.kind.example), at: start)))
    }
    var reader = OptionReader()
    let values = reader.section(
      ConfigurationNode(.mapping(entries), at: start), specification.options,
      called: "driver \(specification.name)")
    if let first = reader.diagnostics.first { throw refusal("\(first.message); \(first.remedy)") }
    guard let values else { throw refusal("the options cannot be read") }
    do throws(OptionConflict) {
      if let chip = type as? any I2CSensor.Type,
        case .i2c(let addresses) = specification.attachment, let address = addresses.first
      {
        return try chip.init(options: values, address: address)
      }
      if let line = type as? any LineSensor.Type { return try line.init(options: values) }
    } catch {
      throw refusal("\(error.message); \(error.remedy)")
    }
    throw refusal("driver '\(specification.name)' is of no known kind")
  }

  private func json(_ measurement: Measurement) -> JSON {
    var members: [(name: String, value: JSON)] = measurement.readings.map { reading in
      (
        reading.channel,
        .object([
          ("value", .number(reading.quantity.value)),
          ("unit", .text(reading.quantity.unit.code)), ("nano", .integer(reading.quantity.nano)),
        ])
      )
    }
    members += measurement.faults.map { ($0.channel, .object([("fault", .text($0.cause))])) }
    return .object(members)
  }
}

/// What a driver is and takes, for people.
private struct DriverText {
  let specification: DriverSpecification

  var text: String {
    var lines = [
      "\(specification.name), revision \(specification.revision): \(specification.summary)"
    ]
    lines.append("data sheet: \(specification.datasheet)")
    if case .i2c(let addresses) = specification.attachment {
      lines.append("addresses: " + addresses.map(\.description).joined(separator: ", "))
    }
    lines.append("raw bytes, one --raw for each:")
    lines += specification.rawLayout.enumerated().map { "  \($0 + 1). \($1)" }
    lines.append("channels:")
    lines += specification.channels.map { "  \($0.name) (\($0.unit)): \($0.help)" }
    if !specification.options.isEmpty { lines.append("options, --option key=value:") }
    lines += specification.options.map { "  \($0.name): \($0.kind.phrase); \($0.help)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
