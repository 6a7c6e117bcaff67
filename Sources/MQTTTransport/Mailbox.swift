import Runtime
import Synchronization

/// What passes between the callers and the connection's thread.
final class Mailbox: Sendable {
  /// How a transport is asked to end.
  enum Ending: Sendable {
    /// At once, as a crash would.
    case silent
    /// When everything is acknowledged or the time has come, with a farewell.
    case farewell(by: ContinuousClock.Instant)
  }

  private struct State {
    var events = FIFO<(event: TransportEvent, session: Int)>()
    var consumer: CheckedContinuation<TransportEvent?, Never>?
    var isConsumerGone = false
    var session = 0
    var limits: SessionLimits?
    var isOpen = false
    var outgoing: [OutgoingMessage] = []
    var hasBegun = false
    var isBlocked = false
    var ending: Ending?
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []

    /// What happens to a session when its beginning is told: from now on it takes messages.
    mutating func tell(_ item: (event: TransportEvent, session: Int)) -> TransportEvent {
      if item.event == .connected, item.session == session, limits != nil { isOpen = true }
      return item.event
    }

    mutating func add(_ event: TransportEvent) {
      guard !hasEnded, !isConsumerGone else { return }
      if let consumer {
        self.consumer = nil
        consumer.resume(returning: tell((event, session)))
      } else {
        events.append((event, session))
      }
    }

    mutating func end() {
      hasEnded = true
      limits = nil
      isOpen = false
      outgoing = []
      consumer?.resume(returning: nil)
      consumer = nil
      for waiter in waiters { waiter.resume() }
      waiters = []
    }
  }

  let wakeUp = WakeUp()
  private let state = Mutex(State())
}

// MARK: The callers' side
extension Mailbox {
  /// Whether a thread may begin; once only.
  func begin() -> Bool {
    state.withLock { state in
      guard !state.hasBegun, state.ending == nil else { return false }
      state.hasBegun = true
      return true
    }
  }

  /// Leaves a message for the session.
  func post(_ message: OutgoingMessage) throws(TransportFailure) {
    let result: Result<Bool, TransportFailure> = state.withLock { state in
      guard state.isOpen, state.ending == nil, let limits = state.limits else {
        return .failure(.notConnected)
      }
      if let refusal = message.refusal(under: limits) { return .failure(.refused(refusal)) }
      state.outgoing.append(message)
      // Whoever finds the first message takes all of them.
      return .success(state.outgoing.count == 1)
    }
    if try result.get() { wakeUp.signal() }
  }

  /// The next event, or nil after the end.
  func nextEvent() async -> TransportEvent? {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if let item = state.events.popFirst() {
          continuation.resume(returning: state.tell(item))
        } else if state.hasEnded || state.isConsumerGone {
          continuation.resume(returning: nil)
        } else {
          state.consumer?.resume(returning: nil)
          state.consumer = continuation
        }
      }
    }
  }

  /// Forgets a consumer whose task was cancelled; its stream is over.
  func dismissConsumer() {
    state.withLock { state in
      state.isConsumerGone = true
      state.events = FIFO()
      state.consumer?.resume(returning: nil)
      state.consumer = nil
    }
  }

  /// Asks the thread to end.
  func requestEnd(_ ending: Ending) {
    state.withLock { state in
      if case .farewell = state.ending, case .farewell = ending { return }
      state.ending = ending
      // A thread that looks up a name or waits for a handshake can't be woken. It has no session to
      // end, so nobody waits for it; it ends when the call returns.
      if !state.hasBegun || state.isBlocked { state.end() }
    }
    wakeUp.signal()
  }

  /// Returns when the thread has ended its session.
  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if state.hasEnded {
          continuation.resume()
        } else {
          state.waiters.append(continuation)
        }
      }
    }
  }
}

// MARK: The thread's side
extension Mailbox {
  /// How the thread was asked to end, if it was.
  var ending: Ending? { state.withLock { $0.ending } }

  /// Says that the thread begins a call that can't be woken; false if it should end instead.
  func beginBlocking() -> Bool {
    state.withLock { state in
      state.isBlocked = state.ending == nil
      return state.isBlocked
    }
  }

  /// Says that the thread can be woken again.
  func endBlocking() { state.withLock { $0.isBlocked = false } }

  /// Moves what was left for the session into an empty array; returns how to end, if so.
  func collect(into messages: inout [OutgoingMessage]) -> Ending? {
    state.withLock { state in
      swap(&state.outgoing, &messages)
      return state.ending
    }
  }

  /// Begins a session.
  func open(_ limits: SessionLimits) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      state.session += 1
      state.limits = limits
      state.outgoing.removeAll()
      state.add(.connected)
    }
  }

  /// Tells what happened in a session.
  func report(_ events: [TransportEvent]) {
    state.withLock { state in
      for event in events { state.add(event) }
    }
  }

  /// Ends a session, or an attempt to have one, and forgets what it left unsent.
  func close(reason: String) {
    state.withLock { state in
      state.limits = nil
      state.isOpen = false
      state.outgoing = []
      state.add(.disconnected(reason: reason))
    }
  }

  /// Says that the thread has ended.
  func finish() { state.withLock { $0.end() } }
}
