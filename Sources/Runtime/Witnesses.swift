public import Board
import Evidence
import MerkleLog

/// How a witness stands, for health.
struct WitnessState: Hashable, Sendable {
  let name: String
  /// The size under the last head that it cosigned.
  var size: UInt64
  /// Why the last question had no good answer; nil where it had.
  var cause: String?
}

/// Asks witnesses to cosign every new head, so that nobody can be shown another history.
///
/// Each witness is asked by itself, the newest head only, one question at a time; one that is dead or
/// slow delays nobody. A cosignature is checked before it is believed. A witness that has cosigned more
/// than is here, or another tree, ends the signing: this is an older copy of the log, or one of two.
public actor Witnesses {
  /// A witness that names one size after the other is left alone after so many questions.
  private static let questionLimit = 4

  private let declarations: [WitnessDeclaration]
  private let recorder: Recorder
  private let transport: any WitnessTransport
  private let sizeStore: any WitnessSizeStore
  private let clock: any RuntimeClock
  private var asking: [String: Task<Void, Never>] = [:]
  private var backOffs: [String: BackOff] = [:]
  private let notice: @Sendable (String) -> Void
  private var publish: (@Sendable (CosignedHead) async -> Void)?
  /// How every witness stands, in the order of the file.
  private(set) var states: [WitnessState]
  /// The sizes that witnesses cosigned since the start, so that no head is asked about twice.
  private var cosigned: [String: UInt64] = [:]

  /// Witnesses of a board's log; `notice` is told when one begins to fail, and when it no longer does.
  public init(
    _ declarations: [WitnessDeclaration], recorder: Recorder, transport: any WitnessTransport,
    sizeStore: any WitnessSizeStore, clock: any RuntimeClock,
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.declarations = declarations
    self.recorder = recorder
    self.transport = transport
    self.sizeStore = sizeStore
    self.clock = clock
    self.notice = notice
    states = declarations.map { WitnessState(name: $0.name, size: sizeStore.load($0.name)) }
  }

  /// Sets what is told of heads that have new cosignatures.
  func onCosigned(_ publish: @escaping @Sendable (CosignedHead) async -> Void) {
    self.publish = publish
  }

  /// Asks every witness that is not being asked, and is due, about the newest head; waits for nobody.
  func headChanged() {
    // Of a log that is signed no more there is nothing to ask.
    guard recorder.state.failure == nil else { return }
    for (index, witness) in declarations.enumerated() where asking[witness.name] == nil {
      guard backOffs[witness.name, default: BackOff()].isDue(clock.monotonicNanoseconds) else {
        continue
      }
      asking[witness.name] = Task { await ask(witness, index) }
    }
  }

  /// Asks all witnesses and waits for their answers, for a while; gives whether any has cosigned a head
  /// since the start.
  func askAll(within limit: Duration) async -> Bool {
    headChanged()
    let end = clock.monotonicNanoseconds + limit.nanoseconds
    while !asking.isEmpty, clock.monotonicNanoseconds < end {
      do {
        try await clock.sleep(for: .milliseconds(20))
      } catch {
        break
      }
    }
    return !cosigned.isEmpty
  }

  private func ask(_ witness: WitnessDeclaration, _ index: Int) async {
    var old = states[index].size
    var cause: String?
    for _ in 0..<Self.questionLimit {
      guard let head = await recorder.checkpoint, head.size > 0,
        cosigned[witness.name] != head.size
      else { break }
      old = min(old, head.size)
      let (answer, isProven) = await question(witness, from: old, head)
      switch answer {
      case .cosigned(let signatures):
        cause = await take(signatures, of: witness, index, head)
        // A newer head may have been signed meanwhile.
        guard cause == nil, recorder.state.checkpointSize != head.size else { break }
        old = head.size
        continue
      case .conflict(let size) where size > head.size:
        if size <= recorder.state.checkpointSize ?? 0 {
          old = size
          continue
        }
        cause = "it has cosigned a head over \(size) entries, and the log has one over \(head.size)"
        await recorder.fail(
          with: .rolledBack("witness '\(witness.name)': \(cause ?? ""); this is an older copy"))
      case .conflict(let size) where size == old && size == head.size,
        .otherTree(let size) where size == head.size:
        cause = "it has cosigned another tree of \(size) entries"
        await recorder.fail(
          with: .disputed("witness '\(witness.name)': \(cause ?? "") under this identity"))
      case .otherTree: cause = "it answered with HTTP 409 and no size"
      case .conflict(let size):
        cause = "it has cosigned a head over \(size) entries, not \(old)"
        old = size
        continue
      case .refused:
        cause = "it refuses the head over \(head.size) entries"
        if isProven {
          await recorder.fail(
            with: .disputed(
              "witness '\(witness.name)' has cosigned another tree of \(old) entries under this "
                + "identity, or is no witness"))
        }
      case .unknownLog:
        cause =
          "it does not know this log: its operator must add the log's key, or the address is wrong"
      case .untrustedKey:
        cause = "it does not accept this log's key; give its operator what 'cairn identity' prints"
      case .failure(let reason): cause = reason
      }
      break
    }
    note(cause, of: witness, index)
  }

  /// Asks once; also whether the proof that went along is right by this log.
  private func question(
    _ witness: WitnessDeclaration, from old: UInt64, _ head: (note: SignedNote, size: UInt64)
  ) async -> (WitnessAnswer, isProven: Bool) {
    guard let path = await recorder.consistencyPath(from: old, to: head.size) else {
      return (.failure("the proof from \(old) to \(head.size) could not be made"), false)
    }
    let request = WitnessRequest(
      oldSize: old, path: path, checkpoint: head.note.withoutCosignatures)
    do {
      let url = witness.url + "/add-checkpoint"
      let response = try await transport.post(
        request.body, to: url, trusting: witness.authorityFile)
      let answer = WitnessAnswer(
        status: response.status, contentType: response.contentType, body: response.body,
        askedFrom: old)
      return (answer, old > 0)
    } catch {
      return (.failure(error.reason), false)
    }
  }

  private func take(
    _ signatures: [NoteSignature], of witness: WitnessDeclaration, _ index: Int,
    _ head: (note: SignedNote, size: UInt64)
  ) async -> String? {
    let own = signatures.filter {
      witness.key.isNamed(by: $0) && witness.key.isValid($0, for: head.note.unverifiedText)
        && $0.cosignatureUnixSeconds ?? 0 > 0
    }.suffix(1)
    guard !own.isEmpty else { return "its cosignature is not of the key in the board file" }
    states[index].size = head.size
    sizeStore.save(head.size, of: witness.name)
    cosigned[witness.name] = head.size
    if let head = await recorder.attach(Array(own), to: head.note, over: head.size) {
      await publish?(head)
    }
    return nil
  }

  private func note(_ cause: String?, of witness: WitnessDeclaration, _ index: Int) {
    if states[index].cause != cause {
      notice("witness '\(witness.name)': \(cause ?? "it cosigns again")")
    }
    states[index].cause = cause
    asking[witness.name] = nil
    if cause == nil {
      backOffs[witness.name] = nil
    } else {
      backOffs[witness.name, default: BackOff()].fail(now: clock.monotonicNanoseconds)
      tryAgain(witness)
    }
  }

  /// Asks again when it is due, a little later than that, so that boards do not all come at once.
  private func tryAgain(_ witness: WitnessDeclaration) {
    let now = clock.monotonicNanoseconds
    let wait = max(.seconds(1), backOffs[witness.name]?.wait(now) ?? .zero)
    let jitter = Duration.milliseconds(Int64.random(in: 0...1000))
    Task { [weak self, clock] in
      guard (try? await clock.sleep(for: wait + jitter)) != nil else { return }
      await self?.headChanged()
    }
  }
}
