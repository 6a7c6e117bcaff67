public import Runtime

/// A broker in memory that does what a test says.
///
/// As on a real transport, messages are taken only after the consumer has taken `connected` from
/// `events`; what was not acknowledged when a session ends is forgotten; the broker publishes the
/// will when a session ends without a farewell.
public final class InMemoryTransport: Transport {
  /// A message that was taken, and in which session, counted from 1.
  public struct Sent: Hashable, Sendable {
    /// The session.
    public let session: Int
    /// The message.
    public let message: OutgoingMessage
  }

  private struct State: Sendable {
    var events: [TransportEvent] = []
    var consumer: CheckedContinuation<TransportEvent?, Never>?
    var hasEnded = false
    var session = 0
    var isOpen = false
    var isUp = false
    var isAcknowledging: Bool
    var will: OutgoingMessage?
    var hasStarted = false
    var subscriptions: Set<String> = []
    var unacknowledged: [UInt64] = []
    var sent: [Sent] = []
    var retained: [String: OutgoingMessage] = [:]
    var refusal: (@Sendable (OutgoingMessage) -> String?)?
    var stopLimit: Duration?
  }

  /// What happens, for one consumer; it ends after `stop`.
  public let events: AsyncStream<TransportEvent>
  private let state: Observed<State>

  /// A broker that is away; it acknowledges at once and in order, or when it is told to.
  public init(acknowledging: Bool = true) {
    let state = Observed(State(isAcknowledging: acknowledging))
    self.state = state
    events = AsyncStream {
      await withCheckedContinuation { continuation in
        let event: TransportEvent?? = state.change { state in
          if !state.events.isEmpty {
            let event = state.events.removeFirst()
            if event == .connected { state.isOpen = state.isUp }
            return event
          }
          if state.hasEnded { return .some(nil) }
          state.consumer = continuation
          return nil
        }
        if let event { continuation.resume(returning: event) }
      }
    } onCancel: {
      let consumer = state.change { state in
        defer { state.consumer = nil }
        return state.consumer
      }
      consumer?.resume(returning: nil)
    }
  }

  // MARK: What the publisher does

  /// Notes the will; the broker stays away until `connect()`.
  public func start(will: OutgoingMessage?, subscriptions: [String]) {
    state.change { state in
      state.hasStarted = true
      state.subscriptions = Set(subscriptions)
      state.will = will
    }
  }

  /// Takes a message, unless there is no session or the script refuses it.
  public func send(_ message: OutgoingMessage) throws(TransportFailure) {
    let failure: TransportFailure? = state.change { state in
      guard state.isOpen else { return .notConnected }
      if let why = state.refusal?(message) { return .refused(why) }
      state.sent.append(Sent(session: state.session, message: message))
      if message.isRetained { state.retained[message.topic] = message }
      if state.subscriptions.contains(message.topic) {
        state.events.append(.received(topic: message.topic, payload: message.payload))
      }
      if case .atLeastOnce(let token) = message.delivery {
        if state.isAcknowledging {
          state.events.append(.acknowledged(token: token))
        } else {
          state.unacknowledged.append(token)
        }
      }
      return nil
    }
    deliver()
    if let failure { throw failure }
  }

  /// Ends the session with a farewell, so that the will is not published, and ends the events.
  public func stop(within limit: Duration) async {
    state.change { state in
      state.stopLimit = limit
      state.isOpen = false
      state.isUp = false
      state.hasEnded = true
      state.unacknowledged = []
    }
    deliver()
  }

  // MARK: What the test does

  /// Begins a session.
  public func connect() {
    state.change { state in
      state.session += 1
      state.isUp = true
      state.isOpen = false
      state.unacknowledged = []
      state.events.append(.connected)
      for topic in state.subscriptions.sorted() {
        guard let message = state.retained[topic] else { continue }
        state.events.append(.received(topic: topic, payload: message.payload))
      }
    }
    deliver()
  }

  /// Keeps a message as somebody else published it, and gives it to a subscriber.
  public func publish(_ message: OutgoingMessage) {
    state.change { state in
      if message.isRetained { state.retained[message.topic] = message }
      guard state.isUp, state.subscriptions.contains(message.topic) else { return }
      state.events.append(.received(topic: message.topic, payload: message.payload))
    }
    deliver()
  }

  /// Ends the session without a farewell, or says that an attempt failed.
  public func disconnect(reason: String = "the network is gone") {
    state.change { state in
      if state.isUp, let will = state.will, will.isRetained { state.retained[will.topic] = will }
      state.isUp = false
      state.isOpen = false
      state.unacknowledged = []
      state.events.append(.disconnected(reason: reason))
    }
    deliver()
  }

  /// Acknowledges the oldest messages that wait for it.
  public func acknowledge(_ count: Int) {
    state.change { state in
      let tokens = state.unacknowledged.prefix(count)
      state.unacknowledged.removeFirst(tokens.count)
      state.events += tokens.map { .acknowledged(token: $0) }
    }
    deliver()
  }

  /// Acknowledges one message, in order or not, waited for or not.
  public func acknowledge(token: UInt64) {
    state.change { state in
      state.unacknowledged.removeAll { $0 == token }
      state.events.append(.acknowledged(token: token))
    }
    deliver()
  }

  /// Acknowledges from now on at once and in order, what waits included, or only when told to.
  public func setAcknowledging(_ isAcknowledging: Bool) {
    state.change { $0.isAcknowledging = isAcknowledging }
    if isAcknowledging { acknowledge(.max) }
  }

  /// Refuses the messages for which the script gives a reason; none with nil.
  public func refuse(_ refusal: (@Sendable (OutgoingMessage) -> String?)?) {
    state.change { $0.refusal = refusal }
  }

  /// Everything that was taken, in order.
  public var sent: [Sent] { state.value.sent }

  /// The messages for a topic that were taken in a session, or in all.
  public func messages(on topic: String, session: Int? = nil) -> [OutgoingMessage] {
    sent.filter { $0.message.topic == topic && (session == nil || $0.session == session) }
      .map(\.message)
  }

  /// The tokens of the messages that wait for an acknowledgement.
  public var unacknowledged: [UInt64] { state.value.unacknowledged }

  /// What a new subscriber of a topic is given.
  public func retained(on topic: String) -> OutgoingMessage? { state.value.retained[topic] }

  /// What the broker publishes when a session ends without a farewell.
  public var will: OutgoingMessage? { state.value.will }

  /// The limit with which the transport was stopped; nil before.
  public var stopLimit: Duration? { state.value.stopLimit }

  /// Waits until the publisher has asked for a connection.
  public func waitUntilStarted() async throws {
    try await state.wait { $0.hasStarted }
  }

  /// Waits until what was taken meets a condition.
  public func wait(until condition: @escaping @Sendable ([Sent]) -> Bool) async throws {
    try await state.wait { condition($0.sent) }
  }

  /// Waits until the consumer has taken all events that there are and asks for more.
  public func waitUntilEventsAreTaken() async throws {
    try await state.wait { $0.events.isEmpty && $0.consumer != nil }
  }

  private func deliver() {
    let delivery: (CheckedContinuation<TransportEvent?, Never>, TransportEvent?)? =
      state.change { state in
        guard let consumer = state.consumer else { return nil }
        if !state.events.isEmpty {
          state.consumer = nil
          let event = state.events.removeFirst()
          if event == .connected { state.isOpen = state.isUp }
          return (consumer, event)
        }
        guard state.hasEnded else { return nil }
        state.consumer = nil
        return (consumer, nil)
      }
    if let delivery { delivery.0.resume(returning: delivery.1) }
  }
}
