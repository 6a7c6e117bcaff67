public import Evidence
import Glibc
public import MerkleLog

/// A log in a directory of plain files, with one writer.
///
/// ```text
/// lock          held by the writer for as long as it lives
/// wal           the entries of the last bundle and beyond (WriteAheadFile)
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
  private let did: DIDKey
  var tiles: TileDirectory
  /// The newest head that has cosignatures, where one came since the start.
  private(set) var cosigned: CosignedHead?
  private var tree: GrowingTree
  private var verifier: LogVerifier
  private(set) var wal: WriteAheadFile
  /// The first entry that is kept, and the bytes of the full bundles from it on once they were counted.
  var firstKept: UInt64
  var bundleBytes: Int?
  /// Where the file of disclosures that was written last ends.
  var disclosureEnd: (index: UInt64, offset: Int)?
  private var bundle: BundleIndex?
  private var closedBecause: String?

  /// The last signed head; nil before the first.
  public private(set) var checkpoint: SignedNote?
  /// The size under the last signed head.
  public private(set) var checkpointSize: UInt64

  /// The log's last entry where it closes the log.
  public private(set) var closingEntry: SignedEntry?

  /// The number of entries, signed head or not.
  public var size: UInt64 { tree.size }

  /// The leaf hash of the last entry; zero bytes where there is none.
  public var lastLeafHash: Hash { verifier.previous }

  /// Makes the files of a log that has no entry yet; nothing of a log may be there.
  static func create(at path: String) throws(LogFailure) {
    for name in ["wal", "log/checkpoint"] where try DurableFiles.exists("\(path)/\(name)") {
      throw .contradiction("\(path)/\(name) is there already; no log was made over it")
    }
    try DurableFiles.makeDirectory(path + "/log")
    _ = try WriteAheadFile.create(at: path + "/wal", firstSeq: 0)
    if try !DurableFiles.exists(path + "/checkpoint") {
      guard symlink("log/checkpoint", path + "/checkpoint") == 0 else {
        throw OpenFile.failure(path + "/checkpoint", "symlink")
      }
    }
    try DurableFiles.synchronizeDirectory(path)
  }

  /// Opens a log for writing after comparing what is stored with what was signed.
  ///
  /// Nothing is changed before all of it agrees. Then what was found is written anew: it may come
  /// from a run that ended before it was durable, or whose synchronisation failed.
  ///
  /// - Throws: `LogFailure.contradiction` where signing on could make two histories: fewer entries
  ///   than signed or acknowledged, another root than signed, no head, a damaged file.
  public init(
    opening path: String, lock: consuming WriterLock, did: DIDKey
  ) throws(LogFailure) {
    var tiles = TileDirectory(path: path + "/log")
    let recovered = try RecoveredLog(at: path, tiles: tiles, did: did)
    let signedSize = recovered.signed.size
    let firstSeq = Self.firstSeq(under: signedSize)
    // In this order: where the file is short, the partial tiles before it are gone.
    if recovered.checkpoint != nil {
      try tiles.removeFilledPartials(from: recovered.firstSeq, to: signedSize)
    }
    self.wal = try WriteAheadFile.create(
      at: path + "/wal", firstSeq: firstSeq,
      entries: recovered.entries[Int(firstSeq - recovered.firstSeq)...])
    if let note = recovered.checkpoint {
      try DurableFiles.replace(tiles.checkpointPath, with: note.bytes)
      try DurableFiles.synchronizeDirectory(tiles.path)
    }
    self.path = path
    self.firstKept = try Self.readFirstKept(path)
    self.lock = lock
    self.did = did
    self.tiles = tiles
    self.tree = recovered.tree
    self.verifier = recovered.verifier
    self.checkpoint = recovered.checkpoint
    self.checkpointSize = signedSize
    if let last = recovered.entries.last, let entry = try? SignedEntry(parsing: last),
      entry.entry.type == .close
    {
      closingEntry = entry
    }
  }

  /// Where the write-ahead file begins under a head: with the bundle that holds the last entry, so
  /// that the last entry is always in it.
  private static func firstSeq(under size: UInt64) -> UInt64 {
    size == 0 ? 0 : (size - 1) / 256 * 256
  }

  /// Makes entries durable, in one go and in their order.
  ///
  /// - Throws: `LogFailure.contradiction` for an entry that does not go on from the last one; such a
  ///   log could not be opened again. Signatures are taken as checked by whoever made them.
  public func append(_ entries: [[UInt8]]) throws(LogFailure) {
    try ensureOpen()
    guard !entries.isEmpty else { return }
    try closing { () throws(LogFailure) in
      var grown = verifier
      let leaves = try Self.check(entries, &grown, did)
      try wal.append(entries)
      verifier = grown
      for leaf in leaves { tree.append(leaf: leaf) }
    }
  }

  private static func check(
    _ entries: [[UInt8]], _ verifier: inout LogVerifier, _ did: DIDKey
  ) throws(LogFailure) -> [Hash] {
    var leaves: [Hash] = []
    for entry in entries {
      let signed: SignedEntry
      do {
        signed = try SignedEntry(parsing: entry, knownIssuer: did)
      } catch {
        throw .contradiction("entry \(verifier.nextSequence) was not written: \(error)")
      }
      let verdict = verifier.check(signed, hasValidSignature: true)
      if let fault = verdict.faults.first {
        throw .contradiction("an entry was not written: \(fault)")
      }
      leaves.append(verdict.leafHash)
    }
    return leaves
  }

  /// The bytes of an entry, compared with what the tree says of it.
  ///
  /// It also answers after a failure of writing: what was durable before stays readable.
  public func entry(at seq: UInt64) throws(LogFailure) -> [UInt8] {
    guard seq < size else { throw .notFound("the log has no entry \(seq)") }
    if seq >= wal.firstSeq { return try wal.entry(at: seq) }
    let known: BundleIndex
    if let bundle, bundle.index == seq / 256 {
      known = bundle
    } else {
      known = try BundleIndex(seq / 256, in: tiles)
      bundle = known
    }
    return try known.entry(at: Int(seq % 256))
  }

  /// Remembers for all later starts that this is an older copy, or one of two, and must not sign.
  public func markRolledBack(because reason: String) throws(LogFailure) {
    closedBecause = reason
    let marker = path + "/" + StateDirectory.rolledBackMarker
    try DurableFiles.replace(marker, with: Array((reason + "\n").utf8), mode: 0o600)
    try DurableFiles.synchronizeDirectory(path)
  }

  /// The root of the tree over the first entries, from the tiles and at most 255 entries.
  public func root(ofFirst size: UInt64) throws(LogFailure) -> Hash {
    guard size <= self.size else { throw .notFound("the log has \(self.size) entries") }
    let known = min(size, checkpointSize) / 256 * 256
    var tree: GrowingTree
    do {
      tree = try GrowingTree(size: known, from: tiles)
    } catch {
      throw .contradiction("the tiles under the signed head are damaged: \(error)")
    }
    for seq in known..<size { tree.append(leaf: .leaf(try entry(at: seq))) }
    return tree.head.root
  }

  /// Writes the tree over all entries and its signed head.
  public func writeCheckpoint(
    signedBy signer: some Signer
  ) throws(LogFailure) -> SignedNote {
    try ensureOpen()
    if let checkpoint, checkpointSize == size { return checkpoint }
    return try closing { () throws(LogFailure) in
      guard signer.did == did else {
        throw .contradiction("the log of \(did) cannot be signed by \(signer.did)")
      }
      let note: SignedNote
      do {
        note = try signer.checkpoint(at: tree.head)
      } catch {
        throw .contradiction("\(error)")
      }
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
      // In this order: where the file is short, the partial tiles before it are gone.
      try tiles.removeFilledPartials(from: previous, to: size)
      try tiles.removeEdgePartials(keeping: [previous, size])
      try shortenWriteAheadFile()
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
    let first = Self.firstSeq(under: size)
    guard first > wal.firstSeq else { return }
    var entries: [[UInt8]] = []
    for seq in first..<size { entries.append(try wal.entry(at: seq)) }
    wal = try WriteAheadFile.create(at: path + "/wal", firstSeq: first, entries: entries)
  }

  /// Writes the head again, with more signatures under the same text.
  func replaceHead(with note: SignedNote) throws(LogFailure) {
    try ensureOpen()
    try closing { () throws(LogFailure) in
      try DurableFiles.replace(tiles.checkpointPath, with: note.bytes)
      try DurableFiles.synchronizeDirectory(tiles.path)
      checkpoint = note
    }
  }

  /// Keeps the newest head that has cosignatures.
  func keep(_ head: CosignedHead) throws(LogFailure) {
    try closing { () throws(LogFailure) in
      try DurableFiles.replace(tiles.cosignedPath, with: head.note.bytes)
      try DurableFiles.synchronizeDirectory(tiles.path)
      cosigned = head
    }
  }

  func ensureOpen() throws(LogFailure) {
    if let closedBecause { throw .closed(closedBecause) }
  }

  /// Does something that leaves the log closed where it fails.
  private func closing<Result>(
    _ work: () throws(LogFailure) -> Result
  ) throws(LogFailure) -> Result {
    do {
      return try work()
    } catch {
      if case .full = error { throw error }
      closedBecause = error.description
      throw error
    }
  }
}
