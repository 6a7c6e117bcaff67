import Evidence
import Foundation
import LogDirectory
import MerkleLog
import Testing

/// A log in a directory of its own and, beside it, what must be in it.
final class WrittenLog {
  let directory: TemporaryDirectory
  let path: String
  private(set) var identity: Identity
  private(set) var log: LogDirectory?
  private(set) var boot: UInt64 = 0
  /// Everything that was appended, in its order.
  private(set) var entries: [[UInt8]] = []
  private(set) var leaves: [Hash] = []

  /// A first start: the genesis entry under a head.
  init(name: String = "board") throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/" + name
    (identity, boot, log) = try Self.open(path)
    try append(1)
    try writeCheckpoint()
    try StateDirectory.finishInitialising(path)
  }

  /// What a start does.
  static func open(
    _ path: String, isSimulated: Bool = false
  ) throws -> (Identity, UInt64, LogDirectory) {
    let state = try StateDirectory(opening: path, isSimulated: isSimulated)
    let identity = state.identity
    let boot = try state.countStart()
    return (identity, boot, try state.openLog())
  }

  var size: UInt64 { UInt64(entries.count) }

  var opened: LogDirectory {
    get throws { try #require(log) }
  }

  /// The entries that come next.
  func next(_ count: Int, salt: UInt64 = 0) -> [[UInt8]] {
    let handmade = HandmadeEntry(identity)
    var previous = leaves.last ?? .zero
    return (size..<size + UInt64(count)).map { seq in
      let entry = handmade.bytes(at: seq, after: previous, boot: boot, salt: salt)
      previous = .leaf(entry)
      return entry
    }
  }

  /// Appends as one group.
  func append(_ count: Int) throws {
    let group = next(count)
    try opened.append(group)
    entries += group
    leaves += group.map { Hash.leaf($0) }
  }

  /// Appends one entry that somebody else made.
  func append(entry: [UInt8]) throws {
    try opened.append([entry])
    entries.append(entry)
    leaves.append(.leaf(entry))
  }

  /// Appends up to a size, in groups of 1, 2, 3...
  func grow(to target: UInt64, largestGroup: Int = 7) throws {
    var group = 1
    while size < target {
      try append(min(group, Int(target - size)))
      group = group % largestGroup + 1
    }
  }

  @discardableResult
  func writeCheckpoint() throws -> SignedNote {
    try opened.writeCheckpoint(signedBy: identity)
  }

  /// Ends the writer, as the end of its process would.
  func close() { log = nil }

  func reopen() throws {
    close()
    (identity, boot, log) = try Self.open(path)
  }

  /// The failure of a start with the files as they are.
  func startFailure() -> LogFailure? {
    close()
    do {
      (identity, boot, log) = try Self.open(path)
      return nil
    } catch {
      return error as? LogFailure
    }
  }

  /// A copy of the directory, as somebody with another board's card would have it.
  func copy() throws -> TemporaryDirectory {
    let target = try TemporaryDirectory()
    try Files.copy(path, to: target.path + "/copy")
    return target
  }

  /// Compares what the open log says with what was written.
  func compare(everyEntry: Bool = true) throws {
    let log = try opened
    #expect(log.size == size)
    #expect(log.lastLeafHash == leaves.last)
    let signed = Int(log.checkpointSize)
    if let note = log.checkpoint {
      let head = try Checkpoint.opening(note, log: identity.did.noteVerifier).checkpoint.head
      #expect(head.size == log.checkpointSize)
      #expect(head.root == treeRoot(leaves[..<signed]))
    }
    guard everyEntry else { return }
    for (seq, entry) in entries.enumerated() {
      let stored = try log.entry(at: UInt64(seq))
      guard stored == entry else {
        Issue.record("entry \(seq) is not the one that was written")
        return
      }
    }
  }
}

/// The root over leaf hashes, as RFC 9162 section 2.1.1 defines it: recursively.
func treeRoot(_ leaves: ArraySlice<Hash>) -> Hash {
  guard leaves.count > 1 else { return leaves.first ?? .empty }
  var split = 1
  while split * 2 < leaves.count { split *= 2 }
  let middle = leaves.startIndex + split
  return .node(treeRoot(leaves[..<middle]), treeRoot(leaves[middle...]))
}
