public import Runtime

/// A connection to an MQTT broker that comes back by itself, over libmosquitto.
///
/// One thread of its own resolves names, connects, reads and writes; callers only leave messages in
/// a queue and wake it. Every attempt uses a new client with a clean session, so nothing of an
/// earlier session is ever sent again: what was not acknowledged is the caller's to repeat.
///
/// ## Order
/// Messages of delivery `atLeastOnce` reach the wire in the order of `send`, at QoS 1. Messages of
/// delivery `atMostOnce` (QoS 0) do not wait behind them.
///
/// A message is accepted only after the consumer has *taken* `connected` from `events`. A sender
/// that lags behind the events can therefore never put a later message into a new session before it
/// knows that the earlier ones were lost.
///
/// ## Refusals
/// A broker may answer a QoS 1 message with a refusal (MQTT 5). Such a message is never reported as
/// acknowledged: the session ends with the broker's reason, and the caller's cursor stays where it
/// is. Under MQTT 3.1.1 a broker can't say that it dropped a message.
///
/// ## Memory
/// Events wait without a bound until they are taken, and so do messages until they are
/// acknowledged: the caller bounds what is under way, and reads what it subscribes to.
public final class MQTTTransport: Transport {
  /// What happens, for one consumer; it ends after `stop(within:)` or with the transport.
  public let events: AsyncStream<TransportEvent>

  private let configuration: MQTTConfiguration
  private let notice: @Sendable (String) -> Void
  private let mailbox: Mailbox

  /// A transport that waits for `start`.
  ///
  /// `notice` is told, on the connection's thread, what is worth a line in a log and ends no
  /// session: a fall-back to MQTT 3.1.1, a subscription that the broker refused.
  public init(
    _ configuration: MQTTConfiguration, notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    let mailbox = Mailbox()
    self.configuration = configuration
    self.notice = notice
    self.mailbox = mailbox
    events = AsyncStream(
      unfolding: { await mailbox.nextEvent() }, onCancel: { mailbox.dismissConsumer() })
  }

  // Whoever drops a transport without a farewell gets what a crash would give: the will is sent.
  deinit { mailbox.requestEnd(.silent) }

  /// Begins to connect, and connects again after every loss, with back-off and jitter.
  ///
  /// Subscriptions are made at QoS 1, at the beginning of every session. A second call, and a call
  /// after `stop(within:)`, do nothing.
  public func start(will: OutgoingMessage?, subscriptions: [String]) {
    guard mailbox.begin() else { return }
    let loop = ConnectionLoop(
      configuration: configuration, will: will, subscriptions: subscriptions, mailbox: mailbox,
      notice: notice)
    let failure = DetachedThread.start {
      var loop = loop
      loop.run()
    }
    if let failure {
      mailbox.close(reason: "no thread can be started for the connection: \(failure)")
      mailbox.finish()
    }
  }

  /// Hands a message to the session; never waits for the network.
  ///
  /// It is refused where it could never be sent: a topic with wildcards, control characters or more
  /// than 65535 bytes, more bytes than the broker takes, a retained message or QoS 1 where the
  /// broker has said that it has neither.
  public func send(_ message: OutgoingMessage) throws(TransportFailure) {
    if let refusal = message.refusal { throw .refused(refusal) }
    try mailbox.post(message)
  }

  /// Sends what was handed over, for `limit` at the most, then ends the session in order.
  ///
  /// The session ends with a DISCONNECT, so the broker keeps the will to itself. Half a second more
  /// may pass until that packet is written. Where there is no session there is nothing to wait for.
  public func stop(within limit: Duration) async {
    mailbox.requestEnd(.farewell(by: .now + limit))
    await mailbox.waitForEnd()
  }
}
