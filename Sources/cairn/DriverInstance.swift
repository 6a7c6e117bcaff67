import ArgumentParser
import Buses
import Configuration
import Drivers

/// Drivers made from options of the command line.
enum DriverInstance {
  /// A driver with options as in the board file.
  ///
  /// What it requires and is not given stands in the calibration bytes, so an example serves.
  /// Prints what is wrong with an option, and ends with exit code 2.
  static func make(
    _ type: any SensorDriver.Type, options: [String: String], address: I2CAddress? = nil
  ) throws -> any SensorDriver {
    let specification = type.specification
    let start = Position(line: 1, column: 1)
    var written = options
    for option in specification.options where option.absence == .required {
      written[option.name] = written[option.name] ?? option.kind.example
    }
    let entries = written.sorted { $0.key < $1.key }.map { key, value in
      ConfigurationNode.Entry(
        key: key, position: start,
        value: node(value, specification.options.first { $0.name == key }, at: start))
    }
    var reader = OptionReader()
    let values = reader.section(
      ConfigurationNode(.mapping(entries), at: start), specification.options,
      called: "driver \(specification.name)")
    if let first = reader.diagnostics.first { throw refusal("\(first.message); \(first.remedy)") }
    guard let values else { throw refusal("the options cannot be read") }
    do throws(OptionConflict) {
      if let chip = type as? any I2CSensor.Type,
        case .i2c(let addresses) = specification.attachment,
        let place = address ?? addresses.first
      {
        return try chip.init(options: values, address: place)
      }
      if let reader = type as? any KernelSensor.Type { return try reader.init(options: values) }
      if let line = type as? any LineSensor.Type { return try line.init(options: values) }
    } catch {
      throw refusal("\(error.message); \(error.remedy)")
    }
    throw refusal("driver '\(specification.name)' is of no known kind")
  }

  /// A value as a board file has it: where a list is wanted, its items stand between commas.
  private static func node(
    _ text: String, _ option: OptionSpecification?, at position: Position
  ) -> ConfigurationNode {
    guard case .list = option?.kind, text.hasPrefix("["), text.hasSuffix("]") else {
      return ConfigurationNode(.scalar(text), at: position)
    }
    let items = text.dropFirst().dropLast().split(separator: ",").map { item in
      ConfigurationNode(
        .scalar(String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())),
        at: position)
    }
    return ConfigurationNode(.sequence(items), at: position)
  }

  private static func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
