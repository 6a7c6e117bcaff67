import Board
import Buses
import Drivers
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct I2CWorkerTests {
  let clock = ManualClock()
  let hardware = ScriptedHardware()
  let board: Board
  let air: I2CAddress
  let roof: I2CAddress

  init() throws {
    board = try Self.twoSensors()
    air = try address(0x44)
    roof = try address(0x45)
    hardware.attach(sht3x(), at: air, on: "i2c-1")
    hardware.attach(sht3x(0x7000), at: roof, on: "i2c-1")
  }

  static func twoSensors() throws -> Board {
    try RuntimeTests.board(
      """
      board: { name: test }
      buses: { i2c-1: { device: /dev/i2c-1 } }
      sensors:
        air: { driver: sht3x, on: i2c-1, address: 0x44, every: 1 s }
        roof: { driver: sht3x, on: i2c-1, address: 0x45, every: 1 s }
      """)
  }

  func worker() -> I2CWorker<ScriptedHardware> {
    I2CWorker(
      board.buses[0], hardware: hardware, clock: clock, sensors: RuntimeTests.placements(board))
  }

  /// One measurement, the chip's times included.
  func measure(
    _ worker: I2CWorker<ScriptedHardware>, _ sensor: Int = 0
  ) async throws -> Acquisition.Outcome {
    try await RuntimeTests.driving(clock) { try await worker.acquire(sensor).outcome }
  }

  func isMeasured(_ outcome: Acquisition.Outcome) -> Bool {
    if case .measured = outcome { true } else { false }
  }

  func cause(_ outcome: Acquisition.Outcome) -> String? {
    if case .failed(let cause) = outcome { cause } else { nil }
  }

  /// What was written to a device, in order.
  func written(to address: I2CAddress) -> [[UInt8]] {
    hardware.exchanges(on: "i2c-1").filter { $0.address == address }.map(\.written)
  }

  // Commands of the SHT3x, data sheet sections 4.9, 4.11 and 4.3, restated.
  static let status: [UInt8] = [0xF3, 0x2D]
  static let softReset: [UInt8] = [0x30, 0xA2]
  static let clear: [UInt8] = [0x30, 0x41]
  static let single: [UInt8] = [0x24, 0x00]

  @Test func `sets a chip up once, then only measures`() async throws {
    let worker = worker()
    guard case .measured(let measurement, let raw) = try await measure(worker) else {
      Issue.record("not measured")
      return
    }
    // T = -45 + 175 * 0x6666 / 65535 = -45 + 175 * 0.4 (data sheet section 4.13).
    #expect(measurement.readings.first == Reading("temperature", celsius(25_000)))
    #expect(raw == [sensirionWord(0x6666) + sensirionWord(0x8000)])
    #expect(
      written(to: air) == [Self.status, Self.softReset, Self.clear, Self.single, [], Self.status])
    #expect(isMeasured(try await measure(worker)))
    #expect(written(to: air).suffix(3) == [Self.single, [], Self.status])
    #expect(written(to: air).count == 9)
    #expect(hardware.openings(of: "i2c-1") == 1)
  }

  @Test func `leaves a chip alone for a time that doubles to a minute, for ever`() async throws {
    let worker = worker()
    hardware.failExchanges(with: air, on: "i2c-1", with: I2CFailure(.noAcknowledgeOfAddress))
    var waits: [Int64] = []
    for _ in 0..<11 {
      let before = written(to: air).count
      let began = clock.monotonicNanoseconds
      while true {
        let outcome = try await measure(worker)
        #expect(cause(outcome) == "no acknowledge at the address")
        if written(to: air).count > before { break }
        clock.advance(by: .milliseconds(500))
      }
      // The first tries set the chip up once more; one that is absent is looked for only.
      #expect(written(to: air).count == before + (waits.count < 3 ? 2 : 1))
      waits.append((clock.monotonicNanoseconds - began) / 500_000_000)
    }
    // In half seconds: at once, at once, then 1, 2, 4, 8, 16, 32, 60, 60, 60 s.
    #expect(waits == [0, 0, 2, 4, 8, 16, 32, 64, 120, 120, 120])
    hardware.failExchanges(with: air, on: "i2c-1", with: nil)
    clock.advance(by: .seconds(60))
    #expect(isMeasured(try await measure(worker)))
    // A success starts the back-off again from nothing.
    hardware.failExchanges(with: air, on: "i2c-1", with: I2CFailure(.timeout))
    _ = try await measure(worker)
    hardware.failExchanges(with: air, on: "i2c-1", with: nil)
    #expect(isMeasured(try await measure(worker)))
  }

  @Test func `one chip's failure does not disturb another`() async throws {
    let worker = worker()
    hardware.failExchanges(with: air, on: "i2c-1", with: I2CFailure(.noAcknowledgeOfAddress))
    for _ in 0..<20 {
      #expect(!isMeasured(try await measure(worker, 0)))
      #expect(isMeasured(try await measure(worker, 1)))
      clock.advance(by: .seconds(1))
    }
    #expect(hardware.openings(of: "i2c-1") == 1)
    // It was set up once: the neighbour's set-up never touched it.
    #expect(written(to: roof).count { $0 == Self.softReset } == 1)
  }

  @Test func `others use the bus while a chip converts`() async throws {
    let worker = worker()
    _ = try await measure(worker, 0)
    _ = try await measure(worker, 1)
    let both = (0..<2).map { sensor in Task { try await worker.acquire(sensor).outcome } }
    // Both conversions are under way at once.
    try await clock.waitForSleepers(2)
    clock.advance(by: .milliseconds(20))
    for task in both { #expect(isMeasured(try await task.value)) }
  }

  @Test func `a bus that cannot be opened is opened again with back-off, and recovers`()
    async throws
  {
    let worker = worker()
    hardware.failOpening(of: "i2c-1", with: I2CFailure(.deviceGone, detail: "No such file"))
    for _ in 0..<2 {
      #expect(
        cause(try await measure(worker)) == "bus 'i2c-1': adapter gone (No such file)")
    }
    #expect(hardware.openings(of: "i2c-1") == 2)
    // Now it waits; all sensors of the bus share the back-off.
    for sensor in 0..<2 {
      #expect(
        cause(try await measure(worker, sensor)) == "bus 'i2c-1': adapter gone (No such file)")
    }
    #expect(hardware.openings(of: "i2c-1") == 2)
    clock.advance(by: .seconds(1))
    _ = try await measure(worker)
    #expect(hardware.openings(of: "i2c-1") == 3)
    hardware.failOpening(of: "i2c-1", with: nil)
    clock.advance(by: .seconds(2))
    #expect(isMeasured(try await measure(worker, 0)))
    #expect(isMeasured(try await measure(worker, 1)))
    #expect(hardware.openings(of: "i2c-1") == 4)
    #expect(hardware.exchanges(on: "i2c-1").count == 12)
  }

  @Test func `a bus that is gone is opened again`() async throws {
    let worker = worker()
    _ = try await measure(worker)
    hardware.failNextExchanges(with: air, on: "i2c-1", with: [I2CFailure(.deviceGone)])
    #expect(isMeasured(try await measure(worker)))
    #expect(hardware.openings(of: "i2c-1") == 2)
    #expect(isMeasured(try await measure(worker, 1)))
    #expect(hardware.openings(of: "i2c-1") == 2)
  }

  @Test func `a bus that stays gone is not opened in a loop`() async throws {
    let worker = worker()
    hardware.failExchanges(on: "i2c-1", with: I2CFailure(.deviceGone))
    for _ in 0..<600 {
      #expect(!isMeasured(try await measure(worker)))
      clock.advance(by: .milliseconds(100))
    }
    // A minute of ten tries a second: at most two openings in each of at once, at once, 1, ... 32 s.
    #expect(hardware.openings(of: "i2c-1") <= 16)
    #expect(hardware.openings(of: "i2c-1") >= 8)
  }

  @Test func `a failure that is not of the bus keeps it open`() async throws {
    let worker = worker()
    _ = try await measure(worker)
    for kind in I2CFailure.Kind.allCases where kind != .deviceGone {
      hardware.failNextExchanges(with: air, on: "i2c-1", with: [I2CFailure(kind)])
      #expect(isMeasured(try await measure(worker)))
    }
    #expect(hardware.openings(of: "i2c-1") == 1)
  }

  @Test func `gives the calibration of the chip that measured, also when it was exchanged`()
    async throws
  {
    let board = try RuntimeTests.board(
      """
      board: { name: test }
      buses: { i2c-1: { device: /dev/i2c-1 } }
      sensors: { air: { driver: bme280, on: i2c-1, address: 0x76, every: 1 s } }
      """)
    let place = try #require(I2CAddress(0x76))
    let hardware = ScriptedHardware()
    let worker = I2CWorker(
      board.buses[0], hardware: hardware, clock: clock, sensors: RuntimeTests.placements(board))
    func acquire() async throws -> [UInt8]? {
      let task = Task { try await worker.acquire(0) }
      let driving = Task { [clock] in
        while !Task.isCancelled {
          try await clock.waitForSleepers(1)
          clock.advance(by: .seconds(1))
        }
      }
      let attempt = try await task.value
      driving.cancel()
      _ = await driving.result
      #expect(isMeasured(attempt.outcome) == (attempt.calibration != nil))
      return attempt.calibration
    }
    #expect(try await acquire() == nil)
    hardware.attach(bme280(), at: place, on: "i2c-1")
    let first = try #require(try await acquire())
    #expect(first.count == 33)
    // Another chip in its place has lost the settings, so it is set up and its trimming is read.
    hardware.attach(bme280(trimmingShift: 1), at: place, on: "i2c-1")
    let second = try #require(try await acquire())
    #expect(second[0] == first[0] + 1)
    #expect(second.dropFirst() == first.dropFirst())
  }

  @Test func `proceeds with a measurement of several steps until it can be fetched`() async throws {
    let board = try RuntimeTests.board(
      """
      board: { name: test }
      buses: { i2c-1: { device: /dev/i2c-1 } }
      sensors:
        tank: { driver: ads1115, on: i2c-1, address: 0x48, every: 1 s, inputs: [0, 1, 2-3] }
      """)
    let place = try address(0x48)
    let hardware = ScriptedHardware()
    let chip = ScriptedADS1115()
    hardware.attach(chip.device, at: place, on: "i2c-1")
    let worker = I2CWorker(
      board.buses[0], hardware: hardware, clock: clock, sensors: RuntimeTests.placements(board))
    // The reset, and three conversions.
    var waits: [Int64] = []
    let first = Task { try await worker.acquire(0) }
    for _ in 0..<4 {
      try await clock.waitForSleepers(1)
      let wake = try #require(clock.wakeTimesNanoseconds.first)
      waits.append(wake - clock.monotonicNanoseconds)
      clock.advance(by: .nanoseconds(waits.last ?? 0))
    }
    #expect(waits == [138_938_889, 8_730_556, 8_730_556, 8_730_556])
    guard case .measured(let measurement, let raw) = try await first.value.outcome else {
      Issue.record("not measured")
      return
    }
    #expect(raw == [[0xC3, 0x87, 0xD3, 0x87, 0xB3, 0x87], [4, 0, 5, 0, 3, 0]])
    #expect(
      measurement.readings.map(\.channel) == ["voltage-0", "voltage-1", "voltage-2-3"])
    // A step that fails is a measurement that fails: it begins anew.
    let before = hardware.exchanges(on: "i2c-1").count
    chip.refuse(1)
    let attempt = try await RuntimeTests.driving(clock) { try await worker.acquire(0) }
    #expect(attempt.isMeasured && attempt.steps == [.retry])
    #expect(
      hardware.exchanges(on: "i2c-1").dropFirst(before).map(\.written) == [
        [1, 0xC3, 0x87], [1], [1], [1, 0xC3, 0x87], [1], [0], [1, 0xD3, 0x87], [1], [0],
        [1, 0xB3, 0x87], [1], [0],
      ])
  }

  @Test func `a measurement that is cancelled throws and leaves the bus usable`() async throws {
    let worker = worker()
    let task = Task { try await worker.acquire(0).outcome }
    try await clock.waitForSleepers(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(isMeasured(try await measure(worker)))
    #expect(hardware.openings(of: "i2c-1") == 1)
  }

  @Test func `a single measurement of one sensor needs no log`() async throws {
    let task = Task { [board, hardware, clock] in
      try await SingleMeasurement.take("roof", of: board, on: hardware, clock: clock)
    }
    let driving = Task { [clock] in
      while !Task.isCancelled {
        try await clock.waitForSleepers(1)
        clock.advance(by: .milliseconds(20))
      }
    }
    let acquisition = try #require(try await task.value)
    driving.cancel()
    #expect(isMeasured(acquisition.outcome))
    #expect(acquisition.sensor == 1)
    #expect(written(to: air) == [])
    #expect(
      try await SingleMeasurement.take("cellar", of: board, on: hardware, clock: clock) == nil)
  }
}
