public import Board
import Evidence
import MerkleLog

/// Asks the broker and the witnesses what they have of this log before anything is signed.
///
/// A state directory that was copied, or put back from an older copy, would sign other entries in
/// places that are taken. What the broker kept tells: its last head and entry must be in this log.
public actor HistoryCheck {
  /// How long the broker may take.
  private static let limit: Duration = .seconds(3)

  private let policy: RollbackCheck
  private let recorder: Recorder
  private let topics: Topics
  private let transport: (@Sendable () throws -> any Transport)?
  private let witnesses: Witnesses?
  private let clock: any RuntimeClock
  private let notice: @Sendable (String) -> Void
  private var underWay: Task<Void, Never>?
  /// Whether the broker was asked and gave an answer, whichever.
  private(set) var isAnswered = false

  /// A check by a policy that is not `off`; every question is asked over a new transport.
  public init(
    policy: RollbackCheck, recorder: Recorder, topics: Topics, clock: any RuntimeClock,
    transport: (@Sendable () throws -> any Transport)?, witnesses: Witnesses? = nil,
    notice: @escaping @Sendable (String) -> Void
  ) {
    self.policy = policy
    self.recorder = recorder
    self.topics = topics
    self.clock = clock
    self.transport = transport
    self.witnesses = witnesses
    self.notice = notice
  }

  /// Asks at the start, and again with growing pauses for as long as nothing may be signed.
  func run() async {
    var backOff = BackOff()
    while !Task.isCancelled {
      await ask()
      guard case .waiting = recorder.state.standing else { return }
      backOff.fail(now: clock.monotonicNanoseconds)
      do {
        try await clock.sleep(for: max(.seconds(1), backOff.wait(clock.monotonicNanoseconds)))
      } catch {
        return
      }
    }
  }

  /// Asks the broker unless it has answered; when this returns, signing is permitted or refused, or
  /// waits as the policy says.
  func ask() async {
    guard !isAnswered else { return }
    if let underWay { return await underWay.value }
    let asking = Task { await askNow() }
    underWay = asking
    await asking.value
    underWay = nil
  }

  private func askNow() async {
    let hasWitness = await witnesses?.askAll(within: Self.limit) ?? false
    guard recorder.state.failure == nil else {
      isAnswered = true
      return
    }
    guard let transport else {
      isAnswered = hasWitness
      if hasWitness || policy == .prefer {
        await recorder.permit()
      } else {
        notice(
          "nothing is signed before a witness cosigns the last head ('rollback-check: require', and "
            + "there is no broker to ask)")
      }
      return
    }
    do {
      let kept = try await RetainedMessages.read(
        [topics.checkpoint, topics.entry], probe: topics.probe, over: transport(),
        within: Self.limit, clock: clock)
      if let failure = await recorder.compare(
        head: kept[topics.checkpoint], entry: kept[topics.entry], keptBy: "the broker")
      {
        await recorder.fail(with: failure)
      } else {
        await recorder.permit()
      }
      // Not before: whoever asks meanwhile waits for what comes of it.
      isAnswered = true
    } catch {
      let reason = (error as? RetainedMessages.Failure)?.reason ?? "\(error)"
      if policy == .prefer {
        notice("it is not known what the broker keeps of this log: \(reason)")
        await recorder.permit()
      } else {
        notice(
          "nothing is signed before the broker says what it keeps of this log "
            + "('rollback-check: require'): \(reason)")
      }
    }
  }
}
