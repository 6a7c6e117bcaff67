public import MerkleLog

/// Why a log did not do what was asked; after any of these it appends and signs nothing more.
public enum LogFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system refused; the file, the call and its error are named.
  case system(file: String, call: String, error: String)
  /// Another process writes this log.
  case heldByAnother(String)
  /// What is stored contradicts itself or what was signed; signing on could make two histories.
  case contradiction(String)
  /// An earlier failure closed the log.
  case closed(String)
  /// What was asked for is not there.
  case notFound(String)
  /// The directory belongs to another kind of board.
  case otherBoard(String)
  /// Somebody kept more of this log, or another one, than is here.
  case rolledBack(String)
  /// Somebody who watches the log says that it has two histories; nobody here can tell who is right.
  case disputed(String)
  /// The disk is full; nothing of what was to be appended is in the log, which goes on.
  case full(String)
  /// The log has come to its end, and a successor goes on.
  case retired(String)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .system(let file, let call, let error): "\(call) of \(file): \(error)"
    case .heldByAnother(let holder): "the log is held by \(holder)"
    case .contradiction(let what): what
    case .closed(let why): "the log was closed: \(why)"
    case .notFound(let what), .otherBoard(let what), .rolledBack(let what), .retired(let what),
      .full(let what), .disputed(let what):
      what
    }
  }
}

/// A durable, append-only log of signed entries with one writer.
///
/// When `append` returns, its entries survive a loss of power; when `writeCheckpoint` returns, so
/// does the head. Nothing may be shown to anybody before. After any failure of these two every later
/// one fails too: a file that could not be synchronised says nothing about what is on the disk.
public protocol EvidenceLog: AnyObject {
  /// The number of entries, signed head or not.
  var size: UInt64 { get }

  /// The leaf hash of the last entry; zero bytes where there is none.
  var lastLeafHash: Hash { get }

  /// The last signed head; nil before the first.
  var checkpoint: SignedNote? { get }

  /// The size under the last signed head.
  var checkpointSize: UInt64 { get }

  /// Makes entries durable, in one go and in their order.
  func append(_ entries: [[UInt8]]) throws(LogFailure)

  /// Keeps what opens hidden records of the entries that are about to be appended, a group for each
  /// from a place on; it is durable when this returns, and never in the log.
  func keep(_ disclosures: [[Disclosure]], from seq: UInt64) throws(LogFailure)

  /// What opens hidden records of an entry, as far as it was not deleted.
  func disclosures(of seq: UInt64) throws(LogFailure) -> [Disclosure]

  /// The bytes of an entry.
  func entry(at seq: UInt64) throws(LogFailure) -> [UInt8]

  /// The root of the tree over the first entries.
  func root(ofFirst size: UInt64) throws(LogFailure) -> Hash

  /// Remembers for all later starts that this is an older copy, or one of two, and must not sign.
  func markRolledBack(because reason: String) throws(LogFailure)

  /// The proof that the tree of an old size is a prefix of the tree of a size up to the head's.
  func consistencyProof(from old: UInt64, to new: UInt64) throws(LogFailure) -> ConsistencyProof

  /// Adds cosignatures to a head that the log signed over so many entries, durably.
  ///
  /// Where it is still the newest head, that has them from now on; in any case they are kept with the
  /// newest head that has any. Gives nil where a newer one has some, or where the note takes no more.
  func attach(
    _ cosignatures: [NoteSignature], to note: SignedNote, over size: UInt64
  ) throws(LogFailure) -> CosignedHead?

  /// How much room the log takes and has.
  func storage() throws(LogFailure) -> LogStorage

  /// The full bundle that begins with an entry.
  func bundle(startingAt seq: UInt64) throws(LogFailure) -> StoredBundle

  /// Removes the entries before one, in whole bundles; the tree over them stays.
  ///
  /// A signed event must have said so before, and must be durable.
  func drop(before seq: UInt64) throws(LogFailure)

  /// Writes the tree over all entries and its signed head.
  func writeCheckpoint(signedBy signer: some Signer) throws(LogFailure) -> SignedNote
}
