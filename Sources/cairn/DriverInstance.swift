import Buses
import Configuration
import Drivers

/// Drivers made from options as texts.
enum DriverInstance {
  /// Why there is no driver, in a sentence with what to write instead.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// Where options are written.
  enum Origin {
    case commandLine, recording
  }

  /// Calibration bytes as a driver takes them.
  struct Calibration {
    let byteCount: Int
    /// Whether the driver makes them of its options, so that they say all that decoding needs of these.
    let replacesOptions: Bool
  }

  /// A driver with options as in the board file.
  ///
  /// An option that is required must be there, unless calibration bytes will be restored that hold it.
  static func make(
    _ type: any SensorDriver.Type, options: [String: String], from origin: Origin,
    address: I2CAddress? = nil, isCalibrated: Bool = false
  ) throws(Refusal) -> any SensorDriver {
    let specification = type.specification
    let missing = specification.options.filter {
      $0.absence == .required && options[$0.name] == nil
    }
    var written = options
    if !missing.isEmpty {
      let isReplaceable = calibration(of: type)?.replacesOptions ?? false
      guard isCalibrated && isReplaceable else {
        let examples = missing.map { option in
          switch origin {
          case .commandLine: "--option '\(option.name)=\(option.kind.example)'"
          case .recording: "'option \(option.name) \(option.kind.example)'"
          }
        }
        throw Refusal(
          description: "driver '\(specification.name)' lacks "
            + missing.map { "'\($0.name)'" }.joined(separator: " and ")
            + "; write what the board file says, for example "
            + examples.joined(separator: " and ")
            + (isReplaceable && origin == .commandLine ? ", or --calibration HEX" : ""))
      }
      for option in missing { written[option.name] = option.kind.example }
    }
    return try make(type, values: values(specification, written), address: address)
  }

  /// The values of options, read as a board file's are.
  static func values(
    _ specification: DriverSpecification, _ options: [String: String]
  ) throws(Refusal) -> OptionValues {
    let start = Position(line: 1, column: 1)
    let entries = options.sorted { $0.key < $1.key }.map { key, value in
      ConfigurationNode.Entry(
        key: key, position: start,
        value: node(value, specification.options.first { $0.name == key }, at: start))
    }
    var reader = OptionReader()
    let values = reader.section(
      ConfigurationNode(.mapping(entries), at: start), specification.options,
      called: "driver \(specification.name)")
    if let first = reader.diagnostics.first {
      throw Refusal(description: "\(first.message); \(first.remedy)")
    }
    guard let values else { throw Refusal(description: "the options cannot be read") }
    return values
  }

  /// The calibration bytes that a driver takes; nil where it takes none.
  static func calibration(of type: any SensorDriver.Type) -> Calibration? {
    let specification = type.specification
    let required = specification.options.filter { $0.absence == .required }
    let examples = Dictionary(
      required.map { ($0.name, $0.kind.example) }, uniquingKeysWith: { first, _ in first })
    guard let values = try? Self.values(specification, examples),
      let driver = try? make(type, values: values, address: nil)
    else { return nil }
    // A driver that has some before it has seen a chip made them of its options, and so does one on a
    // line, where there is nothing to read.
    if let bytes = driver.calibration {
      return Calibration(byteCount: bytes.count, replacesOptions: true)
    }
    for count in 1...256 {
      var copy = driver
      do throws(DriverFailure) {
        try copy.restore(calibration: [UInt8](repeating: 1, count: count))
      } catch {
        if error.description.contains("has \(count) bytes") { continue }
      }
      return Calibration(byteCount: count, replacesOptions: driver is any LineSensor)
    }
    return nil
  }

  private static func make(
    _ type: any SensorDriver.Type, values: OptionValues, address: I2CAddress?
  ) throws(Refusal) -> any SensorDriver {
    let specification = type.specification
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
      throw Refusal(description: "\(error.message); \(error.remedy)")
    }
    throw Refusal(description: "driver '\(specification.name)' is of no known kind")
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
}
