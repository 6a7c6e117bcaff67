import Evidence
import RuntimeTesting
import Synchronization
import Testing

@testable import Runtime

/// Times that tasks note.
private final class Times: Sendable {
  private let times = Mutex<[Int64]>([])
  var all: [Int64] { times.withLock { $0 } }
  func note(_ time: Int64) { times.withLock { $0.append(time) } }
}

/// The doubles themselves, which are shipped.
@Suite(.timeLimit(.minutes(1))) struct DoublesTests {
  @Test func `sleepers wake in the order of their times, then of their coming`() async throws {
    let clock = ManualClock(monotonicNanoseconds: 0)
    let woken = Times()
    let times: [Int64] = [30, 10, 20, 40]
    try await withThrowingDiscardingTaskGroup { group in
      for time in times {
        group.addTask {
          try await clock.sleep(untilMonotonic: time)
          woken.note(clock.monotonicNanoseconds)
        }
      }
      try await clock.waitForSleepers(4)
      #expect(clock.wakeTimesNanoseconds == [10, 20, 30, 40])
      for left in [3, 2, 1] {
        clock.advance(by: .nanoseconds(10))
        while clock.sleeperCount > left || woken.all.count < 4 - left {
          await Task.yield()
        }
      }
      #expect(woken.all == [10, 20, 30])
      clock.advance(by: .seconds(1))
    }
    #expect(woken.all == [10, 20, 30, 1_000_000_030])
  }

  @Test func `time does not move by itself`() async throws {
    let clock = ManualClock()
    let before = clock.now
    try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds)
    #expect(clock.now == before)
    clock.advance(by: .milliseconds(1500))
    #expect(clock.now.bootMilliseconds == before.bootMilliseconds + 1500)
    #expect(clock.now.unixNanoseconds == before.unixNanoseconds + 1_500_000_000)
    clock.stepSystemTime(by: .seconds(-5))
    clock.setQuality(nil)
    #expect(clock.now.bootMilliseconds == before.bootMilliseconds + 1500)
    #expect(clock.now.unixNanoseconds == before.unixNanoseconds - 3_500_000_000)
    #expect(clock.now.quality == nil)
  }

  @Test func `a sleeper whose task is cancelled wakes with an error, before or while it sleeps`()
    async throws
  {
    let clock = ManualClock()
    let sleeping = Task { try await clock.sleep(untilMonotonic: .max) }
    try await clock.waitForSleepers(1)
    sleeping.cancel()
    await #expect(throws: CancellationError.self) { try await sleeping.value }
    #expect(clock.sleeperCount == 0)
    let gate = Times()
    let late = Task {
      while gate.all.isEmpty { await Task.yield() }
      try await clock.sleep(untilMonotonic: .max)
    }
    late.cancel()
    gate.note(0)
    await #expect(throws: CancellationError.self) { try await late.value }
  }

  @Test func `a test that waits in vain ends when it is cancelled`() async throws {
    let clock = ManualClock()
    let waiting = Task { try await clock.waitForSleepers(1) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test func `the transport takes messages only in a session whose beginning was taken`()
    async throws
  {
    let transport = InMemoryTransport()
    let message = OutgoingMessage(topic: "t", payload: [1])
    #expect(throws: TransportFailure.notConnected) { try transport.send(message) }
    transport.connect()
    #expect(throws: TransportFailure.notConnected) { try transport.send(message) }
    var events = transport.events.makeAsyncIterator()
    func expectNext(
      _ expected: TransportEvent?, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let event = await events.next()
      #expect(event == expected, sourceLocation: sourceLocation)
    }
    try await expectNext(.connected)
    try transport.send(message)
    transport.disconnect(reason: "gone")
    #expect(throws: TransportFailure.notConnected) { try transport.send(message) }
    try await expectNext(.disconnected(reason: "gone"))
    await transport.stop(within: .zero)
    try await expectNext(nil)
    #expect(transport.sent.map(\.session) == [1])
    #expect(transport.sent.map(\.message) == [message])
  }

  @Test func `the transport forgets at a disconnection what was not acknowledged`() async throws {
    let transport = InMemoryTransport(acknowledging: false)
    var events = transport.events.makeAsyncIterator()
    func expectNext(
      _ expected: TransportEvent?, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let event = await events.next()
      #expect(event == expected, sourceLocation: sourceLocation)
    }
    transport.connect()
    try await expectNext(.connected)
    for token in 0..<3 as Range<UInt64> {
      try transport.send(
        OutgoingMessage(topic: "t", payload: [], delivery: .atLeastOnce(token: token)))
    }
    transport.acknowledge(1)
    try await expectNext(.acknowledged(token: 0))
    #expect(transport.unacknowledged == [1, 2])
    transport.disconnect()
    transport.connect()
    #expect(transport.unacknowledged == [])
  }

  @Test func `a log that failed refuses everything but reading`() throws {
    let log = InMemoryEvidenceLog()
    let identity = try identity()
    try log.append([[1]])
    log.failNext(with: .contradiction("no"))
    #expect(throws: LogFailure.contradiction("no")) { try log.append([[2]]) }
    #expect(throws: LogFailure.closed("no")) { try log.append([[2]]) }
    #expect(throws: LogFailure.closed("no")) { try log.writeCheckpoint(signedBy: identity) }
    #expect(try log.entry(at: 0) == [1])
    #expect(throws: LogFailure.notFound("the log has no entry 1")) { try log.entry(at: 1) }
  }
}
