import Glibc
import Runtime

/// Attempt after attempt, on the connection's thread, until it is asked to end.
struct ConnectionLoop: Sendable {
  /// A session this long means that the broker is well, so the waits begin anew.
  private static let steadySession: Duration = .seconds(30)

  private let configuration: MQTTConfiguration
  private let will: OutgoingMessage?
  private let subscriptions: [String]
  private let mailbox: Mailbox
  private let notice: @Sendable (String) -> Void
  private var choice: ProtocolChoice
  private var backOff: BackOff<SystemRandomNumberGenerator>

  init(
    configuration: MQTTConfiguration, will: OutgoingMessage?, subscriptions: [String],
    mailbox: Mailbox, notice: @escaping @Sendable (String) -> Void
  ) {
    self.configuration = configuration
    self.will = will
    self.subscriptions = subscriptions
    self.mailbox = mailbox
    self.notice = notice
    choice = ProtocolChoice(configuration.protocolVersion)
    backOff = BackOff(
      first: configuration.firstRetry, longest: configuration.longestRetry,
      randomness: SystemRandomNumberGenerator())
  }

  /// Runs until the mailbox says to end.
  mutating func run() {
    while mailbox.ending == nil {
      // The session is gone, and its socket closed, before the loss is told.
      guard case .lost(var reason, let cause) = attempt() else { break }
      if let next = choice.reconsider(after: cause) { reason += "; trying \(next.name) next" }
      mailbox.close(reason: reason)
      pause(for: backOff.next())
    }
    mailbox.finish()
  }

  private mutating func attempt() -> SessionEnd {
    let session: Session
    do {
      session = try Session(
        configuration: configuration, version: choice.version, isFallBack: choice.isFallBack,
        will: will, subscriptions: subscriptions, mailbox: mailbox,
        notice: notice)
    } catch {
      return .lost(
        reason: "no session with \(configuration.endpoint): \(error.words)", cause: .other)
    }
    let end = session.run()
    if let beginning = session.beginning {
      choice.keep()
      if beginning.duration(to: .now) >= Self.steadySession { backOff.reset() }
    }
    return end
  }

  /// Waits, unless it is asked to end.
  private func pause(for duration: Duration) {
    let deadline: ContinuousClock.Instant = .now + duration
    while mailbox.ending == nil, .now < deadline {
      var descriptor = pollfd(
        fd: mailbox.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
      // Without a pipe there is no waking: then look once a second.
      let limit: Duration = min(ContinuousClock.now.duration(to: deadline), .seconds(1))
      if poll(&descriptor, 1, limit.wholeMilliseconds) > 0 { mailbox.wakeUp.drain() }
    }
  }
}
