import Dispatch
import Evidence
import Glibc
import MerkleLog
import Synchronization

extension LogAudit {
  /// A bundle whose entries were read and whose signatures were checked, each by itself.
  struct Bundle: Sendable {
    let place: String
    let entries: [CheckedEntry]
  }

  /// An entry of a bundle.
  struct CheckedEntry: Sendable {
    /// Where it lies in its file.
    let offset: Int
    let bytes: [UInt8]
    /// The entry; nil where its bytes are malformed.
    let signed: SignedEntry?
    let hasValidSignature: Bool
  }

  /// How many bundles are read and checked at a time; enough that no core waits, and few in memory.
  private static let bundlesAtOnce = 4 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Checks all bundles under a head in their order; signatures, which cost most, on all cores.
  func checkBundles(
    _ head: TreeHead, _ verifier: inout LogVerifier, _ tree: inout GrowingTree,
    _ report: inout Report
  ) throws(Fault) {
    let count = (head.size + 255) / 256
    var first = try skipDroppedBundles(head, &verifier, &tree)
    report.firstKept = first * 256
    while first < count {
      let next = min(count, first + UInt64(Self.bundlesAtOnce))
      let tiles = (first..<next).compactMap { Tile.at(level: 0, index: $0, size: head.size) }
      for bundle in checkedBundles(tiles, of: verifier.did) {
        try check(bundle.get(), &verifier, &tree, &report)
        for changed in tree.takeFinishedTiles() { try checkTile(changed) }
      }
      first = next
    }
  }

  /// Takes the hashes of entries that are no longer kept from their tiles; gives the first bundle that
  /// is there.
  private func skipDroppedBundles(
    _ head: TreeHead, _ verifier: inout LogVerifier, _ tree: inout GrowingTree
  ) throws(Fault) -> UInt64 {
    var index: UInt64 = 0
    var last: Hash?
    while let tile = Tile(level: 0, index: index), (index + 1) * 256 <= head.size,
      try !exists(prefix + TilePath.entries(tile).description)
    {
      guard let bytes = try read(prefix + TilePath.hashes(tile).description) else {
        throw Fault(place: prefix + TilePath.entries(tile).description, reason: "is missing")
      }
      guard let hashes = Hash.array(tileBytes: bytes), hashes.count == Tile.fullWidth else {
        throw Fault(
          place: prefix + TilePath.hashes(tile).description, reason: "does not hold 256 hashes")
      }
      for hash in hashes { tree.append(leaf: hash) }
      for changed in tree.takeFinishedTiles() { try checkTile(changed) }
      last = hashes.last
      index += 1
    }
    if let last {
      verifier = LogVerifier(did: verifier.did, nextSequence: index * 256, previous: last)
    }
    return index
  }

  /// Entries may be missing only where the board has signed that they went.
  func checkKept(_ report: Report) throws(Fault) {
    guard report.firstKept > report.signedFirstKept else { return }
    let tile = Tile(level: 0, index: report.signedFirstKept / 256)
    throw Fault(
      place: prefix + (tile.map { TilePath.entries($0).description } ?? "tile/entries"),
      reason: "is missing, and no signed event says that entries from \(report.signedFirstKept) on "
        + "are no longer kept")
  }

  private func check(
    _ bundle: Bundle, _ verifier: inout LogVerifier, _ tree: inout GrowingTree,
    _ report: inout Report
  ) throws(Fault) {
    for entry in bundle.entries {
      let verdict =
        entry.signed.map { verifier.check($0, hasValidSignature: entry.hasValidSignature) }
        ?? verifier.check(entry.bytes)
      if let fault = verdict.faults.first {
        throw Fault(place: bundle.place, reason: "byte \(entry.offset): \(fault)")
      }
      tree.append(leaf: verdict.leafHash)
      if let signed = verdict.entry { report.note(signed) }
    }
  }

  private func checkedBundles(_ tiles: [Tile], of did: DIDKey) -> [Result<Bundle, Fault>] {
    let results = Mutex<[Result<Bundle, Fault>?]>(tiles.map { _ in nil })
    DispatchQueue.concurrentPerform(iterations: tiles.count) { position in
      let result: Result<Bundle, Fault>
      do throws(Fault) {
        result = .success(try checkedBundle(tiles[position], of: did))
      } catch {
        result = .failure(error)
      }
      results.withLock { $0[position] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private func checkedBundle(_ tile: Tile, of did: DIDKey) throws(Fault) -> Bundle {
    let (place, bytes, ranges) = try bundle(tile)
    let entries = ranges.map { range in
      let entry = Array(bytes[range])
      let signed = try? SignedEntry(parsing: entry, knownIssuer: did)
      return CheckedEntry(
        offset: range.lowerBound, bytes: entry, signed: signed,
        hasValidSignature: signed?.hasValidSignature ?? false)
    }
    return Bundle(place: place, entries: entries)
  }
}
