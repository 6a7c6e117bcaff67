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

  @Option(
    help: "Raw bytes in hexadecimal, once for every byte string of the layout; - for an empty one.")
  var raw: [String] = []

  @Option(help: "The calibration bytes of the configuration entry, in hexadecimal.")
  var calibration: String?

  @Option(help: "An option of the driver as in the board file: key=value.")
  var option: [String] = []

  @Flag(
    help:
      "Decode each line of the standard input: its byte strings in hexadecimal, with blanks between; - is an empty one."
  )
  var lines = false

  @Flag(help: "Say what bytes the driver takes, and its options and channels.")
  var describe = false

  func run() throws {
    guard let type = DriverCatalogue.driver(named: driver) else {
      let names = DriverCatalogue.all.map { $0.specification.name }
      throw refusal("unknown driver '\(driver)'; \(suggestion(for: driver, among: names))")
    }
    if describe {
      let text = DriverText(
        specification: type.specification, calibration: DriverInstance.calibration(of: type))
      StandardStream.output.write(text.text)
      return
    }
    let options = try options()
    var instance: any SensorDriver
    do throws(DriverInstance.Refusal) {
      instance = try DriverInstance.make(
        type, options: options, from: .commandLine, isCalibrated: calibration != nil)
    } catch {
      throw refusal(error.description)
    }
    do throws(DriverFailure) {
      if let calibration {
        try instance.restore(calibration: try bytes(calibration, "--calibration"))
      }
      guard !lines else { return try decodeLines(instance) }
      StandardStream.output.line(try decode(raw, instance, "--raw").text)
    } catch {
      StandardStream.error.line(
        "cairn: \(error); 'cairn decode \(driver) --describe' says what is expected")
      throw ExitCode.failure
    }
  }

  /// Decodes every line of the standard input; one that cannot be decoded becomes its failure.
  private func decodeLines(_ instance: any SensorDriver) throws(DriverFailure) {
    while let line = readLine() {
      let strings = line.split(separator: " ").map(String.init)
      guard !strings.isEmpty else { continue }
      do throws(DriverFailure) {
        StandardStream.output.line(try decode(strings, instance, "raw string").text)
      } catch {
        StandardStream.output.line(JSON.object([("failure", .text(error.description))]).text)
      }
    }
  }

  private func decode(
    _ texts: [String], _ instance: any SensorDriver, _ name: String
  ) throws(DriverFailure) -> JSON {
    var strings: [[UInt8]] = []
    for text in texts { strings.append(try bytes(text, name)) }
    return json(try instance.decode(strings))
  }

  private func bytes(_ text: String, _ name: String) throws(DriverFailure) -> [UInt8] {
    // So that an empty string can stand between blanks.
    if text == "-" { return [] }
    guard let bytes = Hexadecimal.decode(text.lowercased()) else {
      throw .malformed("\(name) '\(text)' is not hexadecimal, two digits a byte")
    }
    return bytes
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }

  /// The options as they were written, by key.
  private func options() throws -> [String: String] {
    var options: [String: String] = [:]
    for text in option {
      guard let equals = text.firstIndex(of: "=") else {
        throw refusal("--option '\(text)' has no '='; write key=value")
      }
      options[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return options
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
  let calibration: DriverInstance.Calibration?

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
    if let calibration {
      lines.append(
        "calibration: \(calibration.byteCount) \(calibration.byteCount == 1 ? "byte" : "bytes") "
          + (calibration.replacesOptions
            ? "made of the options, in whose place they may stand"
            : "that the driver read from the chip")
          + ", --calibration; in a log's configuration entry")
    }
    lines.append("channels:")
    lines += specification.channels.map { "  \($0.name) (\($0.unit)): \($0.help)" }
    if !specification.options.isEmpty { lines.append("options, --option key=value:") }
    lines += specification.options.map { option in
      let absence =
        switch option.absence {
        case .required: ", required"
        case .standard(let text): ", as is \(text)"
        case .optional, .refused: ""
        }
      return "  \(option.name): \(option.kind.phrase)\(absence); \(option.help)"
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
