import BrokerTesting
import Evidence
import Foundation
import Glibc
import Testing

/// Losses of power, at any instant.
@Suite(.serialized) struct KillTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["CAIRN_KILL_ROUNDS"].flatMap { Int($0) } ?? 30

  /// The same instants in every run of the test: a multiplicative generator modulo 2^31 - 1.
  private struct Instants {
    var state: UInt64 = 20_250_428

    mutating func next(_ range: ClosedRange<UInt64>) -> UInt64 {
      state = state * 48_271 % 2_147_483_647
      return range.lowerBound + state % (range.upperBound - range.lowerBound + 1)
    }
  }

  @Test func `a board that is killed again and again has one history`() async throws {
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    let fast = FastBoard(port: broker.port)
    var instants = Instants()
    for round in 0..<Self.rounds {
      try board.start(fast)
      // Every third round ends while the board still starts, the others while it works, however
      // long the machine takes to begin.
      if round % 3 == 0 {
        try await Task.sleep(for: .milliseconds(instants.next(20...300)))
      } else {
        #expect(await board.runs(), "round \(round): \(board.errors)")
        try await Task.sleep(for: .milliseconds(instants.next(0...1700)))
      }
      #expect(board.process?.isRunning == true, "round \(round): \(board.errors)")
      board.kill()
    }
    let before = subscriber.messages("entry").count
    try board.start(fast)
    #expect(await subscriber.receives(entries: before + 10), "\(board.errors)")
    try await board.stop()
    #expect(await eventually { subscriber.states.last == "stopping" })

    let published = try CollectedLog(subscriber)
    try published.expectEquals(state: board.state)
    try await board.verified()
    #expect(subscriber.states.contains("lost"), "the broker never published a will")
    try checkStarts(published)
    try checkTotals(published)
  }

  /// A start has a number of its own, higher than all before it, and begins with a boot entry.
  private func checkStarts(_ published: CollectedLog) throws {
    var boot: UInt64 = 0
    var starts = 0
    for entry in published.signed.map(\.entry) {
      #expect(entry.boot >= boot, "entry \(entry.sequence) is of start \(entry.boot) after \(boot)")
      if entry.type == .boot {
        #expect(starts == 0 || entry.boot > boot)
        starts += 1
      } else {
        #expect(entry.type == .genesis || entry.boot == boot)
      }
      boot = entry.boot
    }
    // Two of three rounds run, and not all of these live to write their first entry.
    #expect(starts > Self.rounds / 3)
    #expect(boot >= UInt64(starts))
    #expect(published.signed.map(\.entry).count { $0.type == .genesis } == 1)
  }

  /// The meter's total goes on over every loss of power and never goes back.
  private func checkTotals(_ published: CollectedLog) throws {
    var total = 0.0
    var boots: Set<UInt64> = []
    for entry in published.signed.map(\.entry) where entry.type == .data {
      for record in try entry.dataBody().records where record.name.hasSuffix(":meter/pulses") {
        guard case .number(let value) = record.value else { continue }
        #expect(value >= total, "entry \(entry.sequence): \(value) pulses after \(total)")
        total = value
        boots.insert(entry.boot)
      }
    }
    #expect(boots.count > 3)
    // Twenty pulses a second on the average, at least a third of a second in most starts.
    #expect(total > Double(boots.count))
  }

  @Test(arguments: [
    "lock", "initialising", "keys", "keys/identity", "origin", "log.vkey", "simulated", "wal",
    "log", "boot", "log/tile", "log/tile/entries/000.p/1", "log/checkpoint",
  ])
  func `a first start that is killed does not stop the next one`(file: String) async throws {
    let board = RunningBoard(in: try Directory())
    let fast = FastBoard()
    try board.start(fast)
    let deadline = ContinuousClock.now + patience
    while access("\(board.state)/\(file)", F_OK) != 0, .now < deadline {}
    board.kill()
    try board.start(fast)
    #expect(await board.runs(), "\(board.errors)")
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 1000 })
    try await board.stop()
    #expect(try await board.verified().hasPrefix("SIMULATED: "))
    #expect(!Files.exists("\(board.state)/initialising"))
  }

  /// A board may be told to stop before it listens to signals; then the signal ends it at once.
  @Test(arguments: [0, 5, 10, 20, 40, 80, 160])
  func `a board that is told to stop while it starts leaves a log that goes on`(
    milliseconds: Int
  ) async throws {
    let board = RunningBoard(in: try Directory())
    let fast = FastBoard()
    try board.start(fast)
    try await Task.sleep(for: .milliseconds(milliseconds))
    let process = try #require(board.process)
    process.signal(SIGTERM)
    let end = await process.end()
    #expect(end == .exit(0) || end == .signal(SIGTERM), "\(board.errors)")
    board.kill()
    try board.start(fast)
    #expect(await board.runs(), "\(board.errors)")
    try await board.stop()
    try await board.verified()
  }
}
