/// Reads what a broker keeps of some topics, in a session of its own.
///
/// A broker does not say that it keeps nothing. So a message of one's own follows the subscriptions:
/// when it comes back, everything that was kept has come before it.
enum RetainedMessages {
  /// Why it is not known what the broker keeps, in words.
  struct Failure: Error {
    let reason: String
  }

  /// The payloads that the broker keeps, by topic.
  static func read(
    _ topics: [String], probe: String, over transport: any Transport, within limit: Duration,
    clock: any RuntimeClock
  ) async throws(Failure) -> [String: [UInt8]] {
    let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    transport.start(will: nil, subscriptions: topics + [probe])
    let timer = Task {
      try await clock.sleep(for: limit)
      await transport.stop(within: .zero)
    }
    defer { timer.cancel() }
    var kept: [String: [UInt8]] = [:]
    var reason = "it did not send back what was asked of it within \(limit)"
    events: for await event in transport.events {
      switch event {
      case .connected:
        do {
          try transport.send(OutgoingMessage(topic: probe, payload: nonce))
        } catch {
          reason = "\(error)"
          break events
        }
      case .disconnected(let why):
        reason = why
        break events
      case .received(let topic, let payload):
        guard topic == probe else {
          kept[topic] = payload
          continue
        }
        guard payload == nonce else { continue }
        await transport.stop(within: .milliseconds(200))
        return kept
      case .acknowledged: continue
      }
    }
    await transport.stop(within: .zero)
    throw Failure(reason: reason)
  }
}
