import Board
import Evidence
import MerkleLog
import RuntimeTesting
import Synchronization
import Testing

@testable import Runtime

/// What the broker keeps of a log decides whether it may be signed on.
@Suite(.timeLimit(.minutes(1))) struct HistoryTests {
  let log = InMemoryEvidenceLog()
  let spool = InMemorySpool()
  let clock = ManualClock()
  let topics = Topics(board: "test")
  let recorder: Recorder

  init() async throws {
    let first = Recorder(log: log, signer: try identity(), subject: "urn:dev:x:test", boot: 1)
    await first.record([genesis] + (1..<20).map { statement($0) })
    _ = await first.writeCheckpoint()
    await first.record((20..<30).map { statement($0) })
    recorder = Recorder(
      log: log, signer: try identity(), subject: "urn:dev:x:test", boot: 2, spool: spool,
      waitingBecause: "the broker is asked")
  }

  /// A log of the same identity that began alike and went on otherwise.
  func other(_ size: Int, salt: Int = 1000) async throws -> (InMemoryEvidenceLog, SignedNote) {
    let log = InMemoryEvidenceLog()
    let recorder = Recorder(log: log, signer: try identity(), subject: "urn:dev:x:test", boot: 1)
    await recorder.record([genesis] + (1..<size).map { statement($0 < 5 ? $0 : $0 + salt) })
    let head = try #require(await recorder.writeCheckpoint())
    return (log, head.note)
  }

  func check(_ policy: RollbackCheck, _ transport: InMemoryTransport) -> HistoryCheck {
    HistoryCheck(
      policy: policy, recorder: recorder, topics: topics, clock: clock,
      transport: { transport }, notice: { _ in })
  }

  /// Asks a broker that keeps something; the probe comes back, as brokers do.
  func ask(
    _ policy: RollbackCheck = .require, head: [UInt8]? = nil, entry: [UInt8]? = nil
  ) async throws -> Bool {
    let transport = InMemoryTransport()
    if let head {
      transport.publish(
        OutgoingMessage(topic: topics.checkpoint, payload: head, isRetained: true))
    }
    if let entry {
      transport.publish(OutgoingMessage(topic: topics.entry, payload: entry, isRetained: true))
    }
    let check = check(policy, transport)
    let asking = Task { await check.ask() }
    try await transport.waitUntilStarted()
    transport.connect()
    await asking.value
    return await check.isAnswered
  }

  @Test func `a broker that keeps nothing, or what is in the log, permits to sign`() async throws {
    let head = try #require(log.checkpoint)
    #expect(try await ask(head: head.bytes, entry: log.entries.last))
    #expect(recorder.state.standing == .signing)
    await recorder.record([statement(99)])
    #expect(log.size == 31)
  }

  @Test func `a broker without anything permits too`() async throws {
    #expect(try await ask())
    #expect(recorder.state.standing == .signing)
  }

  @Test func `a head or an entry beyond the log is a log that was rolled back`() async throws {
    for isHead in [true, false] {
      let bench = try await HistoryTests()
      let (other, head) = try await other(40)
      #expect(
        try await bench.ask(
          head: isHead ? head.bytes : nil, entry: isHead ? nil : other.entries.last))
      guard case .rolledBack(let words)? = bench.recorder.state.failure else {
        Issue.record("\(bench.recorder.state.standing)")
        continue
      }
      #expect(words.contains(isHead ? "a head over 40 entries" : "entry 39"))
      #expect(words.contains("the log here has 30 entries"))
      #expect(bench.log.rolledBackReason == words)
    }
  }

  @Test func `another head or entry in a place that is taken is a second history`() async throws {
    for isHead in [true, false] {
      let bench = try await HistoryTests()
      let (other, head) = try await other(25)
      #expect(
        try await bench.ask(
          head: isHead ? head.bytes : nil, entry: isHead ? nil : other.entries.last))
      guard case .rolledBack(let words)? = bench.recorder.state.failure else {
        Issue.record("\(bench.recorder.state.standing)")
        continue
      }
      #expect(words.contains("two copies of this directory have signed"))
    }
  }

  @Test func `what others signed, and rubbish, says nothing`() async throws {
    let stranger = try Identity(seed: [UInt8](repeating: 9, count: 32))
    let strange = InMemoryEvidenceLog()
    let signing = Recorder(log: strange, signer: stranger, subject: "urn:dev:x:test", boot: 1)
    await signing.record([genesis] + (1..<50).map { statement($0) })
    let head = try #require(await signing.writeCheckpoint())
    #expect(try await ask(head: head.note.bytes, entry: strange.entries.last))
    #expect(recorder.state.standing == .signing)
    let bench = try await HistoryTests()
    #expect(try await bench.ask(head: [1, 2, 3], entry: Array("rubbish".utf8)))
    #expect(bench.recorder.state.standing == .signing)
  }

  @Test func `a broker that is away holds a board up only where it must be asked`() async throws {
    for policy in [RollbackCheck.prefer, .require] {
      let bench = try await HistoryTests()
      let transport = InMemoryTransport()
      let check = bench.check(policy, transport)
      let asking = Task { await check.ask() }
      try await transport.waitUntilStarted()
      transport.disconnect(reason: "connection refused")
      await asking.value
      #expect(await check.isAnswered == false)
      if policy == .prefer {
        #expect(bench.recorder.state.standing == .signing)
      } else {
        #expect(bench.recorder.state.standing == .waiting("the broker is asked"))
      }
    }
  }

  @Test func `a broker that takes the question and gives no answer is not waited for long`()
    async throws
  {
    let transport = InMemoryTransport()
    transport.refuse { $0.topic.hasSuffix("/probe") ? "not allowed" : nil }
    let check = check(.prefer, transport)
    let asking = Task { await check.ask() }
    try await transport.waitUntilStarted()
    try await clock.waitForSleepers(1)
    clock.advance(by: .seconds(3))
    await asking.value
    #expect(recorder.state.standing == .signing)
    #expect(await check.isAnswered == false)
  }

  @Test func `nothing of the log is published before the broker was asked`() async throws {
    let asked = InMemoryTransport()
    let check = check(.require, asked)
    let main = InMemoryTransport()
    let publisher = Publisher(
      transport: main, recorder: recorder, cursorStore: InMemoryCursorStore(), topics: topics,
      history: check, status: { Array($0.utf8) })
    let running = Task { await publisher.run() }
    try await main.waitUntilStarted()
    main.connect()
    try await asked.waitUntilStarted()
    try await main.wait { !$0.isEmpty }
    #expect(main.messages(on: topics.entry).isEmpty)
    #expect(main.messages(on: topics.checkpoint).isEmpty)
    asked.connect()
    try await main.wait { $0.count { $0.message.topic == topics.entry } == 30 }
    #expect(main.messages(on: topics.checkpoint).count == 1)
    #expect(main.retained(on: topics.entry)?.payload == log.entries.last)
    await publisher.stop(within: .zero, clock: clock)
    await running.value
  }

  @Test func `a head of the same identity that somebody else publishes ends the signing`()
    async throws
  {
    await recorder.permit()
    let check = check(.prefer, InMemoryTransport())
    let main = InMemoryTransport()
    let publisher = Publisher(
      transport: main, recorder: recorder, cursorStore: InMemoryCursorStore(), topics: topics,
      history: check, status: { Array($0.utf8) })
    let running = Task { await publisher.run() }
    try await main.waitUntilStarted()
    let (_, head) = try await other(25)
    main.publish(OutgoingMessage(topic: topics.checkpoint, payload: head.bytes, isRetained: true))
    main.connect()
    // The question of the check is never answered; the subscription tells all the same.
    try await clock.waitForSleepers(1)
    clock.advance(by: .seconds(3))
    try await main.waitUntilEventsAreTaken()
    guard case .rolledBack? = recorder.state.failure else {
      Issue.record("\(recorder.state.standing)")
      return
    }
    await publisher.stop(within: .zero, clock: clock)
    await running.value
  }
}
