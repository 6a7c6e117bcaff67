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
actor Publisher {
  private static let window = 64
  private static let checkpointToken: UInt64 = 1 << 63
  private static let cursorSaveInterval = 32

  private let transport: any Transport
  private let recorder: Recorder
  private let cursorStore: any CursorStore
  private let topics: Topics
  private let status: @Sendable (String) -> [UInt8]

  private var isConnected = false
  private var session = 0
  private var isPumping = false
  private var size: UInt64 = 0
  private var next: UInt64 = 0
  private var acknowledged: Set<UInt64> = []
  private var unsavedAcknowledgements = 0
  /// The first entry that the broker may lack.
  private(set) var cursor: UInt64
  /// Why there is no session; nil while there is one.
  private(set) var disconnection: String? = "not connected yet"

  init(
    transport: any Transport, recorder: Recorder, cursorStore: any CursorStore, topics: Topics,
    status: @escaping @Sendable (String) -> [UInt8]
  ) {
    self.transport = transport
    self.recorder = recorder
    self.cursorStore = cursorStore
    self.topics = topics
    self.status = status
    cursor = cursorStore.load()
  }

  /// Begins to connect, then serves the transport's events until it is stopped.
  func run() async {
    size = await recorder.size
    cursor = min(cursor, size)
    transport.start(will: statusMessage("lost"), subscriptions: [])
    for await event in transport.events {
      await handle(event)
    }
  }

  private func handle(_ event: TransportEvent) async {
    switch event {
    case .connected:
      isConnected = true
      disconnection = nil
      session += 1
      next = cursor
      acknowledged = []
      try? transport.send(statusMessage("running"))
      if let checkpoint = await recorder.checkpoint { publish(checkpoint.note) }
      await pump()
    case .disconnected(let reason):
      isConnected = false
      disconnection = reason
      saveCursor()
    case .acknowledged(let token):
      guard token < Self.checkpointToken else { return }
      acknowledge(token)
      await pump()
    case .received: break
    }
  }

  private func acknowledge(_ seq: UInt64) {
    guard seq >= cursor else { return }
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

  /// Says that the log has grown to a size.
  func logGrew(to size: UInt64) async {
    self.size = max(self.size, size)
    await pump()
  }

  /// Sends entries while the window has room.
  private func pump() async {
    guard !isPumping else { return }
    isPumping = true
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
          topic: topics.entry, payload: entry, contentType: MediaType.entry,
          delivery: .atLeastOnce(token: next))
        do {
          try transport.send(message)
        } catch {
          return
        }
        next += 1
      }
    }
  }

  /// Publishes a head that is durable already.
  func publish(_ checkpoint: SignedNote) {
    try? transport.send(
      OutgoingMessage(
        topic: topics.checkpoint, payload: checkpoint.bytes, contentType: MediaType.note,
        isRetained: true, delivery: .atLeastOnce(token: Self.checkpointToken)))
  }

  /// The number of entries that the broker may lack.
  var backlog: UInt64 { size - min(size, cursor) }

  /// Sends what is left, as far as time allows, says farewell and ends the session.
  func stop(within limit: Duration, clock: any RuntimeClock) async {
    let deadline = clock.monotonicNanoseconds + limit.nanoseconds
    while isConnected, cursor < size, clock.monotonicNanoseconds < deadline {
      try? await clock.sleep(for: .milliseconds(5))
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
