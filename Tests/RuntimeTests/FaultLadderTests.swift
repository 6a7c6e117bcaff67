import Board
import Buses
import Drivers
import RuntimeTesting
import Testing

@testable import Runtime

/// What is done for a chip that fails, step by step.
@Suite struct FaultLadderTests {
  let clock = ManualClock()
  let hardware = ScriptedHardware()
  let board: Board
  let air: I2CAddress

  init() throws {
    board = try RuntimeTests.board(
      """
      board: { name: test }
      buses: { i2c-1: { device: /dev/i2c-1 }, header: { gpiochip: gpiochip0 } }
      sensors:
        air:
          { driver: sht3x, on: i2c-1, address: 0x44, every: 1 s,
            power: { on: header, line: 4, off: 2 s, settle: 50 ms } }
        roof: { driver: sht3x, on: i2c-1, address: 0x45, every: 1 s, power: { on: header, line: 4, off: 2 s, settle: 50 ms } }
      """)
    air = try #require(I2CAddress(0x44))
    hardware.attach(sht3x(), at: air, on: "i2c-1")
  }

  func worker() -> I2CWorker<ScriptedHardware> {
    I2CWorker(
      board.buses[0], hardware: hardware, clock: clock, sensors: RuntimeTests.placements(board))
  }

  func acquire(_ worker: I2CWorker<ScriptedHardware>, _ sensor: Int = 0) async throws -> Attempt {
    try await RuntimeTests.driving(clock) { try await worker.acquire(sensor) }
  }

  func fail(_ kind: I2CFailure.Kind?) {
    hardware.failExchanges(
      with: air, on: "i2c-1", with: kind.map { I2CFailure($0) })
  }

  @Test func `noise is answered by trying the same once more`() async throws {
    let worker = worker()
    _ = try await acquire(worker)
    let before = hardware.exchanges(on: "i2c-1").count
    hardware.failNextExchanges(with: air, on: "i2c-1", with: [I2CFailure(.noAcknowledgeOfData)])
    let attempt = try await acquire(worker)
    #expect(attempt.steps == [.retry])
    #expect(attempt.isMeasured)
    // The measuring command twice, the result, the status: nothing was set up.
    #expect(hardware.exchanges(on: "i2c-1").count == before + 4)
  }

  @Test func `a chip that lost its settings is set up at once, without a retry`() async throws {
    let worker = worker()
    _ = try await acquire(worker)
    hardware.attach(sht3x(status: 0x8010), at: air, on: "i2c-1")
    #expect(try await acquire(worker).steps == [.reinitialise])
  }

  @Test func `steps get harder from attempt to attempt, and end at absent`() async throws {
    let worker = worker()
    #expect(try await acquire(worker).isMeasured)
    fail(.timeout)
    var taken: [[RecoveryStep]] = []
    for _ in 0..<5 {
      let attempt = try await acquire(worker)
      taken.append(attempt.steps)
      #expect(attempt.isAbsent == (taken.count >= 3))
      clock.advance(by: .seconds(20))
    }
    #expect(
      taken == [
        [.retry, .reinitialise], [.reinitialise, .reopen], [.reinitialise, .powerCycle], [], [],
      ])
    #expect(hardware.openings(of: "i2c-1") == 2)
    #expect(hardware.levels(ofPower: 4) == [true, false, true])
  }

  @Test func `a chip that hangs is brought back by its supply`() async throws {
    let worker = worker()
    #expect(try await acquire(worker).isMeasured)
    let air = air
    fail(.noAcknowledgeOfAddress)
    hardware.onPower(4) { [hardware] isOn in
      if !isOn { hardware.failExchanges(with: air, on: "i2c-1", with: nil) }
    }
    var attempts = 0
    while attempts < 5 {
      attempts += 1
      let attempt = try await acquire(worker)
      if attempt.isMeasured {
        #expect(attempt.steps == [.reinitialise, .powerCycle])
        break
      }
      clock.advance(by: .seconds(5))
    }
    #expect(attempts == 3)
  }

  @Test func `a supply is not switched off while another sensor on it measures`() async throws {
    hardware.attach(sht3x(), at: try #require(I2CAddress(0x45)), on: "i2c-1")
    let worker = worker()
    #expect(try await acquire(worker, 0).isMeasured)
    #expect(try await acquire(worker, 1).isMeasured)
    fail(.timeout)
    for _ in 0..<6 {
      _ = try await acquire(worker, 0)
      #expect(try await acquire(worker, 1).isMeasured)
      clock.advance(by: .seconds(20))
    }
    #expect(hardware.levels(ofPower: 4) == [true])
  }

  @Test func `a supply whose line cannot be had is the cause, and is tried again`() async throws {
    hardware.failOpeningPower(4, with: LineFailure(.busy, detail: "held by 'fan'"))
    let worker = worker()
    #expect(
      try await acquire(worker).outcome
        == .failed("power line 4 of 'header': line is busy (held by 'fan')"))
    hardware.failOpeningPower(4, with: nil)
    clock.advance(by: .seconds(2))
    #expect(try await acquire(worker).isMeasured)
  }

  @Test func `a chip that is plugged in later starts by itself`() async throws {
    let worker = worker()
    for _ in 0..<30 {
      #expect(try await acquire(worker, 1).isMeasured == false)
      clock.advance(by: .seconds(10))
    }
    hardware.attach(sht3x(), at: try #require(I2CAddress(0x45)), on: "i2c-1")
    clock.advance(by: .seconds(60))
    let attempt = try await acquire(worker, 1)
    #expect(attempt.isMeasured)
    #expect(attempt.isAbsent == false)
  }
}

extension Attempt {
  var isMeasured: Bool { if case .measured = outcome { true } else { false } }
}
