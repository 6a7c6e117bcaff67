import Evidence
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

/// What the publisher does when the broker is away, the transport refuses, or the log cannot be read.
extension PublisherTests {
  @Test func `keeps nothing in memory while the broker is away`() async throws {
    let (transport, cursor) = (InMemoryTransport(), InMemoryCursorStore())
    let publisher = publisher(transport, cursor)
    let running = Task { await publisher.run() }
    try await transport.waitUntilStarted()
    for size in stride(from: 50, through: 600, by: 50) {
      await fill(to: size)
      await publisher.logGrew(to: UInt64(size))
      transport.disconnect(reason: "no route to host")
    }
    try await settle(publisher, transport)
    #expect(transport.sent == [])
    #expect(log.reads == 0)
    #expect(await publisher.backlog == 600)
    #expect(await publisher.disconnection == "no route to host")
    transport.connect()
    try await cursor.waitUntilSaved(600)
    #expect(places(transport) == Array(0..<600))
    // Every entry is read once: what is under way is not read again.
    #expect(log.reads == 600)
    running.cancel()
  }

  @Test func `whoever signs never waits for sending`() async throws {
    await fill(to: 3)
    let transport = InMemoryTransport()
    let (publisher, running) = try await connected(transport)
    try await waitForEntries(3, transport)
    try await settle(publisher, transport)
    log.hold()
    let recording = Task { [recorder] in await recorder.record([statement(3)]) }
    try await log.waitUntilHolding()
    // The entries cannot be read now, since the recorder hangs; this returns all the same.
    await publisher.logGrew(to: 4)
    #expect(await publisher.backlog == 1)
    log.release()
    _ = await recording.value
    try await waitForEntries(4, transport)
    running.cancel()
  }

  @Test func `leaves no entry out that the transport refuses, and says why it waits`() async throws
  {
    await fill(to: 8)
    let (transport, cursor) = (InMemoryTransport(), InMemoryCursorStore())
    transport.refuse { message in
      message.delivery == .atLeastOnce(token: 3) ? "the broker takes 1000 bytes" : nil
    }
    let (publisher, running) = try await connected(transport, cursor)
    try await waitForEntries(3, transport)
    try await settle(publisher, transport)
    #expect(places(transport) == [0, 1, 2])
    #expect(await publisher.refusal == "entry 3: the broker takes 1000 bytes")
    transport.refuse(nil)
    await fill(to: 9)
    await publisher.logGrew(to: 9)
    try await cursor.waitUntilSaved(9)
    #expect(places(transport) == Array(0..<9))
    #expect(await publisher.refusal == nil)
    running.cancel()
  }

  @Test func `asks again for an entry that could not be read`() async throws {
    await fill(to: 4)
    log.failReading(with: .system(file: "bundle", call: "open", error: "Too many open files"))
    let (transport, cursor) = (InMemoryTransport(), InMemoryCursorStore())
    let (publisher, running) = try await connected(transport, cursor)
    try await settle(publisher, transport)
    #expect(places(transport) == [])
    log.failReading(with: nil)
    await fill(to: 5)
    await publisher.logGrew(to: 5)
    try await cursor.waitUntilSaved(5)
    #expect(places(transport) == Array(0..<5))
    running.cancel()
  }

  @Test func `takes a cursor beyond the log for the end of the log`() async throws {
    await fill(to: 4)
    let (transport, cursor) = (InMemoryTransport(), InMemoryCursorStore(at: 1000))
    let (publisher, running) = try await connected(transport, cursor)
    try await settle(publisher, transport)
    await fill(to: 6)
    await publisher.logGrew(to: 6)
    try await waitForEntries(2, transport)
    #expect(places(transport) == [4, 5])
    running.cancel()
  }
}
