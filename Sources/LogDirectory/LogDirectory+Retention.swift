public import Evidence
import Glibc
import MerkleLog

/// Old entries may go; the tree over them stays, so that every proof still holds.
extension LogDirectory {
  static func readFirstKept(_ path: String) throws(LogFailure) -> UInt64 {
    let seq = try NumberFile(path: path + "/kept").read() ?? 0
    guard seq.isMultiple(of: 256) else { throw .contradiction("\(path)/kept is damaged") }
    return seq
  }

  /// How much room the log takes and has.
  ///
  /// The bundles are counted once; it takes a call of `stat` for each.
  public func storage() throws(LogFailure) -> LogStorage {
    var disk = statvfs()
    guard statvfs(path, &disk) == 0 else { throw OpenFile.failure(path, "statvfs") }
    let most = wal.firstSeq
    let bytes: Int
    if let bundleBytes {
      bytes = bundleBytes
    } else {
      try removeLeftovers()
      var sum = 0
      for seq in stride(from: firstKept, to: most, by: 256) { sum += try byteCount(ofBundle: seq) }
      bundleBytes = sum
      bytes = sum
    }
    return LogStorage(
      firstKept: firstKept, mostDroppable: most, bundleBytes: bytes,
      freeBytes: Int(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize)),
      capacityBytes: Int(clamping: UInt64(disk.f_blocks) * UInt64(disk.f_frsize)))
  }

  /// The full bundle that begins with an entry.
  public func bundle(startingAt seq: UInt64) throws(LogFailure) -> StoredBundle {
    let count = try byteCount(ofBundle: seq)
    let last = try entry(at: seq + 255)
    return StoredBundle(
      byteCount: count,
      claimedMilliseconds: (try? SignedEntry(parsing: last, knownIssuer: nil))?.entry.clock?
        .unixMilliseconds)
  }

  /// Removes what a loss of power left of bundles that were to go; they lie before the first kept one.
  private func removeLeftovers() throws(LogFailure) {
    var seq = firstKept
    while seq >= 256, try DurableFiles.exists(path(ofBundle: seq - 256)) {
      seq -= 256
      try DurableFiles.remove(try path(ofBundle: seq))
      try DisclosureStore(stateDirectory: path).remove(bundle: seq / 256)
    }
  }

  private func path(ofBundle seq: UInt64) throws(LogFailure) -> String {
    guard let tile = Tile(level: 0, index: seq / 256) else {
      throw .notFound("there is no bundle from entry \(seq) on")
    }
    return tiles.path(of: .entries(tile))
  }

  private func byteCount(ofBundle seq: UInt64) throws(LogFailure) -> Int {
    try OpenFile(path(ofBundle: seq), O_RDONLY).byteCount
  }

  /// Removes the entries before one, in whole bundles under the signed head.
  ///
  /// What is kept is durable before anything goes, so that a start after a loss of power looks for
  /// nothing that went; what it left of the rest goes the next time.
  public func drop(before seq: UInt64) throws(LogFailure) {
    let end = min(seq, wal.firstSeq) / 256 * 256
    guard end > firstKept else { return }
    let from = firstKept
    let bytes = try storage().bundleBytes
    try DurableFiles.replace(path + "/kept", with: Array(NumberFile.text(end).utf8))
    try DurableFiles.synchronizeDirectory(path)
    firstKept = end
    var freed = 0
    for first in stride(from: from, to: end, by: 256) {
      freed += (try? byteCount(ofBundle: first)) ?? 0
      try DurableFiles.remove(try path(ofBundle: first))
      try DisclosureStore(stateDirectory: path).remove(bundle: first / 256)
    }
    bundleBytes = max(0, bytes - freed)
  }
}
