import Board

/// Sends the rest of a log to the broker, outside a running board.
public struct LogDelivery: Sendable {
  private let recorder: Recorder
  private let transport: any Transport
  private let cursorStore: any CursorStore
  private let topics: Topics
  private let clock: any RuntimeClock

  /// A delivery of what the broker lacks of a recorder's log, over a transport of its own.
  public init(
    recorder: Recorder, transport: any Transport, cursorStore: any CursorStore, topics: Topics,
    clock: any RuntimeClock
  ) {
    self.recorder = recorder
    self.transport = transport
    self.cursorStore = cursorStore
    self.topics = topics
    self.clock = clock
  }

  /// Sends entries and the last head; gives how many entries the broker still lacks after a time.
  public func run(within limit: Duration) async -> UInt64 {
    let publisher = Publisher(
      transport: transport, recorder: recorder, cursorStore: cursorStore, topics: topics,
      status: { Array(#"{"state":"\#($0)"}"#.utf8) })
    let running = Task { await publisher.run() }
    let end = clock.monotonicNanoseconds + limit.nanoseconds
    await publisher.logGrew(to: recorder.size)
    while await publisher.backlog > 0, clock.monotonicNanoseconds < end {
      do {
        try await clock.sleep(for: .milliseconds(20))
      } catch {
        break
      }
    }
    await publisher.stop(within: .seconds(1), clock: clock)
    await running.value
    return await publisher.backlog
  }
}
