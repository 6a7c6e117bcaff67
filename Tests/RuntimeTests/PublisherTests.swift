import Evidence
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct PublisherTests {
  /// The window that the publisher is to keep, restated.
  static let window = 64

  let log = InMemoryEvidenceLog()
  let topics = Topics(board: "test")
  let clock = ManualClock()
  let recorder: Recorder

  init() throws {
    recorder = Recorder(
      log: log, signer: try identity(), subject: "urn:dev:cairn:test", boot: 1)
  }

  func fill(to size: Int) async {
    let first = Int(await recorder.size)
    let statements = (first..<size).map { $0 == 0 ? genesis : statement($0) }
    await recorder.record(statements)
  }

  func publisher(
    _ transport: InMemoryTransport, _ cursor: InMemoryCursorStore = InMemoryCursorStore()
  ) -> Publisher {
    Publisher(
      transport: transport, recorder: recorder, cursorStore: cursor, topics: topics,
      status: { Array($0.utf8) })
  }

  /// A publisher with a session, and the task that runs it.
  func connected(
    _ transport: InMemoryTransport, _ cursor: InMemoryCursorStore = InMemoryCursorStore()
  ) async throws -> (Publisher, Task<Void, Never>) {
    let publisher = publisher(transport, cursor)
    let running = Task { await publisher.run() }
    try await transport.waitUntilStarted()
    transport.connect()
    return (publisher, running)
  }

  /// The places in the log of the entries that were taken in a session.
  func places(_ transport: InMemoryTransport, session: Int? = nil) -> [UInt64] {
    transport.messages(on: topics.entry, session: session).compactMap { message in
      if case .atLeastOnce(let token) = message.delivery { token } else { nil }
    }
  }

  func waitForEntries(
    _ count: Int, _ transport: InMemoryTransport, session: Int? = nil
  ) async throws {
    let topic = topics.entry
    try await transport.wait { sent in
      sent.count { $0.message.topic == topic && (session == nil || $0.session == session) } >= count
    }
  }

  /// Lets everything that waits for the recorder or the publisher come to its end.
  func settle(_ publisher: Publisher, _ transport: InMemoryTransport) async throws {
    for _ in 0..<3 {
      try await transport.waitUntilEventsAreTaken()
      _ = await publisher.backlog
      _ = await recorder.size
    }
  }

  @Test func `sends the log in order, the bytes as they are, and keeps the cursor`() async throws {
    await fill(to: 150)
    let (transport, cursor) = (InMemoryTransport(), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await cursor.waitUntilSaved(150)
    #expect(transport.messages(on: topics.entry).map(\.payload) == log.entries)
    #expect(places(transport) == Array(0..<150))
    #expect(cursor.saved == cursor.saved.sorted())
    #expect(await publisher.backlog == 0)
    #expect(await publisher.disconnection == nil)
    // The log grows: the new entry follows by itself.
    await fill(to: 151)
    await publisher.logGrew(to: 151)
    try await cursor.waitUntilSaved(151)
    #expect(places(transport) == Array(0..<151))
    running.cancel()
  }

  @Test func `has no more under way than its window`() async throws {
    await fill(to: 200)
    let transport = InMemoryTransport(acknowledging: false)
    let (publisher, running) = try await connected(transport)
    try await waitForEntries(Self.window, transport)
    try await settle(publisher, transport)
    #expect(places(transport) == Array(0..<64))
    // An acknowledgement out of order makes no room: the first entry may still be missing.
    transport.acknowledge(token: 5)
    try await settle(publisher, transport)
    #expect(places(transport).count == 64)
    #expect(await publisher.cursor == 0)
    transport.acknowledge(token: 0)
    try await waitForEntries(65, transport)
    try await settle(publisher, transport)
    #expect(places(transport) == Array(0..<65))
    #expect(await publisher.cursor == 1)
    for token in [4, 2, 3, 1] as [UInt64] { transport.acknowledge(token: token) }
    try await waitForEntries(70, transport)
    try await settle(publisher, transport)
    #expect(await publisher.cursor == 6)
    #expect(places(transport) == Array(0..<70))
    running.cancel()
  }

  @Test func `begins a session at the first entry that was not acknowledged, with the same bytes`()
    async throws
  {
    await fill(to: 30)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(30, transport)
    for token in 0..<10 as Range<UInt64> { transport.acknowledge(token: token) }
    transport.acknowledge(token: 20)
    transport.disconnect(reason: "no route to host")
    try await settle(publisher, transport)
    #expect(await publisher.disconnection == "no route to host")
    #expect(cursor.load() == 10)
    transport.connect()
    try await waitForEntries(20, transport, session: 2)
    try await settle(publisher, transport)
    #expect(places(transport, session: 2) == Array(10..<30))
    #expect(
      transport.messages(on: topics.entry, session: 2).map(\.payload) == Array(log.entries[10...]))
    running.cancel()
  }

  @Test func `skips nothing for acknowledgements of an older session or of nothing`() async throws {
    await fill(to: 100)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(64, transport)
    // Not sent yet, not in the log, and the token of checkpoints.
    for token in [90, 5000, UInt64.max] { transport.acknowledge(token: token) }
    transport.disconnect()
    transport.connect()
    transport.acknowledge(token: 7)
    transport.acknowledge(token: 70)
    try await waitForEntries(64, transport, session: 2)
    try await settle(publisher, transport)
    #expect(await publisher.cursor == 0)
    transport.setAcknowledging(true)
    try await cursor.waitUntilSaved(100)
    #expect(places(transport, session: 2) == Array(0..<100))
    #expect(await publisher.cursor == 100)
    running.cancel()
  }

  @Test func `an acknowledgement of what was not sent moves no cursor`() async throws {
    await fill(to: 100)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    transport.refuse { $0.delivery == .atLeastOnce(token: 64) ? "not now" : nil }
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(64, transport)
    for token in [64] + Array(0..<64) as [UInt64] { transport.acknowledge(token: token) }
    try await settle(publisher, transport)
    #expect(await publisher.cursor == 64)
    transport.disconnect()
    transport.refuse(nil)
    transport.connect()
    transport.setAcknowledging(true)
    try await cursor.waitUntilSaved(100)
    #expect(places(transport, session: 2) == Array(64..<100))
    running.cancel()
  }

  @Test func `what was read for a session that ended is not sent in the next one`() async throws {
    await fill(to: 20)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(20, transport)
    try await settle(publisher, transport)
    // The recorder hangs, and with it the read of entry 20, while the session changes.
    log.hold()
    let recording = Task { [recorder] in await recorder.record([statement(20), statement(21)]) }
    try await log.waitUntilHolding()
    await publisher.logGrew(to: 22)
    transport.disconnect()
    transport.connect()
    // The new session has begun when the reason of the old one's end is gone.
    while await publisher.disconnection != nil || transport.unacknowledged.isEmpty {
      await Task.yield()
    }
    log.release()
    _ = await recording.value
    try await waitForEntries(22, transport, session: 2)
    try await settle(publisher, transport)
    #expect(places(transport, session: 2) == Array(0..<22))
    #expect(transport.messages(on: topics.entry, session: 2).map(\.payload) == log.entries)
    running.cancel()
  }

  @Test func `loses nothing over many short sessions`() async throws {
    await fill(to: 40)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    var size = 40
    for round in 1...20 {
      transport.acknowledge(round % 4)
      transport.disconnect()
      size += 3
      await fill(to: size)
      await publisher.logGrew(to: UInt64(size))
      transport.connect()
    }
    transport.setAcknowledging(true)
    try await cursor.waitUntilSaved(UInt64(size))
    for session in 1...21 {
      let places = places(transport, session: session)
      guard let first = places.first else { continue }
      #expect(places == Array(first..<(first + UInt64(places.count))))
    }
    #expect(Set(places(transport)) == Set(0..<UInt64(size)))
    running.cancel()
  }

  @Test func `says that it runs, and shows the last head, before any entry`() async throws {
    await fill(to: 3)
    let head = try #require(await recorder.writeCheckpoint())
    let transport = InMemoryTransport()
    let (_, running) = try await connected(transport)
    try await waitForEntries(3, transport)
    #expect(
      transport.sent.map(\.message.topic).prefix(3)
        == [topics.status, topics.checkpoint, topics.entry])
    #expect(transport.retained(on: topics.status)?.payload == Array("running".utf8))
    #expect(transport.retained(on: topics.checkpoint)?.payload == head.note.bytes)
    #expect(transport.retained(on: topics.entry)?.payload == log.entries.last)
    #expect(transport.will?.payload == Array("lost".utf8))
    #expect(transport.will?.isRetained == true)
    transport.disconnect()
    #expect(transport.retained(on: topics.status)?.payload == Array("lost".utf8))
    running.cancel()
  }

  @Test func `never puts an older head in the place of a newer one`() async throws {
    await fill(to: 2)
    let older = try #require(await recorder.writeCheckpoint())
    await fill(to: 4)
    let newer = try #require(await recorder.writeCheckpoint())
    let transport = InMemoryTransport()
    let (publisher, running) = try await connected(transport)
    try await waitForEntries(4, transport)
    await publisher.publish(newer.note, of: newer.size)
    await publisher.publish(older.note, of: older.size)
    #expect(transport.retained(on: topics.checkpoint)?.payload == newer.note.bytes)
    running.cancel()
  }

  @Test func `stop waits for the last acknowledgements, says farewell and keeps the cursor`()
    async throws
  {
    await fill(to: 5)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(5, transport)
    let stopping = Task { [clock] in await publisher.stop(within: .seconds(2), clock: clock) }
    try await clock.waitForSleepers(1)
    #expect(transport.stopLimit == nil)
    transport.setAcknowledging(true)
    try await transport.waitUntilEventsAreTaken()
    clock.advance(by: .milliseconds(5))
    await stopping.value
    await running.value
    let last = try #require(transport.sent.last?.message)
    #expect(last.topic == topics.status)
    #expect(last.payload == Array("stopping".utf8))
    #expect(last.isRetained)
    #expect(transport.retained(on: topics.status) == last)
    #expect(cursor.load() == 5)
    #expect(try #require(transport.stopLimit) > .seconds(1))
  }

  @Test func `stop waits no longer than its limit, and repeats the rest after the next start`()
    async throws
  {
    await fill(to: 5)
    let (transport, cursor) = (InMemoryTransport(acknowledging: false), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(5, transport)
    transport.acknowledge(token: 0)
    transport.acknowledge(token: 1)
    try await settle(publisher, transport)
    let stopping = Task { [clock] in await publisher.stop(within: .seconds(2), clock: clock) }
    try await clock.waitForSleepers(1)
    clock.advance(by: .seconds(2))
    await stopping.value
    await running.value
    #expect(transport.sent.last?.message.payload == Array("stopping".utf8))
    #expect(cursor.load() == 2)
    let again = InMemoryTransport()
    let (_, second) = try await connected(again, cursor)
    try await cursor.waitUntilSaved(5)
    #expect(places(again) == [2, 3, 4])
    second.cancel()
  }

  @Test func `stop ends at once where its task is cancelled or there is no session`() async throws {
    await fill(to: 5)
    let transport = InMemoryTransport(acknowledging: false)
    let (publisher, running) = try await connected(transport)
    try await waitForEntries(5, transport)
    let stopping = Task { [clock] in await publisher.stop(within: .seconds(2), clock: clock) }
    try await clock.waitForSleepers(1)
    stopping.cancel()
    await stopping.value
    await running.value
    let away = InMemoryTransport()
    let second = self.publisher(away)
    let secondRun = Task { await second.run() }
    try await away.waitUntilStarted()
    await second.stop(within: .seconds(2), clock: clock)
    await secondRun.value
    #expect(away.sent == [])
  }
}
