import Board
import Evidence
import LinuxPlatform
import LogDirectory
import MerkleLog
import Runtime

/// Closes a board's log and lets another one, under a new identity, go on from it.
///
/// In this order, so that it can be interrupted anywhere and done again: the successor's identity; the
/// close entry that names it, under a head; the broker has both; the successor's first entry, which
/// names that head; the old key is destroyed; the successor takes the old one's place.
struct LogRotation {
  /// Why a log was not rotated, in a sentence.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// What came of it.
  struct Outcome {
    let closed: String?
    let old: Predecessor?
    let new: DIDKey
  }

  let file: BoardFile
  let boardFile: String
  let directory: String
  let connection: BrokerConnection?
  /// How long the broker may take for what it lacks.
  let patience: Duration
  /// Whether the log is closed though the broker lacks some of it.
  let leavesUnpublished: Bool
  private let clock: LinuxClock

  init(
    file: BoardFile, boardFile: String, directory: String, connection: BrokerConnection?,
    patience: Duration, leavesUnpublished: Bool
  ) {
    self.file = file
    self.boardFile = boardFile
    self.directory = directory
    self.connection = connection
    self.patience = patience
    self.leavesUnpublished = leavesUnpublished
    clock = LinuxClock(isSimulated: file.board.isSimulated)
  }

  func run() async throws -> Outcome {
    let successor = StateDirectory.successorPath(of: directory)
    if try StateDirectory.isHalfReplaced(directory) {
      let closed = try StateDirectory.replaceBySuccessor(directory)
      return Outcome(
        closed: closed, old: nil, new: try StateDirectory.publicIdentity(of: directory))
    }
    let isSimulated = file.board.isSimulated
    guard try StateDirectory.soundSize(of: directory, isSimulated: isSimulated) > 0 else {
      throw Refusal(description: "\(directory) holds no log that could be closed")
    }
    let next = try StateDirectory(opening: successor, isSimulated: isSimulated)
    let did = next.identity.did
    if next.isNew { try next.keepIdentity() }
    let old = try await close(for: did)
    try await begin(next, at: successor, after: old)
    let closed = try StateDirectory.replaceBySuccessor(directory)
    return Outcome(closed: closed, old: old, new: did)
  }

  /// Signs the close entry and the last head, and sees to it that the broker has them.
  private func close(for successor: DIDKey) async throws -> Predecessor {
    let state = try StateDirectory(opening: directory, isSimulated: file.board.isSimulated)
    let identity = state.identity
    let boot = try state.countStart()
    let log = try state.openLog()
    let closing = log.closingEntry
    let recorder = Recorder(log: log, signer: identity, subject: file.board.urn, boot: boot)
    if let closing {
      guard closing.entry.successor == successor else {
        let named = closing.entry.successor.map { "\($0)" } ?? "nobody"
        throw Refusal(
          description: "the log was closed in favour of \(named), whose key is not here; "
            + "'cairn log init \(boardFile)' begins a new log")
      }
    } else {
      await recorder.record([
        Statement(
          type: .close, moment: clock.now, body: .array([]), extra: .text(successor.description))
      ])
    }
    let head = await recorder.writeCheckpoint()
    if let failure = await recorder.failure { throw failure }
    guard let head,
      let checkpoint = try? Checkpoint.opening(head.note, log: identity.did.noteVerifier)
    else { throw Refusal(description: "the log was not closed") }
    try await deliver(recorder, identity.did)
    return Predecessor(did: identity.did, head: checkpoint.checkpoint.head)
  }

  private func deliver(_ recorder: Recorder, _ did: DIDKey) async throws {
    guard let connection else { return }
    let delivery = LogDelivery(
      recorder: recorder,
      transport: try connection.transport(
        clientID: "cairn-\(did.description.suffix(16))", notice: { _ in }),
      cursorStore: BrokerCursor(file: CursorFile(stateDirectory: directory)),
      topics: Topics(board: file.board.name), clock: clock)
    let missing = await delivery.run(within: patience)
    guard missing == 0 || leavesUnpublished else {
      throw Refusal(
        description: "the log is closed, but the broker lacks \(missing) entries of it; type the "
          + "command again when the broker can be reached, or add --unpublished")
    }
  }

  /// Signs the first entry of the successor.
  private func begin(
    _ state: consuming sending StateDirectory, at path: String, after old: Predecessor
  ) async throws {
    let identity = state.identity
    guard state.isNew else { return }
    let boot = try state.countStart()
    let log = try state.openLog()
    let recorder = Recorder(log: log, signer: identity, subject: file.board.urn, boot: boot)
    await recorder.record([
      Statement(type: .genesis, moment: clock.now, body: .array([]), extra: old.cbor)
    ])
    _ = await recorder.writeCheckpoint()
    if let failure = await recorder.failure { throw failure }
    try StateDirectory.finishInitialising(path)
  }
}
