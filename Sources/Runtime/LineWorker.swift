import Board
import Buses
import Dispatch
import Drivers
import Synchronization

/// One input line with its sensor: a thread waits for edges and hands them to the driver.
///
/// A line that cannot be opened, or fails, is opened again with back-off, for ever.
final class LineWorker<Machine: Hardware>: Sendable {
  private struct State {
    var driver: any LineSensor
    var cause: String? = "the line is not open yet"
    var isStopped = false
  }

  private let hardware: Machine
  private let bus: BusDeclaration
  private let sensor: SensorDeclaration
  private let settings: LineSettings
  private let clock: any RuntimeClock
  private let state: Mutex<State>

  init(
    _ sensor: SensorDeclaration, driver: any LineSensor, settings: LineSettings,
    on bus: BusDeclaration, hardware: Machine, clock: any RuntimeClock
  ) {
    self.sensor = sensor
    self.bus = bus
    self.settings = settings
    self.hardware = hardware
    self.clock = clock
    state = Mutex(State(driver: driver))
  }

  /// Begins to wait for edges, after the totals of an earlier run were put back.
  func start(resuming readings: [Reading]) {
    state.withLock { $0.driver.resume(from: readings) }
    DispatchQueue(label: "line \(sensor.name)").async { self.run() }
  }

  /// Lets the thread end at its next wake.
  func stop() {
    state.withLock { $0.isStopped = true }
  }

  /// Makes one measurement of what the edges told so far.
  func measure() -> Acquisition.Outcome {
    state.withLock { state in
      if let cause = state.cause { return .failed(cause) }
      let raw = state.driver.fetch(at: clock.monotonicNanoseconds)
      do throws(DriverFailure) {
        return .measured(try state.driver.decode(raw), raw: raw)
      } catch {
        return .failed(error.description)
      }
    }
  }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func run() {
    var backOff = BackOff()
    while !isStopped {
      do throws(LineFailure) {
        guard backOff.isDue(clock.monotonicNanoseconds) else {
          pauseBetweenTries()
          continue
        }
        var line = try hardware.openLine(of: sensor, settings, on: bus)
        state.withLock { $0.cause = nil }
        while !isStopped {
          let edge = try line.nextEdge(within: .milliseconds(200))
          // A line that opens and fails at once must not be opened again without a pause.
          backOff = BackOff()
          if let edge { state.withLock { $0.driver.accept(edge) } }
        }
      } catch {
        backOff.fail(now: clock.monotonicNanoseconds)
        state.withLock { $0.cause = "line \(settings.offset) of '\(bus.name)': \(error)" }
      }
    }
  }

  private func pauseBetweenTries() {
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(200))
  }
}
