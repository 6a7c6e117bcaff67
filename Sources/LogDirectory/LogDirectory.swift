public import Evidence
import Glibc
public import MerkleLog

/// A log in a directory of plain files, with one writer.
///
/// ```text
/// lock          held by the writer for as long as it lives
/// wal           the entries since the last full bundle (WriteAheadFile)
/// log/          what is served: checkpoint, tile/... (c2sp.org/tlog-tiles)
/// checkpoint    a link to log/checkpoint
/// ```
///
/// The order of writing is: entries into `wal`, synchronised; then tiles and bundles; then the
/// signed head; each durable before the next. So at any instant the entries that somebody may have
/// seen are in `wal` or in bundles under a signed head.
public final class LogDirectory: EvidenceLog {
  /// The directory.
  public let path: String
  private let lock: WriterLock
  private var tiles: TileDirectory
  private var tree: GrowingTree
  private var wal: WriteAheadFile
  private var closedBecause: String?

  /// The leaf hash of the last entry; zero bytes where there is none.
  public private(set) var lastLeafHash: Hash
  /// The last signed head; nil before the first.
  public private(set) var checkpoint: SignedNote?
  /// The size under the last signed head.
  public private(set) var checkpointSize: UInt64

  /// The number of entries, signed head or not.
  public var size: UInt64 { tree.size }

  /// Makes the files of a log that has no entry yet; nothing of a log may be there.
  static func create(at path: String) throws(LogFailure) {
    try DurableFiles.makeDirectory(path + "/log")
    _ = try WriteAheadFile.create(at: path + "/wal", firstSeq: 0)
    if !DurableFiles.exists(path + "/checkpoint") {
      guard symlink("log/checkpoint", path + "/checkpoint") == 0 else {
        throw OpenFile.failure(path + "/checkpoint", "symlink")
      }
    }
    try DurableFiles.synchronizeDirectory(path)
  }

  /// Opens a log for writing after comparing what is stored with what was signed.
  ///
  /// - Throws: `LogFailure.contradiction` where signing on could make two histories: fewer entries
  ///   than signed, another root than signed, no head though entries are there, a damaged file.
  public init(
    opening path: String, lock: consuming WriterLock, did: DIDKey
  ) throws(LogFailure) {
    self.path = path
    self.lock = lock
    let tiles = TileDirectory(path: path + "/log")
    let walPath = path + "/wal"
    guard DurableFiles.exists(walPath) else {
      throw .contradiction("\(walPath) is missing; entries that were published may be lost")
    }
    let wal = try WriteAheadFile(opening: walPath, repairing: false)
    let head = try Self.readCheckpoint(tiles, log: did.noteVerifier)
    if head == nil, wal.nextSeq > 0 {
      throw .contradiction("\(tiles.checkpointPath) is missing though the log has entries")
    }
    let signed = head?.checkpoint.head ?? .empty
    guard wal.firstSeq <= signed.size, wal.nextSeq >= signed.size else {
      throw .contradiction(
        "\(walPath) ends before entry \(signed.size), which a signed head covers")
    }
    var tree: GrowingTree
    do {
      tree = try GrowingTree(size: signed.size, from: tiles)
    } catch {
      throw .contradiction("the tiles under the signed head are damaged: \(error)")
    }
    guard tree.head == signed else {
      throw .contradiction("the tiles give another root than the signed head of \(signed.size)")
    }
    self.lastLeafHash = try Self.replay(wal, into: &tree, tiles: tiles, did: did)
    self.tiles = tiles
    self.tree = tree
    self.checkpoint = head?.note
    self.checkpointSize = signed.size
    // Only now, when nothing contradicts, is a torn tail cut off.
    self.wal = try WriteAheadFile(opening: walPath, repairing: true)
  }

  private static func readCheckpoint(
    _ tiles: TileDirectory, log: NoteVerifier
  ) throws(LogFailure) -> (note: SignedNote, checkpoint: Checkpoint)? {
    guard let bytes = try DurableFiles.read(tiles.checkpointPath, limit: 1 << 20) else {
      return nil
    }
    do {
      let note = try SignedNote(parsing: bytes)
      return (note, try Checkpoint.opening(note, log: log).checkpoint)
    } catch {
      throw .contradiction("\(tiles.checkpointPath): \(error)")
    }
  }

  /// Compares the entries under the head with the tiles, verifies those beyond it and grows the
  /// tree by them; gives the leaf hash of the last entry.
  private static func replay(
    _ wal: borrowing WriteAheadFile, into tree: inout GrowingTree, tiles: TileDirectory,
    did: DIDKey
  ) throws(LogFailure) -> Hash {
    let signedSize = tree.size
    var last = Hash.zero
    if wal.firstSeq > 0 {
      do {
        last = try tiles.leafHash(index: wal.firstSeq - 1, size: signedSize)
      } catch {
        throw .contradiction("\(error)")
      }
    }
    for seq in wal.firstSeq..<wal.nextSeq {
      let entry = try wal.entry(at: seq)
      let leaf = Hash.leaf(entry)
      if seq < signedSize {
        do {
          guard try tiles.leafHash(index: seq, size: signedSize) == leaf else {
            throw LogFailure.contradiction(
              "entry \(seq) of the write-ahead file is not the one under the signed head")
          }
        } catch {
          throw .contradiction("\(error)")
        }
      } else {
        var verifier = LogVerifier(did: did, nextSequence: seq, previous: last)
        if let fault = verifier.check(entry).faults.first {
          throw .contradiction("write-ahead file: \(fault)")
        }
        tree.append(leaf: leaf)
      }
      last = leaf
    }
    return last
  }

  /// Makes entries durable, in one go and in their order.
  public func append(_ entries: [[UInt8]]) throws(LogFailure) {
    try ensureOpen()
    guard !entries.isEmpty else { return }
    try closing { () throws(LogFailure) in try wal.append(entries) }
    for entry in entries {
      lastLeafHash = Hash.leaf(entry)
      tree.append(leaf: lastLeafHash)
    }
  }

  /// The bytes of an entry.
  public func entry(at seq: UInt64) throws(LogFailure) -> [UInt8] {
    guard seq < size else { throw .notFound("the log has no entry \(seq)") }
    if seq >= wal.firstSeq { return try wal.entry(at: seq) }
    guard let tile = Tile(level: 0, index: seq / 256) else {
      throw .notFound("the log has no entry \(seq)")
    }
    let bytes = try tiles.entries(of: tile)
    do {
      let ranges = try EntryBundle.ranges(in: bytes)
      return Array(bytes[ranges[Int(seq % 256)]])
    } catch {
      throw .contradiction("\(TilePath.entries(tile)): \(error)")
    }
  }

  /// Writes the tree over all entries and its signed head.
  public func writeCheckpoint(
    signedBy signer: some Signer
  ) throws(LogFailure) -> SignedNote {
    try ensureOpen()
    if let checkpoint, checkpointSize == size { return checkpoint }
    let note: SignedNote
    do {
      note = try signer.checkpoint(at: tree.head)
    } catch {
      throw .contradiction("\(error)")
    }
    return try closing { () throws(LogFailure) in
      for changed in tree.takeChangedTiles() {
        try tiles.write(hashes: changed.bytes, of: changed.tile)
        if changed.tile.level == 0 { try writeBundle(under: changed.tile) }
      }
      try tiles.synchronizeNames()
      try DurableFiles.replace(tiles.checkpointPath, with: note.bytes)
      try DurableFiles.synchronizeDirectory(tiles.path)
      let previous = checkpointSize
      checkpoint = note
      checkpointSize = size
      try shortenWriteAheadFile()
      try tiles.removePartials(before: [previous, size])
      return note
    }
  }

  private func writeBundle(under tile: Tile) throws(LogFailure) {
    var entries: [[UInt8]] = []
    let first = tile.index * 256
    for seq in first..<first + UInt64(tile.width) { entries.append(try wal.entry(at: seq)) }
    do {
      try tiles.write(entries: try EntryBundle(entries: entries).encoded, of: tile)
    } catch let error as LogFailure {
      throw error
    } catch {
      throw .contradiction("\(error)")
    }
  }

  /// Full bundles are durable under a head, so their entries may leave the write-ahead file.
  private func shortenWriteAheadFile() throws(LogFailure) {
    let first = size / 256 * 256
    guard first > wal.firstSeq else { return }
    var entries: [[UInt8]] = []
    for seq in first..<size { entries.append(try wal.entry(at: seq)) }
    wal = try WriteAheadFile.create(at: path + "/wal", firstSeq: first, entries: entries)
  }

  private func ensureOpen() throws(LogFailure) {
    if let closedBecause { throw .closed(closedBecause) }
  }

  /// Does something that leaves the log closed where it fails.
  private func closing<Result>(
    _ work: () throws(LogFailure) -> Result
  ) throws(LogFailure) -> Result {
    do {
      return try work()
    } catch {
      closedBecause = error.description
      throw error
    }
  }
}
