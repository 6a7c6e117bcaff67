import ArgumentParser
import Board
import Buses
import Configuration
import Dispatch
import Drivers
import LinuxPlatform
import Runtime

/// `cairn record`: what a driver and its chip say to each other.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Set a chip up, measure, and print every exchange on the bus as text.",
    discussion: """
      The text is a strict test of the driver (cairn playback FILE) and plays the chip on a virtual \
      bus ('playback: FILE' at a sensor). A recording ends at the first failure, which it holds too.
      """)

  @Argument(help: "The board file.")
  var file: String

  @Argument(help: "The sensor's name in the board file; it must be on an I2C bus.")
  var sensor: String

  @Option(help: "How many measurements to take.")
  var count = 10

  @Option(help: "Where to write the recording; standard output where it is not said.")
  var output: String?

  func validate() throws {
    guard (1...100_000).contains(count) else {
      throw ValidationError("--count must be from 1 to 100000")
    }
  }

  func run() throws {
    let file = try BoardFile.load(self.file)
    guard let sensor = file.board.sensors.first(where: { $0.name == self.sensor }) else {
      let names = file.board.sensors.map(\.name)
      throw refusal(
        "\(self.file) has no sensor '\(self.sensor)'; "
          + suggestion(for: self.sensor, among: names))
    }
    guard case .i2c(let driver, let address) = sensor.part,
      let bus = file.board.buses.first(where: { $0.name == sensor.bus })
    else {
      throw refusal("'\(sensor.name)' is not on an I2C bus; name a sensor with an address")
    }
    let options = Dictionary(
      sensor.specification.options.compactMap { option in
        sensor.options.isWritten(option.name)
          ? sensor.options.texts.first { $0.name == option.name }.map { ($0.name, $0.text) } : nil
      }, uniquingKeysWith: { first, _ in first })
    var recording = BusRecording(
      driver: sensor.specification.name, address: address, options: options)
    do throws(I2CFailure) {
      if let simulation = file.simulation {
        let machine = VirtualMachine(
          board: file.board, simulation: simulation, clock: LinuxClock(isSimulated: true))
        take(&recording, driver, on: try machine.openBus(bus))
      } else {
        take(&recording, driver, on: try LinuxMachine().openBus(bus))
      }
    } catch {
      StandardStream.error.line("cairn: bus '\(bus.name)': \(error)")
      throw ExitCode.failure
    }
    if let output {
      try write(recording.text, to: output)
    } else {
      StandardStream.output.write(recording.text)
    }
    if case .failure(let words)? = recording.steps.last?.result {
      StandardStream.error.line("cairn: the recording ends with a failure: \(words)")
      throw ExitCode.failure
    }
  }

  private func take<Bus: I2CBus>(
    _ recording: inout BusRecording, _ driver: any I2CSensor, on bus: Bus
  ) {
    var driver = driver
    var recorder = RecordingI2CBus(bus)
    recording.take(count, of: &driver, on: &recorder) { pause in
      _ = DispatchSemaphore(value: 0).wait(
        timeout: .now() + .nanoseconds(Int(clamping: pause.nanoseconds)))
    }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try FileBytes.write(Array(text.utf8), to: path)
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
