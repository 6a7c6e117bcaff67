public import Evidence
public import MerkleLog
import Synchronization

/// Signs statements into the log, one after the other, on a thread of its own.
///
/// After a failure of the log nothing is signed any more, since signing on could make two histories;
/// the failure stands in health and status until the board is started again. An entry that cannot be
/// read again stops only the publisher, which asks for it anew.
public actor Recorder {
  private let log: any EvidenceLog
  private let signer: any Signer
  private let subject: String
  private let boot: UInt64
  private let executor = QueueExecutor(label: "recorder")
  private let shown: Mutex<RecorderState>

  /// Why nothing is signed any more; nil while all is well.
  public private(set) var failure: LogFailure?
  /// Why an entry could not be read when it was last asked for; nil where it could.
  public private(set) var readFailure: LogFailure?
  /// Statements that were not signed because of the failure.
  public private(set) var unsignedStatements: UInt64 = 0

  /// The executor of the recorder's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// A recorder that writes a log as a subject, in the board's start with a number.
  public init(log: sending any EvidenceLog, signer: any Signer, subject: String, boot: UInt64) {
    self.log = log
    self.signer = signer
    self.subject = subject
    self.boot = boot
    shown = Mutex(
      RecorderState(
        size: log.size, checkpointSize: log.checkpoint == nil ? nil : log.checkpointSize))
  }

  /// How the recorder is, as it was after its last work; asking never waits for the disk.
  public nonisolated var state: RecorderState { shown.withLock { $0 } }

  private func show() {
    let now = RecorderState(
      size: log.size, checkpointSize: log.checkpoint == nil ? nil : log.checkpointSize,
      failure: failure, readFailure: readFailure, unsignedStatements: unsignedStatements)
    shown.withLock { $0 = now }
  }

  /// The number of durable entries.
  public var size: UInt64 { log.size }

  /// The last signed head.
  public var checkpoint: (note: SignedNote, size: UInt64)? {
    log.checkpoint.map { ($0, log.checkpointSize) }
  }

  /// Signs statements and makes them durable in one go; gives the log's size after it.
  @discardableResult
  public func record(_ statements: [Statement]) -> UInt64 {
    defer { show() }
    guard failure == nil else {
      unsignedStatements += UInt64(statements.count)
      return log.size
    }
    var seq = log.size
    var previous = log.lastLeafHash
    var entries: [[UInt8]] = []
    do throws(LogFailure) {
      for statement in statements {
        let signed = try sign(statement, seq: seq, previous: previous)
        entries.append(signed.bytes)
        previous = signed.leafHash
        seq += 1
      }
      try log.append(entries)
    } catch {
      failure = error
      unsignedStatements += UInt64(statements.count)
    }
    return log.size
  }

  private func sign(
    _ statement: Statement, seq: UInt64, previous: Hash
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
    guard failure == nil else { return nil }
    defer { show() }
    do {
      let note = try log.writeCheckpoint(signedBy: signer)
      return (note, log.checkpointSize)
    } catch {
      failure = error
      return nil
    }
  }

  /// The durable entries from a place on, up to a number of them.
  public func entries(from seq: UInt64, limit: Int) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var next = seq
    readFailure = nil
    defer { show() }
    while next < log.size, entries.count < limit {
      do {
        entries.append(try log.entry(at: next))
      } catch {
        readFailure = error
        break
      }
      next += 1
    }
    return entries
  }
}

/// How a recorder is, for health.
public struct RecorderState: Hashable, Sendable {
  /// The number of durable entries.
  public let size: UInt64
  /// The size under the last signed head; nil before the first.
  public let checkpointSize: UInt64?
  /// Why nothing is signed any more; nil while all is well.
  public let failure: LogFailure?
  /// Why an entry could not be read when it was last asked for.
  public let readFailure: LogFailure?
  /// Statements that were not signed because of the failure.
  public let unsignedStatements: UInt64

  init(
    size: UInt64, checkpointSize: UInt64?, failure: LogFailure? = nil,
    readFailure: LogFailure? = nil, unsignedStatements: UInt64 = 0
  ) {
    self.size = size
    self.checkpointSize = checkpointSize
    self.failure = failure
    self.readFailure = readFailure
    self.unsignedStatements = unsignedStatements
  }
}
