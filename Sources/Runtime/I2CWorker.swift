import Board
import Buses
import Drivers

/// One I2C bus with its sensors, on a thread of its own.
///
/// A sensor that fails climbs its `FaultLadder`; a bus that cannot be opened is opened again with
/// back-off, for ever.
actor I2CWorker<Machine: Hardware> {
  private struct Slot {
    var driver: any I2CSensor
    let power: PowerDeclaration?
    var isConfigured = false
    var ladder = FaultLadder()
    /// Why it failed last; it stays the cause while the sensor is left alone.
    var cause = ""
  }

  private enum Failed: Error {
    case driver(DriverFailure)
    case other(String)

    var cause: String {
      switch self {
      case .driver(let failure): failure.description
      case .other(let cause): cause
      }
    }

    var isOfIdentity: Bool {
      if case .driver(.wrongIdentity) = self { true } else { false }
    }
  }

  private let hardware: Machine
  private let declaration: BusDeclaration
  private let clock: any RuntimeClock
  private let executor: QueueExecutor
  private var bus: Machine.Bus?
  private var busBackOff = BackOff()
  private var busCause = ""
  private var switches: PowerSwitches<Machine>
  private var slots: [Int: Slot] = [:]

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    _ declaration: BusDeclaration, hardware: Machine, clock: any RuntimeClock,
    sensors: [I2CPlacement]
  ) {
    self.declaration = declaration
    self.hardware = hardware
    self.clock = clock
    executor = QueueExecutor(label: "bus \(declaration.name)")
    switches = PowerSwitches(hardware: hardware)
    for sensor in sensors {
      slots[sensor.index] = Slot(driver: sensor.driver, power: sensor.power)
    }
  }

  /// Measures at every beat until the task is cancelled.
  func sample(_ sensor: Int, at beat: Beat, into intake: Intake) async {
    await intake.fill(with: sensor, at: beat) { try await acquire(sensor) }
  }

  /// Makes one measurement: sets the chip up where needed, begins, proceeds, fetches and decodes.
  ///
  /// Throws only where the task is cancelled while it waits.
  func acquire(_ sensor: Int) async throws -> Attempt {
    var attempt = Attempt(outcome: .failed(""), calibration: nil)
    if let refusal = isReady(sensor) {
      attempt.outcome = .failed(refusal.cause)
    } else {
      attempt.outcome = try await climb(sensor, taking: &attempt.steps)
    }
    attempt.calibration = slots[sensor]?.driver.calibration
    attempt.isAbsent = slots[sensor]?.ladder.isAbsent ?? false
    return attempt
  }

  // MARK: The ladder

  private func climb(
    _ sensor: Int, taking taken: inout [RecoveryStep]
  ) async throws -> Acquisition.Outcome {
    let slot = slots[sensor]
    let planned =
      slot?.ladder.steps(
        isConfigured: slot?.isConfigured ?? false, canCyclePower: slot?.power != nil) ?? []
    var result = try await attempt(sensor)
    var first: Failed?
    for step in planned {
      guard case .failure(let failed) = result else { break }
      first = first ?? failed
      guard try await take(step, for: sensor, after: failed) else { continue }
      taken.append(step)
      if let refusal = open() {
        result = .failure(refusal)
        continue
      }
      result = try await attempt(sensor)
    }
    switch result {
    case .success(let outcome):
      slots[sensor]?.ladder = FaultLadder()
      return outcome
    case .failure(let failed):
      slots[sensor]?.isConfigured = false
      slots[sensor]?.ladder.fail(now: clock.monotonicNanoseconds)
      // A chip whose answers are damaged seems to be another one when it is asked who it is.
      let cause = failed.isOfIdentity ? (first ?? failed).cause : failed.cause
      slots[sensor]?.cause = cause
      return .failed(cause)
    }
  }

  /// Takes a step, unless it cannot help against a failure; tells whether it was taken.
  private func take(
    _ step: RecoveryStep, for sensor: Int, after failed: Failed
  ) async throws -> Bool {
    let failure: DriverFailure? = if case .driver(let failure) = failed { failure } else { nil }
    switch step {
    case .retry: return failure?.isWorthARetry ?? false
    case .reinitialise:
      slots[sensor]?.isConfigured = false
    case .reopen:
      guard failure?.isOfTheBus ?? false else { return false }
      bus = nil
    case .powerCycle:
      guard let power = slots[sensor]?.power, isNeeded(power, except: sensor) == false
      else { return false }
      try await cycle(power)
      for index in slots.keys where slots[index]?.power == power {
        slots[index]?.isConfigured = false
      }
    }
    return true
  }

  private func cycle(_ power: PowerDeclaration) async throws {
    switches.drive(power, isOn: false)
    // Whatever ends the wait, the supply comes back.
    do {
      try await clock.sleep(for: power.off)
    } catch {
      switches.drive(power, isOn: true)
      throw error
    }
    switches.drive(power, isOn: true)
    try await clock.sleep(for: power.settle)
  }

  /// Whether another sensor on a supply measures: switching it off would cost its values.
  private func isNeeded(_ power: PowerDeclaration, except sensor: Int) -> Bool {
    slots.contains { $0.key != sensor && $0.value.power == power && $0.value.isConfigured }
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
    while true {
      let proceeded = use(sensor) { driver, bus throws(DriverFailure) in
        try driver.proceed(on: &bus)
      }
      switch proceeded {
      case .failure(let failed): return .failure(failed)
      case .success(let pause?):
        if pause > .zero { try await clock.sleep(for: pause) }
      case .success(nil):
        return use(sensor) { driver, bus throws(DriverFailure) in
          let raw = try driver.fetch(from: &bus)
          return .measured(try driver.decode(raw), raw: raw)
        }
      }
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

  // MARK: The bus

  /// Why a sensor cannot be tried now; opens the bus and switches the supply on where that is due.
  private func isReady(_ sensor: Int) -> Failed? {
    guard let slot = slots[sensor] else { return .other("no such sensor") }
    if let refusal = open() { return refusal }
    guard slot.ladder.isDue(clock.monotonicNanoseconds) else { return .other(slot.cause) }
    guard let power = slot.power else { return nil }
    return switches.switchOn(power, now: clock.monotonicNanoseconds).map(Failed.other)
  }

  /// Opens the bus where it is not, unless that failed a moment ago.
  private func open() -> Failed? {
    guard bus == nil else { return nil }
    let now = clock.monotonicNanoseconds
    guard busBackOff.isDue(now) else { return .other(busCause) }
    do {
      bus = try hardware.openBus(declaration)
      busBackOff = BackOff()
      return nil
    } catch {
      busBackOff.fail(now: now)
      busCause = "bus '\(declaration.name)': \(error)"
      return .other(busCause)
    }
  }

  /// Lets a driver use the bus; gives the bus up where its adapter is gone.
  private func use<Success>(
    _ sensor: Int,
    _ work: (inout any I2CSensor, inout Machine.Bus) throws(DriverFailure) -> Success
  ) -> Result<Success, Failed> {
    guard var slot = slots[sensor], var open = bus.take() else {
      return .failure(.other("bus '\(declaration.name)' is not open"))
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
      return .failure(.driver(error))
    }
  }
}
