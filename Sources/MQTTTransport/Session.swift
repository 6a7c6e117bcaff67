import CMosquitto
import Glibc
import Runtime

/// How a session, or an attempt to have one, ended.
enum SessionEnd: Error {
  /// What the failure says about the versions that the broker speaks.
  enum Cause {
    /// The broker refused the version.
    case versionRefused
    /// The broker closed the connection before it answered CONNECT.
    case closedBeforeAnswer
    /// Nothing.
    case other
  }

  /// As it was asked to.
  case asked
  /// By itself.
  case lost(reason: String, cause: Cause)
}

/// One attempt and the session that may come of it, on the connection's thread.
final class Session {
  /// How many QoS 1 messages are with the library at once; the others wait here, in order.
  ///
  /// The library walks over all of them at every call, so a few hundred is also what is quick.
  private static let window = 256
  /// How long a broker may take for the handshakes of TLS and MQTT.
  private static let answerLimit: Duration = .seconds(30)
  /// How long a farewell may wait for the socket.
  private static let farewellLimit: Duration = .milliseconds(500)

  /// When the session began, once it has.
  private(set) var beginning: ContinuousClock.Instant?

  private let configuration: MQTTConfiguration
  private let isFallBack: Bool
  private let subscriptions: [String]
  private let mailbox: Mailbox
  private let notice: @Sendable (String) -> Void
  private let client: MosquittoClient
  private var answerDeadline: ContinuousClock.Instant = .now
  private var collected: [OutgoingMessage] = []
  private var waiting = FIFO<OutgoingMessage>()
  private var underWay: [CInt: (token: UInt64, topic: String)] = [:]
  private var subscribing: [CInt: String] = [:]
  private var descriptors = [pollfd(), pollfd()]

  init(
    configuration: MQTTConfiguration, version: MQTTVersion, isFallBack: Bool,
    will: OutgoingMessage?,
    subscriptions: [String], mailbox: Mailbox, notice: @escaping @Sendable (String) -> Void
  ) throws(ClientFailure) {
    self.configuration = configuration
    self.isFallBack = isFallBack
    self.subscriptions = subscriptions
    self.mailbox = mailbox
    self.notice = notice
    client = try MosquittoClient(id: configuration.clientID, version: version)
    try client.setProtocol(window: Self.window)
    if let name = configuration.userName {
      try client.setUser(name, password: configuration.password)
    }
    if let will { try client.setWill(will) }
    if configuration.endpoint.isEncrypted { try client.setTLS(configuration.tls) }
  }

  /// Connects, and serves the session until it ends.
  func run() -> SessionEnd {
    do throws(SessionEnd) {
      try connect()
      while true { try turn() }
    } catch {
      return error
    }
  }

  private func connect() throws(SessionEnd) {
    guard mailbox.beginBlocking() else { throw .asked }
    defer { mailbox.endBlocking() }
    do {
      try client.connect(to: configuration.endpoint, keepAlive: configuration.keepAlive)
    } catch {
      throw lost(because: error)
    }
    answerDeadline = .now + Self.answerLimit
  }

  /// Sends what was left in the mailbox, waits for the network or the callers, reads and writes.
  private func turn() throws(SessionEnd) {
    let ending = mailbox.collect(into: &collected)
    try publish()
    let deadline = try end(ending)
    let revents = wait(until: deadline)
    do {
      if revents != 0 {
        try checkForClosure()
        try client.read()
      }
      // Writing is cheap when the socket is full; it also carries on a TLS handshake.
      if client.socket >= 0, client.wantsToWrite { try client.write() }
      if client.socket >= 0 { try client.keepAlive() }
    } catch {
      try handleReports()
      throw lost(because: error)
    }
    try handleReports()
    guard client.socket >= 0 else { throw lost(because: nil) }
    guard beginning != nil || .now < answerDeadline else {
      let words = "it did not answer within \(Self.answerLimit)"
      throw lost(because: ClientFailure(words: words))
    }
  }

  // MARK: Out

  private func publish() throws(SessionEnd) {
    do {
      for message in collected {
        if message.token == nil {
          _ = try client.publish(message)
        } else {
          waiting.append(message)
        }
      }
      collected.removeAll(keepingCapacity: collected.capacity <= 1_024)
      while underWay.count < Self.window, let message = waiting.popFirst() {
        let packet = try client.publish(message)
        if let token = message.token { underWay[packet] = (token, message.topic) }
      }
    } catch {
      throw lost(because: error)
    }
  }

  /// Ends as asked if it is time; returns when it will be.
  private func end(
    _ ending: Mailbox.Ending?
  ) throws(SessionEnd) -> ContinuousClock.Instant? {
    switch ending {
    case nil: return nil
    case .silent: throw .asked
    case .farewell(by: let deadline):
      let isDone = beginning == nil || (underWay.isEmpty && waiting.isEmpty)
      guard isDone || .now >= deadline else { return deadline }
      sayFarewell()
      throw .asked
    }
  }

  /// Writes DISCONNECT, behind everything that waits to be written.
  ///
  /// A client may say so even before the broker has answered (MQTT 5, section 3.1.4).
  private func sayFarewell() {
    let deadline: ContinuousClock.Instant = .now + Self.farewellLimit
    do {
      try client.disconnect()
      while client.socket >= 0, client.wantsToWrite, .now < deadline {
        descriptors[0] = pollfd(fd: client.socket, events: Int16(POLLOUT), revents: 0)
        _ = poll(&descriptors, 1, 20)
        try client.write()
      }
    } catch {
      notice("the farewell to \(configuration.endpoint) was not sent: \(error.words)")
    }
  }

  // MARK: In

  /// Waits for the socket, the callers, the library's clock (a second) or the deadline.
  private func wait(until deadline: ContinuousClock.Instant?) -> Int16 {
    // While TLS shakes hands the library asks to write though it waits to read.
    let isHandshake = beginning == nil && configuration.endpoint.isEncrypted
    var limit: Duration = isHandshake ? .milliseconds(50) : .seconds(1)
    if let deadline { limit = max(.zero, min(limit, ContinuousClock.now.duration(to: deadline))) }
    let wantsToWrite = client.wantsToWrite && !isHandshake
    descriptors[0] = pollfd(
      fd: client.socket, events: Int16(POLLIN) | (wantsToWrite ? Int16(POLLOUT) : 0), revents: 0)
    descriptors[1] = pollfd(fd: mailbox.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptors, 2, limit.wholeMilliseconds) > 0 else { return 0 }
    if descriptors[1].revents != 0 { mailbox.wakeUp.drain() }
    return descriptors[0].revents & ~Int16(POLLOUT)
  }

  /// Notices a broker that closes before it has answered.
  ///
  /// The library takes an end in the middle of a TLS handshake for a reason to try again.
  private func checkForClosure() throws(ClientFailure) {
    guard beginning == nil else { return }
    var byte: UInt8 = 0
    let count = recv(client.socket, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT))
    guard count == 0 || (count < 0 && [ECONNRESET, EPIPE].contains(errno)) else { return }
    throw ClientFailure(words: "the broker closed the connection", isClosure: true)
  }

  private func handleReports() throws(SessionEnd) {
    var events: [TransportEvent] = []
    var end: SessionEnd?
    for report in client.observer.takeReports() where end == nil {
      switch report {
      case .answer(code: 0, let limits):
        beginning = .now
        if isFallBack { notice("\(configuration.endpoint): \(client.version.name) from now on") }
        subscribe()
        mailbox.open(limits)
      case .answer(let code, _):
        end = .lost(
          reason: "\(configuration.endpoint) \(Refusal(code, of: client.version).words)",
          cause: Refusal(code, of: client.version).isOfTheVersion ? .versionRefused : .other)
      case .acknowledged(let packet, let code):
        guard let message = underWay.removeValue(forKey: packet) else { continue }
        if code < 0x80 {
          events.append(.acknowledged(token: message.token))
        } else {
          end = .lost(
            reason: "\(configuration.endpoint) refused a message for '\(message.topic)':"
              + " \(Refusal.reason(code))", cause: .other)
        }
      case .subscribed(let packet, let codes):
        guard let filter = subscribing.removeValue(forKey: packet) else { continue }
        if let code = codes.first(where: { $0 >= 0x80 }) {
          notice("the broker refused the subscription to '\(filter)': \(Refusal.reason(code))")
        }
      case .received(let topic, let payload):
        events.append(.received(topic: topic, payload: payload))
      case .ended(let code) where code == 0 || code >= 0x80:
        let reason = code == 0 ? "no reason given" : Refusal.reason(code)
        end = .lost(
          reason: "\(configuration.endpoint) ended the session: \(reason)",
          cause: beginning == nil ? .closedBeforeAnswer : .other)
      case .ended: continue
      }
    }
    if !events.isEmpty { mailbox.report(events) }
    if let end { throw end }
  }

  private func subscribe() {
    for filter in subscriptions {
      do {
        subscribing[try client.subscribe(to: filter)] = filter
      } catch {
        notice("the subscription to '\(filter)' can't be made: \(error.words)")
      }
    }
  }

  private func lost(because failure: ClientFailure?) -> SessionEnd {
    let words = failure?.words ?? "the connection was closed"
    let place = "\(configuration.endpoint)"
    if beginning == nil, let complaint = client.observer.complaints.first {
      let verdict = client.observer.verdict
      return .lost(
        reason: "TLS with \(place) failed: " + Refusal.words(for: complaint, verdict: verdict),
        cause: .other)
    }
    let isClosure = failure?.isClosure ?? true
    return .lost(
      reason: beginning == nil
        ? "no session with \(place): \(words)" : "the session with \(place) was lost: \(words)",
      cause: beginning == nil && isClosure ? .closedBeforeAnswer : .other)
  }
}

extension Duration {
  /// The span for `poll`, rounded up so that a deadline is not polled for.
  var wholeMilliseconds: CInt {
    let (seconds, attoseconds) = components
    return CInt(
      clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
