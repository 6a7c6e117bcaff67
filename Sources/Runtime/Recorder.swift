public import Evidence
public import MerkleLog
import Synchronization

/// Signs statements into the log, one after the other, on a thread of its own.
///
/// After a failure of the log nothing is signed any more, since signing on could make two histories;
/// the failure stands in health and status until the board is started again, and what is measured
/// meanwhile goes unsigned into the spool. An entry that cannot be read again stops only the
/// publisher, which asks for it anew.
public actor Recorder {
  /// The most statements that wait for the leave to sign; further ones go into the spool.
  private static let waitingLimit = 512

  let log: (any EvidenceLog)?
  let signer: (any Signer)?
  private let subject: String
  private let boot: UInt64
  private let spool: (any UnsignedSpool)?
  private let executor = QueueExecutor(label: "recorder")
  private let shown: Mutex<RecorderState>
  private(set) var current: RecorderState
  private var waiting: [Statement] = []
  private var isFull = false

  /// The executor of the recorder's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// A recorder that writes a log as a subject, in the board's start with a number.
  ///
  /// With a reason to wait it signs nothing before `permit()`.
  public init(
    log: sending any EvidenceLog, signer: any Signer, subject: String, boot: UInt64,
    spool: (any UnsignedSpool)? = nil, waitingBecause reason: String? = nil
  ) {
    self.log = log
    self.signer = signer
    self.subject = subject
    self.boot = boot
    self.spool = spool
    current = RecorderState(
      standing: reason.map(Standing.waiting) ?? .signing, size: log.size,
      checkpointSize: log.checkpoint == nil ? nil : log.checkpointSize)
    shown = Mutex(current)
  }

  /// A recorder that signs nothing, since the log cannot be opened; it only spools.
  public init(failed failure: LogFailure, spool: (any UnsignedSpool)?) {
    log = nil
    signer = nil
    subject = ""
    boot = 0
    self.spool = spool
    current = RecorderState(standing: .failed(failure), size: 0)
    shown = Mutex(current)
  }

  /// How the recorder is, as it was after its last work; asking never waits for the disk.
  public nonisolated var state: RecorderState { shown.withLock { $0 } }

  private func show() {
    if let log {
      current.size = log.size
      current.checkpointSize = log.checkpoint == nil ? nil : log.checkpointSize
    }
    let now = current
    shown.withLock { $0 = now }
  }

  /// Why nothing is signed any more; nil while something is, or may be later.
  public var failure: LogFailure? { current.failure }

  /// The number of durable entries.
  public var size: UInt64 { log?.size ?? 0 }

  /// The last signed head.
  public var checkpoint: (note: SignedNote, size: UInt64)? {
    guard let log else { return nil }
    return log.checkpoint.map { ($0, log.checkpointSize) }
  }

  /// Signs statements and makes them durable in one go; gives the log's size after it.
  ///
  /// While it may not sign they wait, and after a failure they go into the spool.
  @discardableResult
  public func record(_ statements: [Statement]) -> UInt64 {
    defer { show() }
    switch current.standing {
    case .signing: append(statements)
    case .waiting(let reason):
      let room = max(0, Self.waitingLimit - waiting.count)
      waiting += statements.prefix(room)
      keepUnsigned(statements.dropFirst(room), because: reason)
    case .failed(let failure): keepUnsigned(statements[...], because: failure.description)
    }
    return size
  }

  /// Signs what waits, and from now on everything.
  public func permit() {
    guard case .waiting = current.standing else { return }
    current.standing = .signing
    let statements = waiting
    waiting = []
    append(statements)
    show()
  }

  /// Tries again what waits for room on the disk.
  public func retry() {
    guard isFull else { return }
    isFull = false
    permit()
  }

  /// Notes why a question to the log had no answer.
  func noteReadFailure(_ failure: LogFailure) {
    current.readFailure = failure
    show()
  }

  /// Puts what still waits into the spool, at the end of a run.
  public func stopWaiting() {
    guard case .waiting(let reason) = current.standing else { return }
    keepUnsigned(waiting[...], because: reason)
    waiting = []
    show()
  }

  /// Signs nothing any more; what waits goes into the spool.
  public func fail(with failure: LogFailure) {
    guard current.failure == nil else { return }
    current.standing = .failed(failure)
    if case .rolledBack(let reason) = failure {
      do {
        try log?.markRolledBack(because: reason)
      } catch {
        // This run signs nothing anyway; the next one asks again.
        current.readFailure = error
      }
    }
    keepUnsigned(waiting[...], because: failure.description)
    waiting = []
    show()
  }

  private func append(_ statements: [Statement]) {
    guard let log, let signer else { return }
    var seq = log.size
    var previous = log.lastLeafHash
    var entries: [[UInt8]] = []
    do throws(LogFailure) {
      for statement in statements {
        let signed = try sign(statement, seq: seq, previous: previous, by: signer)
        entries.append(signed.bytes)
        previous = signed.leafHash
        seq += 1
      }
      // What opens hidden records is durable before the entry that hides them.
      let disclosures = statements.map(\.disclosures)
      if !disclosures.allSatisfy(\.isEmpty) { try log.keep(disclosures, from: log.size) }
      try log.append(entries)
    } catch {
      if case .full(let words) = error {
        // Nothing of the group is in the log, so it may be signed when there is room again.
        isFull = true
        current.standing = .waiting(words)
        waiting = statements
      } else {
        fail(with: error)
        keepUnsigned(statements[...], because: error.description)
      }
    }
  }

  private func keepUnsigned(_ statements: ArraySlice<Statement>, because reason: String) {
    current.unsignedStatements += UInt64(statements.count)
    for statement in statements {
      do throws(LogFailure) {
        guard let spool else { throw .notFound("there is no spool") }
        try spool.append(SpoolText.line(statement, boot: boot, because: reason))
        current.spoolFailure = nil
      } catch {
        current.lostStatements += 1
        current.spoolFailure = error
      }
    }
  }

  private func sign(
    _ statement: Statement, seq: UInt64, previous: Hash, by signer: any Signer
  ) throws(LogFailure) -> SignedEntry {
    let entry = Entry(
      type: statement.type, sequence: seq, previous: previous, boot: boot,
      monotonicMilliseconds: statement.moment.bootMilliseconds, clock: statement.moment.stamp,
      body: statement.body, extra: statement.extra, evidence: statement.evidence)
    do {
      return try SignedEntry(signing: entry, subject: subject, by: signer)
    } catch {
      throw .contradiction("entry \(seq) was not signed: \(error)")
    }
  }

  /// Writes and signs the head over all entries; nil where nothing is signed any more.
  public func writeCheckpoint() -> (note: SignedNote, size: UInt64)? {
    guard current.standing == .signing, let log, let signer, hasRoomForHead else { return nil }
    defer { show() }
    do {
      let note = try log.writeCheckpoint(signedBy: signer)
      return (note, log.checkpointSize)
    } catch {
      fail(with: error)
      return nil
    }
  }

  /// What opens hidden records of a durable entry.
  func disclosures(of seq: UInt64) -> [Disclosure] {
    guard let log, seq < log.size else { return [] }
    do {
      return try log.disclosures(of: seq)
    } catch {
      noteReadFailure(error)
      return []
    }
  }

  /// The durable entries from a place on, up to a number of them.
  public func entries(from seq: UInt64, limit: Int) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var next = seq
    guard let log else { return [] }
    current.readFailure = nil
    defer { show() }
    while next < log.size, entries.count < limit {
      do {
        entries.append(try log.entry(at: next))
      } catch {
        current.readFailure = error
        break
      }
      next += 1
    }
    return entries
  }
}
