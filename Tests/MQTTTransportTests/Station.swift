import MQTTTransport
import Runtime
import Synchronization

/// A transport and everything it has told, for tests to look at.
final class Station: Sendable {
  let transport: MQTTTransport
  private let log: Log

  /// What is written down; it outlives the station, so that the end of the events can be seen.
  final class Log: Sendable {
    private let state = Mutex<(events: [TransportEvent], notices: [String], isOver: Bool)>(
      ([], [], false))

    var events: [TransportEvent] { state.withLock { $0.events } }
    var notices: [String] { state.withLock { $0.notices } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func add(_ event: TransportEvent) { state.withLock { $0.events.append(event) } }
    func add(notice: String) { state.withLock { $0.notices.append(notice) } }
    func close() { state.withLock { $0.isOver = true } }

    var connections: Int { events.count { $0 == .connected } }

    var losses: [String] {
      events.compactMap { if case .disconnected(let reason) = $0 { reason } else { nil } }
    }

    var tokens: [UInt64] {
      events.compactMap { if case .acknowledged(let token) = $0 { token } else { nil } }
    }

    var received: [(topic: String, text: String)] {
      events.compactMap { event in
        guard case .received(let topic, let payload) = event else { return nil }
        return (topic, String(decoding: payload, as: UTF8.self))
      }
    }
  }

  init(
    _ configuration: MQTTConfiguration, will: OutgoingMessage? = nil, subscriptions: [String] = []
  ) {
    let log = Log()
    self.log = log
    transport = MQTTTransport(configuration) { log.add(notice: $0) }
    let events = transport.events
    Task {
      for await event in events { log.add(event) }
      log.close()
    }
    transport.start(will: will, subscriptions: subscriptions)
  }

  var told: Log { log }

  /// Whether a session begins in time.
  func connects(times: Int = 1) async -> Bool { await eventually { log.connections >= times } }

  func publish(
    _ text: String, to topic: String, token: UInt64? = nil, isRetained: Bool = false,
    contentType: String? = nil
  ) throws {
    try transport.send(
      OutgoingMessage(
        topic: topic, payload: Array(text.utf8), contentType: contentType, isRetained: isRetained,
        delivery: token.map { .atLeastOnce(token: $0) } ?? .atMostOnce))
  }

  func stop() async { await transport.stop(within: .seconds(10)) }
}
