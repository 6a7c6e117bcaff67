import Board
import Buses
import Drivers

/// One I2C bus with its sensors, on a thread of its own.
///
/// A sensor that fails is set up anew and tried once more at once; one that goes on failing is left
/// alone for a time that doubles up to a minute, for ever. A bus that cannot be opened is opened
/// again the same way.
actor I2CWorker<Machine: Hardware> {
  private struct Slot {
    var driver: any I2CSensor
    var isConfigured = false
    var backOff = BackOff()
    /// Why it failed last; it stays the cause while the sensor is left alone.
    var cause = ""
  }

  private struct Failed: Error {
    let cause: String
  }

  private let hardware: Machine
  private let declaration: BusDeclaration
  private let clock: any RuntimeClock
  private let executor: QueueExecutor
  private var bus: Machine.Bus?
  private var busBackOff = BackOff()
  private var busCause = ""
  private var slots: [Int: Slot] = [:]

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    _ declaration: BusDeclaration, hardware: Machine, clock: any RuntimeClock,
    sensors: [(index: Int, driver: any I2CSensor)]
  ) {
    self.declaration = declaration
    self.hardware = hardware
    self.clock = clock
    executor = QueueExecutor(label: "bus \(declaration.name)")
    for (index, driver) in sensors { slots[index] = Slot(driver: driver) }
  }

  /// Makes one measurement, and gives with it the calibration bytes that its driver decoded with.
  ///
  /// Throws only where the task is cancelled while it waits.
  func acquire(
    _ sensor: Int
  ) async throws -> (outcome: Acquisition.Outcome, calibration: [UInt8]?) {
    let outcome = try await measure(sensor)
    return (outcome, slots[sensor]?.driver.calibration)
  }

  /// Makes one measurement: sets the chip up where needed, begins, waits, fetches and decodes.
  ///
  /// Throws only where the task is cancelled while it waits.
  func measure(_ sensor: Int) async throws -> Acquisition.Outcome {
    var cause = ""
    for _ in 0..<2 {
      if let refusal = isReady(sensor) { return .failed(refusal.cause) }
      switch try await attempt(sensor) {
      case .success(let outcome):
        slots[sensor]?.backOff = BackOff()
        return outcome
      case .failure(let failed): cause = failed.cause
      }
      slots[sensor]?.isConfigured = false
    }
    slots[sensor]?.backOff.fail(now: clock.monotonicNanoseconds)
    slots[sensor]?.cause = cause
    return .failed(cause)
  }

  private func attempt(_ sensor: Int) async throws -> Result<Acquisition.Outcome, Failed> {
    if slots[sensor]?.isConfigured == false {
      let identified = try await step(sensor) { driver, bus throws(DriverFailure) in
        try driver.identify(on: &bus)
        return try driver.reset(on: &bus)
      }
      if let identified { return .failure(identified) }
      let configured = try await step(sensor) { driver, bus throws(DriverFailure) in
        try driver.configure(on: &bus)
      }
      if let configured { return .failure(configured) }
      slots[sensor]?.isConfigured = true
    }
    let begun = try await step(sensor) { driver, bus throws(DriverFailure) in
      try driver.begin(on: &bus)
    }
    if let begun { return .failure(begun) }
    return use(sensor) { driver, bus throws(DriverFailure) in
      let raw = try driver.fetch(from: &bus)
      return .measured(try driver.decode(raw), raw: raw)
    }
  }

  /// Lets a driver do something that takes the chip a time, and waits for it; others use the bus
  /// meanwhile.
  private func step(
    _ sensor: Int,
    _ work: (inout any I2CSensor, inout Machine.Bus) throws(DriverFailure) -> Duration
  ) async throws -> Failed? {
    switch use(sensor, work) {
    case .failure(let failed): return failed
    case .success(let pause):
      if pause > .zero { try await clock.sleep(for: pause) }
      return nil
    }
  }

  /// Why a sensor cannot be tried now; opens the bus where that is due.
  private func isReady(_ sensor: Int) -> Failed? {
    guard let slot = slots[sensor] else { return Failed(cause: "no such sensor") }
    let now = clock.monotonicNanoseconds
    if bus == nil {
      guard busBackOff.isDue(now) else { return Failed(cause: busCause) }
      do {
        bus = try hardware.openBus(declaration)
        busBackOff = BackOff()
      } catch {
        busBackOff.fail(now: now)
        busCause = "bus '\(declaration.name)': \(error)"
        return Failed(cause: busCause)
      }
    }
    return slot.backOff.isDue(now) ? nil : Failed(cause: slot.cause)
  }

  /// Lets a driver use the bus; gives the bus up where its adapter is gone.
  private func use<Success>(
    _ sensor: Int,
    _ work: (inout any I2CSensor, inout Machine.Bus) throws(DriverFailure) -> Success
  ) -> Result<Success, Failed> {
    guard var slot = slots[sensor], var open = bus.take() else {
      return .failure(Failed(cause: "bus '\(declaration.name)' is not open"))
    }
    defer { slots[sensor] = slot }
    do throws(DriverFailure) {
      let success = try work(&slot.driver, &open)
      bus = consume open
      return .success(success)
    } catch {
      if case .bus(let failure) = error, failure.kind == .deviceGone {
        busCause = "bus '\(declaration.name)': \(failure)"
        busBackOff.fail(now: clock.monotonicNanoseconds)
      } else {
        bus = consume open
      }
      return .failure(Failed(cause: error.description))
    }
  }
}
