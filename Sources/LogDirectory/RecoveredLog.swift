import Evidence
import Glibc
import MerkleLog

/// What a log's files say when it is opened, after everything in them that can agree has been
/// compared; nothing is written.
///
/// The tiles under the head must give its root; the entries in the write-ahead file must give it too,
/// put after the full bundles before them. So the last entries are known whole, and no old bundle is
/// read: it takes one tile per level, twice, and the write-ahead file.
struct RecoveredLog {
  /// The last signed head and its bytes; nothing where there is no entry.
  private(set) var checkpoint: SignedNote?
  /// The head's size and root.
  let signed: TreeHead
  /// The seq of the first entry in the write-ahead file.
  let firstSeq: UInt64
  /// The entries in the write-ahead file.
  let entries: [[UInt8]]
  /// The tree over all entries.
  private(set) var tree: GrowingTree
  /// Knows the last entry.
  private(set) var verifier: LogVerifier

  init(at path: String, tiles: TileDirectory, did: DIDKey) throws(LogFailure) {
    let head = try Self.readCheckpoint(tiles, log: did.noteVerifier)
    if head == nil, try !DurableFiles.exists(path + "/initialising") {
      throw .contradiction("\(tiles.checkpointPath) is missing though the log was begun")
    }
    checkpoint = head?.note
    signed = head?.head ?? .empty
    (firstSeq, entries) = try Self.readWriteAheadFile(path + "/wal")
    let nextSeq = firstSeq + UInt64(entries.count)
    if head == nil, nextSeq > 0 {
      throw .contradiction("\(tiles.checkpointPath) is missing though the log has entries")
    }
    guard signed.size == 0 ? firstSeq == 0 : firstSeq < signed.size, nextSeq >= signed.size else {
      throw .contradiction(
        "\(path)/wal holds the entries from \(firstSeq) to before \(nextSeq), "
          + "which does not fit the signed head of \(signed.size)")
    }
    tree = try Self.tree(of: signed.size, in: tiles)
    guard tree.head == signed else {
      throw .contradiction("the tiles give another root than the signed head of \(signed.size)")
    }
    verifier = LogVerifier(did: did)
    try takeSigned(tiles, did)
    try takeRest()
    try compareWithWitnesses(path, tiles)
  }

  private static func readCheckpoint(
    _ tiles: TileDirectory, log: NoteVerifier
  ) throws(LogFailure) -> (note: SignedNote, head: TreeHead)? {
    guard
      let bytes = try DurableFiles.read(
        tiles.checkpointPath, limit: SignedNote.maximumByteCount)
    else { return nil }
    do {
      let note = try SignedNote(parsing: bytes)
      return (note, try Checkpoint.opening(note, log: log).checkpoint.head)
    } catch {
      throw .contradiction("\(tiles.checkpointPath): \(error)")
    }
  }

  private static func readWriteAheadFile(
    _ path: String
  ) throws(LogFailure) -> (firstSeq: UInt64, entries: [[UInt8]]) {
    guard let bytes = try DurableFiles.read(path, limit: .max) else {
      throw .contradiction("\(path) is missing; entries that were published may be lost")
    }
    let scan = try WriteAheadFile.scan(bytes, path: path)
    return (scan.firstSeq, scan.ranges.map { Array(bytes[$0]) })
  }

  private static func tree(
    of size: UInt64, in tiles: TileDirectory
  ) throws(LogFailure) -> GrowingTree {
    do {
      return try GrowingTree(size: size, from: tiles)
    } catch {
      throw .contradiction("the tiles under the signed head are damaged: \(error)")
    }
  }

  /// The entries under the head: the tree over them must have its root, and the last one must be
  /// signed and say where it stands.
  private mutating func takeSigned(_ tiles: TileDirectory, _ did: DIDKey) throws(LogFailure) {
    guard signed.size > 0 else { return }
    var compared = try Self.tree(of: firstSeq, in: tiles)
    let under = entries.prefix(Int(signed.size - firstSeq))
    for entry in under { compared.append(leaf: .leaf(entry)) }
    guard compared.head == signed, let last = under.last else {
      throw .contradiction(
        "the entries of the write-ahead file give another root than the signed head of "
          + "\(signed.size)")
    }
    let entry: SignedEntry
    do {
      entry = try SignedEntry(parsing: last, knownIssuer: did)
    } catch {
      throw .contradiction("entry \(signed.size - 1): \(error)")
    }
    guard entry.entry.sequence == signed.size - 1, entry.issuer == did, entry.hasValidSignature
    else { throw .contradiction("entry \(signed.size - 1) is not one of \(did)") }
    verifier = LogVerifier(did: did, after: entry)
  }

  /// The entries beyond the head: each must be good and follow the one before.
  private mutating func takeRest() throws(LogFailure) {
    for entry in entries.dropFirst(Int(signed.size - firstSeq)) {
      let verdict = verifier.check(entry)
      if let fault = verdict.faults.first { throw .contradiction("write-ahead file: \(fault)") }
      tree.append(leaf: verdict.leafHash)
    }
  }

  /// Other files that tell how far the log had been: a torn tail never reached as far.
  private func compareWithWitnesses(
    _ path: String, _ tiles: TileDirectory
  ) throws(LogFailure) {
    let size = tree.size
    let known = size / 256 * 256 + UInt64(try tiles.entryCount(inBundle: size / 256))
    guard known <= size else {
      throw .contradiction(
        "\(path)/wal ends before entry \(size), though the bundles hold entries up to \(known)")
    }
    // A damaged cursor says nothing: it is not synchronised, and losing it is harmless.
    if let cursor = try? NumberFile(path: path + "/cursor").read(), cursor > size {
      throw .contradiction(
        "\(path)/wal ends before entry \(size), though the broker has acknowledged \(cursor) "
          + "entries; was an older copy put back?")
    }
    guard let last = entries.last, let signed = try? SignedEntry(parsing: last) else { return }
    let start = signed.entry.boot
    if let counted = try NumberFile(path: path + "/boot").read(), counted < start {
      throw .contradiction(
        "\(path)/boot says start \(counted), though the last entry is of start \(start)")
    }
  }
}
