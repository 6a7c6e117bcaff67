import Board
import Buses
import Drivers
import Quantities
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct LineWorkerTests {
  let clock = ManualClock()
  let hardware = ScriptedHardware()

  func worker() throws -> LineWorker<ScriptedHardware> {
    let board = try board(
      """
      board: { name: test }
      buses: { header: { gpiochip: gpiochip0 } }
      sensors: { meter: { driver: pulse-counter, on: header, line: 17, debounce: 1 ms, every: 1 s } }
      """)
    guard case .line(let driver, let settings) = board.sensors[0].part else {
      throw LineFailure(.other, detail: "not a line")
    }
    return LineWorker(
      board.sensors[0], driver: driver, settings: settings, on: board.buses[0],
      hardware: hardware, clock: clock)
  }

  func pulses(_ worker: LineWorker<ScriptedHardware>) -> Int128? {
    guard case .measured(let measurement, _) = worker.measure() else { return nil }
    let nano = measurement.readings.first { $0.channel == "pulses" }?.quantity.nano
    return nano.map { $0 / 1_000_000_000 }
  }

  func cause(_ worker: LineWorker<ScriptedHardware>) -> String? {
    if case .failed(let cause) = worker.measure() { cause } else { nil }
  }

  /// Pulses of 10 ms each, the first so many milliseconds after the clock's start.
  func edges(_ count: Int, from milliseconds: Int64) -> [LineEdge] {
    (0..<count).flatMap { index in
      let rise = 60_000_000_000 + (milliseconds + Int64(index) * 20) * 1_000_000
      return [
        LineEdge(.rising, timestamp: rise), LineEdge(.falling, timestamp: rise + 10_000_000),
      ]
    }
  }

  @Test func `counts the edges of its line`() async throws {
    let worker = try worker()
    #expect(cause(worker) == "the line is not open yet")
    hardware.send(edges(5, from: 0), to: "meter")
    worker.start(resuming: [])
    try await settle(worker, 5)
    clock.advance(by: .seconds(1))
    guard case .measured(let measurement, let raw) = worker.measure() else {
      Issue.record("not measured")
      return
    }
    #expect(raw.count == 1)
    #expect(measurement.readings.map(\.channel) == ["pulses", "rate"])
    worker.stop()
  }

  @Test func `goes on from the totals of an earlier run`() async throws {
    let worker = try worker()
    hardware.send(edges(3, from: 0), to: "meter")
    worker.start(resuming: [
      Reading("pulses", Quantity(nano: 1_000_000_000_000, unit: .count)),
      Reading("rate", Quantity(nano: 5, unit: .hertz)),
    ])
    try await settle(worker, 1003)
    worker.stop()
  }

  @Test func `a line that cannot be opened says so, and is opened when it can be`() async throws {
    let worker = try worker()
    hardware.failOpeningLine(of: "meter", with: LineFailure(.busy, detail: "used by gpio-keys"))
    worker.start(resuming: [])
    // At once, and once more at once.
    try await hardware.waitForLineOpenings(2, of: "meter")
    try await wait { cause(worker) == "line 17 of 'header': line is busy (used by gpio-keys)" }
    hardware.failOpeningLine(of: "meter", with: nil)
    hardware.send(edges(2, from: 0), to: "meter")
    clock.advance(by: .seconds(1))
    try await settle(worker, 2)
    #expect(hardware.lineOpenings(of: "meter") == 3)
    worker.stop()
  }

  @Test func `a line that fails is opened again, and its total goes on`() async throws {
    let worker = try worker()
    hardware.send(edges(4, from: 0), to: "meter")
    hardware.breakLine(of: "meter", with: LineFailure(.deviceGone))
    hardware.send(edges(3, from: 5000), to: "meter")
    worker.start(resuming: [])
    try await settle(worker, 7)
    #expect(hardware.lineOpenings(of: "meter") == 2)
    worker.stop()
  }

  @Test func `a line that opens and fails at once is not opened in a loop`() async throws {
    let worker = try worker()
    for _ in 0..<5 { hardware.breakLine(of: "meter", with: LineFailure(.deviceGone)) }
    worker.start(resuming: [])
    try await hardware.waitForLineOpenings(2, of: "meter")
    try await wait { cause(worker) == "line 17 of 'header': chip gone" }
    // The clock stands, so the third try is not due, however long the thread runs.
    hardware.failOpeningLine(of: "meter", with: nil)
    let other = try otherWorker()
    other.start(resuming: [])
    try await hardware.waitForLineOpenings(1, of: "other")
    #expect(hardware.lineOpenings(of: "meter") == 2)
    for (seconds, openings) in [(1, 3), (2, 4), (4, 5), (8, 6)] {
      clock.advance(by: .seconds(seconds))
      try await hardware.waitForLineOpenings(openings, of: "meter")
    }
    // The failures are used up.
    try await wait { cause(worker) == nil }
    worker.stop()
    other.stop()
  }

  func otherWorker() throws -> LineWorker<ScriptedHardware> {
    let board = try board(
      """
      board: { name: test }
      buses: { header: { gpiochip: gpiochip0 } }
      sensors: { other: { driver: pulse-counter, on: header, line: 4, debounce: 1 ms, every: 1 s } }
      """)
    guard case .line(let driver, let settings) = board.sensors[0].part else {
      throw LineFailure(.other, detail: "not a line")
    }
    return LineWorker(
      board.sensors[0], driver: driver, settings: settings, on: board.buses[0],
      hardware: hardware, clock: clock)
  }

  /// Waits until the worker's thread has counted so many pulses.
  func settle(_ worker: LineWorker<ScriptedHardware>, _ count: Int128) async throws {
    try await wait { pulses(worker) == count }
  }

  /// Lets other threads run until a condition holds; the suite's time limit bounds it.
  func wait(until condition: () -> Bool) async throws {
    while !condition() {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}
