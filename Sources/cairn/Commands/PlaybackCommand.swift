import ArgumentParser
import Drivers

/// `cairn playback`: whether a driver still says and understands what a recording holds.
struct PlaybackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playback",
    abstract: "Run the driver against a bus recording and tell every difference.",
    discussion: """
      The driver must make the recorded exchanges and no others, wait as long, and give the same \
      values. Exit codes: 0 it does, 1 it differs, 2 the file cannot be used.
      """)

  @Argument(help: "A file of 'cairn record'.")
  var file: String

  func run() throws {
    let recording: BusRecording
    do {
      recording = try BusRecordingFile.read(file)
    } catch {
      throw refusal(error.message)
    }
    guard let type = DriverCatalogue.driver(named: recording.driver) else {
      throw refusal("'\(file)' names the unknown driver '\(recording.driver)'")
    }
    let driver: any SensorDriver
    do {
      driver = try DriverInstance.make(
        type, options: recording.options, from: .recording, address: recording.address)
    } catch {
      throw refusal("'\(file)': \(error)")
    }
    guard let chip = driver as? any I2CSensor else {
      throw refusal("'\(recording.driver)' is a driver of no chip on an I2C bus")
    }
    let differences = recording.differences(of: chip)
    guard differences.isEmpty else {
      for difference in differences { StandardStream.error.line("cairn: \(difference)") }
      throw ExitCode.failure
    }
    let count = recording.exchanges.count
    StandardStream.output.line(
      "\(file): \(recording.driver) at \(recording.address) does all of it: "
        + "\(recording.steps.count) calls, \(count) exchanges")
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }
}
