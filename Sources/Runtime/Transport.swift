/// A message on its way out.
public struct OutgoingMessage: Hashable, Sendable {
  /// How hard the transport tries.
  public enum Delivery: Hashable, Sendable {
    /// Once at the most; lost where the network is away (MQTT QoS 0).
    case atMostOnce
    /// Once at the least, and in order; the token comes back when the broker has it (QoS 1).
    case atLeastOnce(token: UInt64)
  }

  /// The full topic.
  public let topic: String
  /// The payload's bytes.
  public let payload: [UInt8]
  /// The payload's media type, where the protocol can say it (MQTT 5).
  public let contentType: String?
  /// Whether the broker keeps it for later subscribers.
  public let isRetained: Bool
  /// How hard the transport tries.
  public let delivery: Delivery

  /// A message for a topic.
  public init(
    topic: String, payload: [UInt8], contentType: String? = nil, isRetained: Bool = false,
    delivery: Delivery = .atMostOnce
  ) {
    self.topic = topic
    self.payload = payload
    self.contentType = contentType
    self.isRetained = isRetained
    self.delivery = delivery
  }
}

/// What a transport reports, in the order in which it happened.
public enum TransportEvent: Hashable, Sendable {
  /// A session with the broker has begun; nothing of an earlier session is under way any more.
  case connected
  /// The session ended, or an attempt failed; the transport goes on trying.
  case disconnected(reason: String)
  /// The broker has the message with this token.
  case acknowledged(token: UInt64)
  /// A message of a subscription.
  case received(topic: String, payload: [UInt8])
}

/// Why a message was not taken.
public enum TransportFailure: Error, Hashable, Sendable {
  /// There is no session; try again after `TransportEvent.connected`.
  case notConnected
  /// The message can never be sent, and why.
  case refused(String)
}

/// A way to a broker that connects by itself, for ever, and forgets what a session left unsent.
///
/// Every session starts clean: what was not acknowledged in an earlier one is the caller's to send
/// again, so that order and repetition are decided in one place, by the cursor over the log.
public protocol Transport: Sendable {
  /// What happens, for one consumer; it ends after `stop`.
  var events: AsyncStream<TransportEvent> { get }

  /// Begins to connect, and connects again after every loss, with back-off and jitter.
  ///
  /// The broker publishes `will` when the session ends without a farewell.
  func start(will: OutgoingMessage?, subscriptions: [String])

  /// Hands a message to the session; never waits for the network.
  func send(_ message: OutgoingMessage) throws(TransportFailure)

  /// Sends what was handed over, for `limit` at the most, then ends the session in order.
  func stop(within limit: Duration) async
}
