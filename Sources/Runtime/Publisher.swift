import Evidence
import JSONText
import MerkleLog

/// Keeps how far the broker has the log, over restarts.
public protocol CursorStore: Sendable {
  /// The first entry that the broker may lack; 0 where nothing is known.
  func load() -> UInt64

  /// Keeps the place; losing it costs repetitions, never an entry.
  func save(_ seq: UInt64)
}

/// Sends the log to the broker, in order, and says how the board is.
///
/// There is no second queue: what is not acknowledged is read from the log again. Every session
/// starts at the first entry that was not acknowledged.
///
/// Always: `cursor <= next <= size`, and `next - cursor` is at most the window.
actor Publisher {
  private static let window = 64
  private static let checkpointToken: UInt64 = 1 << 63
  private static let cursorSaveInterval = 32

  private let transport: any Transport
  private let recorder: Recorder
  private let cursorStore: any CursorStore
  private let topics: Topics
  private let status: @Sendable (String) -> [UInt8]
  private let history: HistoryCheck?
  private let disclosesRecords: Bool
  private let executor = QueueExecutor(label: "publisher")

  private var isConnected = false
  private var session = 0
  private var isPumping = false
  private var size: UInt64 = 0
  private var next: UInt64 = 0
  private var acknowledged: Set<UInt64> = []
  private var unsavedAcknowledgements = 0
  private var checkpointSize: UInt64 = 0
  private var lastCheckpoint: [UInt8] = []
  /// The first entry that the broker may lack.
  private(set) var cursor: UInt64
  /// Why there is no session; nil while there is one.
  private(set) var disconnection: String? = "not connected yet"
  /// Why the next entry was not taken though there was a session; nil while entries go out.
  private(set) var refusal: String?

  /// The publisher's own thread, since keeping the cursor may wait for the disk.
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(
    transport: any Transport, recorder: Recorder, cursorStore: any CursorStore, topics: Topics,
    history: HistoryCheck? = nil, disclosesRecords: Bool = false,
    status: @escaping @Sendable (String) -> [UInt8]
  ) {
    self.transport = transport
    self.recorder = recorder
    self.cursorStore = cursorStore
    self.topics = topics
    self.history = history
    self.disclosesRecords = disclosesRecords
    self.status = status
    cursor = cursorStore.load()
  }

  /// Begins to connect, then serves the transport's events until they end.
  func run() async {
    let durable = await recorder.size
    // The log may have grown, and told so, while this waited.
    size = max(size, durable)
    cursor = min(cursor, size)
    next = cursor
    // Heads of the log that somebody else publishes are those of a copy that signs too.
    transport.start(
      will: statusMessage("lost"), subscriptions: history == nil ? [] : [topics.checkpoint])
    for await event in transport.events {
      await handle(event)
    }
    saveCursor()
  }

  private func handle(_ event: TransportEvent) async {
    switch event {
    case .connected:
      isConnected = true
      disconnection = nil
      refusal = nil
      session += 1
      next = cursor
      acknowledged = []
      try? transport.send(statusMessage("running"))
      await history?.ask()
      guard mayPublish else { return }
      // What waited for the answer is signed by now.
      size = max(size, await recorder.size)
      if let checkpoint = await recorder.checkpoint {
        publish(checkpoint.note, of: checkpoint.size)
      }
      wake()
    case .disconnected(let reason):
      isConnected = false
      disconnection = reason
      saveCursor()
    case .acknowledged(let token):
      guard token < Self.checkpointToken else { return }
      acknowledge(token)
      wake()
    case .received(let topic, let payload):
      guard topic == topics.checkpoint, payload != lastCheckpoint else { return }
      if let failure = await recorder.compare(head: payload, entry: nil, keptBy: "the broker") {
        await recorder.fail(with: failure)
      }
    }
  }

  /// Whether the log may be shown: not one that may be an older copy of what the broker has.
  private var mayPublish: Bool {
    switch recorder.state.standing {
    case .signing: true
    case .waiting, .failed(.rolledBack): false
    case .failed: true
    }
  }

  /// Says again how the board is, as where it no longer signs.
  func announce() {
    guard isConnected else { return }
    try? transport.send(statusMessage("running"))
  }

  private func acknowledge(_ seq: UInt64) {
    // What this session was not given cannot be acknowledged in it.
    guard seq >= cursor, seq < next else { return }
    acknowledged.insert(seq)
    while acknowledged.remove(cursor) != nil { cursor += 1 }
    unsavedAcknowledgements += 1
    if unsavedAcknowledgements >= Self.cursorSaveInterval || cursor == size { saveCursor() }
  }

  private func saveCursor() {
    guard unsavedAcknowledgements > 0 else { return }
    cursorStore.save(cursor)
    unsavedAcknowledgements = 0
  }

  /// Says that the log has grown to a size; waits for nothing.
  func logGrew(to size: UInt64) {
    self.size = max(self.size, size)
    wake()
  }

  /// Sees to it that entries are sent, in a task of its own.
  ///
  /// Whoever signs or reads acknowledgements must not wait here: after days without a network,
  /// sending what is left takes minutes.
  private func wake() {
    guard !isPumping, isConnected, next < size, mayPublish else { return }
    isPumping = true
    Task { await pump() }
  }

  /// Sends entries while the window has room.
  private func pump() async {
    defer { isPumping = false }
    while isConnected, next < size, next < cursor + UInt64(Self.window) {
      let wanted = Int(min(size - next, cursor + UInt64(Self.window) - next))
      let (first, during) = (next, session)
      let entries = await recorder.entries(from: first, limit: wanted)
      // While this waited, the session may have ended and another begun elsewhere in the log.
      guard during == session, isConnected, first == next else { continue }
      guard !entries.isEmpty else { return }
      for entry in entries {
        let message = OutgoingMessage(
          topic: topics.entry, payload: entry, contentType: MediaType.entry, isRetained: true,
          delivery: .atLeastOnce(token: next))
        do throws(TransportFailure) {
          // Before the entry, so that whoever acknowledges the entry has it too.
          if disclosesRecords { try await sendDisclosures(of: next) }
          guard during == session, isConnected else { break }
          try transport.send(message)
        } catch {
          // An entry may not be left out, so the others wait behind it; health says why.
          if case .refused(let why) = error { refusal = "entry \(next): \(why)" }
          return
        }
        if refusal?.hasPrefix("entry") == true { refusal = nil }
        next += 1
      }
    }
  }

  private func sendDisclosures(of seq: UInt64) async throws(TransportFailure) {
    let disclosures = await recorder.disclosures(of: seq)
    guard !disclosures.isEmpty else { return }
    let body = CBOR.array([.unsigned(seq), .array(disclosures.map { .bytes($0.bytes) })])
    guard let payload = try? body.encoded() else { return }
    do {
      try transport.send(
        OutgoingMessage(
          topic: topics.disclosure, payload: payload, contentType: MediaType.cbor,
          delivery: .atLeastOnce(token: Self.checkpointToken)))
    } catch {
      // The log goes on where a broker takes no disclosures; they stay on the board.
      guard case .refused(let why) = error else { throw error }
      refusal = "disclosures of entry \(seq): \(why)"
    }
  }

  /// Publishes a head that has new cosignatures, and is durable with them already.
  func publish(_ head: CosignedHead) {
    if head.isNewest { publish(head.note, of: head.size) }
    guard mayPublish else { return }
    try? transport.send(retained(head.note, on: topics.cosigned))
  }

  /// Publishes a head that is durable already; one that is older than the last published is not.
  func publish(_ checkpoint: SignedNote, of size: UInt64) {
    guard size >= checkpointSize, mayPublish else { return }
    checkpointSize = size
    lastCheckpoint = checkpoint.bytes
    try? transport.send(retained(checkpoint, on: topics.checkpoint))
  }

  private func retained(_ note: SignedNote, on topic: String) -> OutgoingMessage {
    OutgoingMessage(
      topic: topic, payload: note.bytes, contentType: MediaType.note, isRetained: true,
      delivery: .atLeastOnce(token: Self.checkpointToken))
  }

  /// The number of entries that the broker may lack.
  var backlog: UInt64 { size - min(size, cursor) }

  /// Sends what is left, as far as time allows, says farewell and ends the session.
  func stop(within limit: Duration, clock: any RuntimeClock) async {
    let deadline = clock.monotonicNanoseconds + limit.nanoseconds
    while isConnected, cursor < size, clock.monotonicNanoseconds < deadline {
      do {
        try await clock.sleep(for: .milliseconds(5))
      } catch {
        // Cancelled: whoever asked for the stop has no patience left.
        break
      }
    }
    try? transport.send(statusMessage("stopping"))
    let left = max(0, deadline - clock.monotonicNanoseconds)
    await transport.stop(within: .nanoseconds(left) + .milliseconds(200))
    saveCursor()
  }

  private func statusMessage(_ state: String) -> OutgoingMessage {
    OutgoingMessage(
      topic: topics.status, payload: status(state), contentType: MediaType.json, isRetained: true,
      delivery: .atLeastOnce(token: Self.checkpointToken))
  }
}
