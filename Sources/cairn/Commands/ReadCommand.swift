import ArgumentParser
import Board
import Configuration
import Drivers
import JSONText
import LinuxPlatform
import MerkleLog
import Quantities
import Runtime

/// `cairn read`: one measurement of one sensor, to see whether the wiring is right.
struct ReadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Take one reading of a sensor and print it with unit, raw bytes and clock quality.")

  @Argument(help: "The board file.")
  var file: String

  @Argument(help: "The sensor's name in the board file.")
  var sensor: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let file = try BoardFile.load(self.file)
    let clock = LinuxClock(isSimulated: file.board.isSimulated)
    let taken: Acquisition?
    if let simulation = file.simulation {
      let machine = VirtualMachine(board: file.board, simulation: simulation, clock: clock)
      taken = try await SingleMeasurement.take(sensor, of: file.board, on: machine, clock: clock)
    } else {
      taken = try await SingleMeasurement.take(
        sensor, of: file.board, on: LinuxMachine(), clock: clock)
    }
    guard let taken else {
      let names = file.board.sensors.map(\.name)
      StandardStream.error.line(
        "cairn: \(self.file) has no sensor '\(sensor)'; \(suggestion(for: sensor, among: names))")
      throw ExitCode(2)
    }
    let declaration = file.board.sensors[taken.sensor]
    switch taken.outcome {
    case .failed(let cause):
      StandardStream.error.line("cairn: '\(sensor)' was not read: \(cause)")
      throw ExitCode.failure
    case .measured(let measurement, let raw):
      let text = ReadingText(
        sensor: declaration, measurement: measurement, raw: raw, acquisition: taken)
      StandardStream.output.write(json ? text.json.text + "\n" : text.plain)
    }
  }
}

/// One measurement, for people and for programs.
private struct ReadingText {
  let sensor: SensorDeclaration
  let measurement: Measurement
  let raw: [[UInt8]]
  let acquisition: Acquisition

  private var values: [(channel: String, text: String, value: Double, unit: String)] {
    measurement.readings.compactMap { reading in
      let settings = sensor.channels[reading.channel]
      guard let quantity = settings.map({ $0.calibrated(reading.quantity) }) ?? reading.quantity
      else { return nil }
      return (reading.channel, quantity.decimalText, quantity.value, quantity.unit.code)
    }
  }

  private var clock: String {
    guard let quality = acquisition.moment.quality else { return "not set: nothing keeps the time" }
    return "\(quality.source), error at most \(quality.errorMilliseconds) ms"
  }

  var plain: String {
    var rows: [(String, String)] = values.map { ($0.channel, "\($0.text) \($0.unit)") }
    rows += measurement.faults.map { ($0.channel, "no value: \($0.cause)") }
    for (layout, bytes) in zip(sensor.specification.rawLayout, raw) where !bytes.isEmpty {
      rows.append(("raw", "\(Hexadecimal.encode(bytes))  (\(layout))"))
    }
    if let calibration = acquisition.calibration {
      rows.append(("calibration", Hexadecimal.encode(calibration)))
    }
    rows.append(("clock", clock))
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    let lines = rows.map { name, text in
      "  " + name + String(repeating: " ", count: width - name.count) + text
    }
    let head = "\(sensor.name)  (driver \(sensor.specification.name), \(sensor.place))"
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .object([
      ("sensor", .text(sensor.name)), ("driver", .text(sensor.specification.name)),
      (
        "values",
        .object(
          values.map {
            ($0.channel, .object([("value", .number($0.value)), ("unit", .text($0.unit))]))
          })
      ),
      ("faults", .object(measurement.faults.map { ($0.channel, .text($0.cause)) })),
      ("raw", .array(raw.map { .text(Hexadecimal.encode($0)) })),
      (
        "calibration", acquisition.calibration.map { .text(Hexadecimal.encode($0)) } ?? .null
      ),
      ("time", acquisition.moment.recordTime.map(JSON.number) ?? .null),
      (
        "clock",
        acquisition.moment.quality.map { quality in
          .object([
            ("source", .text("\(quality.source)")),
            ("error_ms", .integer(Int128(quality.errorMilliseconds))),
          ])
        } ?? .null
      ),
    ])
  }
}
