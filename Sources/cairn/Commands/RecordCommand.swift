import ArgumentParser
import Board
import Buses
import Configuration
import Dispatch
import Drivers
import LinuxPlatform
import Quantities
import Runtime

/// `cairn record`: what a driver and its chip say to each other.
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Set a chip up, measure, and print every exchange on the bus as text.",
    discussion: """
      The text is a strict test of the driver (cairn playback FILE) and plays the chip on a virtual \
      bus ('playback: FILE' at a sensor). Measurements are as far apart as on the board, so that \
      --for 1h holds what happens in an hour. A recording ends at the first failure, which it holds \
      too.
      """)

  @Argument(help: "The board file.")
  var file: String

  @Argument(help: "The sensor's name in the board file; it must be on an I2C bus.")
  var sensor: String

  @Option(help: "How many measurements to take at most; 10 where --for is not written either.")
  var count: Int?

  @Option(
    help: """
      The time from one measurement to the next, 0s for as fast as the chip can; the sensor's 'every' \
      as is.
      """)
  var every: String?

  @Option(name: .customLong("for"), help: "How long to measure, for example 10min.")
  var duration: String?

  @Option(
    name: .shortAndLong, help: "Where to write the recording; standard output where it is not said."
  )
  var output: String?

  /// As many measurements as a file of a recording has room for.
  private static let most = 100_000

  func validate() throws {
    guard (1...Self.most).contains(count ?? 1) else {
      throw ValidationError("--count must be from 1 to \(Self.most)")
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
    let pace = Pace(
      interval: try every.map { try span($0, "--every") } ?? sensor.interval,
      duration: try duration.map { try span($0, "--for") })
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
        take(&recording, driver, pace, on: try machine.openBus(bus))
      } else {
        take(&recording, driver, pace, on: try LinuxMachine().openBus(bus))
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
    _ recording: inout BusRecording, _ driver: any I2CSensor, _ pace: Pace, on bus: Bus
  ) {
    var driver = driver
    var recorder = RecordingI2CBus(bus)
    var pace = pace
    let most = count ?? (duration == nil ? 10 : Self.most)
    recording.take(most, of: &driver, on: &recorder, wait: Self.sleep) {
      guard let pause = pace.next() else { return false }
      Self.sleep(pause)
      return true
    }
  }

  private static func sleep(_ pause: Duration) {
    guard pause > .zero else { return }
    _ = DispatchSemaphore(value: 0).wait(
      timeout: .now() + .nanoseconds(Int(clamping: pause.nanoseconds)))
  }

  private func span(_ text: String, _ name: String) throws -> Duration {
    do throws(QuantityFailure) {
      let quantity = try Quantity(parsing: text, as: .duration)
      // None but the time between measurements may be nothing.
      if let span = quantity.duration, span > .zero || (span == .zero && name == "--every") {
        return span
      }
    } catch {
      throw refusal("\(name) \(error.message); \(error.remedy)")
    }
    throw refusal("\(name) '\(text)' is out of range; write for example '10s'")
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

/// When to measure: at whole multiples of an interval from the first measurement on.
private struct Pace {
  let interval: Duration
  let duration: Duration?
  private var start: ContinuousClock.Instant?
  private var due: Duration = .zero

  init(interval: Duration, duration: Duration?) {
    self.interval = interval
    self.duration = duration
  }

  /// How long to wait for the next measurement; nil where the time is over.
  ///
  /// A measurement that takes longer than the interval is followed by the next at once.
  mutating func next() -> Duration? {
    guard let start else {
      start = .now
      return .zero
    }
    let now = ContinuousClock.now - start
    due = max(due + interval, now)
    if let duration, due >= duration { return nil }
    return due - now
  }
}
