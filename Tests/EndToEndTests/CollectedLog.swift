import BrokerTesting
import Evidence
import LogDirectory
import MerkleLog
import Testing

/// What a board published of its log, and what the log in its files holds.
///
/// The strongest oracle there is: nobody who kept what was once published may ever be able to show
/// two histories.
struct CollectedLog {
  /// The entries that were published, each once, by their place in the log.
  private(set) var entries: [[UInt8]] = []
  /// The entries, read.
  private(set) var signed: [SignedEntry] = []
  /// The identity that signed.
  let did: DIDKey
  private let checkpoints: [[UInt8]]

  /// Checks everything that a subscriber ever received: one content for each place, none missing,
  /// every signature and link, every head, and all heads consistent with one another.
  init(_ subscriber: OutlivingSubscriber) throws {
    var bySequence: [UInt64: [UInt8]] = [:]
    var newest: UInt64?
    for message in subscriber.messages("entry") {
      let entry = try SignedEntry(parsing: message.payload)
      let seq = entry.entry.sequence
      if let known = bySequence[seq] {
        #expect(known == message.payload, "entry \(seq) was published with two contents")
        continue
      }
      #expect(seq == newest.map { $0 + 1 } ?? 0, "after entry \(newest ?? 0) came \(seq)")
      newest = seq
      bySequence[seq] = message.payload
      entries.append(message.payload)
      signed.append(entry)
    }
    did = try #require(signed.first).issuer
    checkpoints = subscriber.messages("checkpoint").map(\.payload)
    checkLinks()
    try checkHeads()
  }

  private func checkLinks() {
    var verifier = LogVerifier(did: did)
    for entry in entries {
      let verdict = verifier.check(entry)
      #expect(verdict.faults.isEmpty, "\(verdict.faults)")
    }
  }

  private func checkHeads() throws {
    let leaves = entries.map { Hash.leaf($0) }
    var frontier = Frontier()
    var roots = [frontier.root]
    for leaf in leaves {
      frontier.append(leaf: leaf)
      roots.append(frontier.root)
    }
    #expect(!checkpoints.isEmpty)
    var last = TreeHead(size: 1, root: roots[1])
    for bytes in checkpoints {
      let note = try SignedNote(parsing: bytes)
      let head = try Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head
      try #require(head.size > 0 && head.size <= UInt64(leaves.count))
      #expect(head.root == roots[Int(head.size)], "the head of \(head.size) is of another tree")
      #expect(head.size >= last.size, "the head went back from \(last.size) to \(head.size)")
      if head.size > last.size {
        let proof = try ConsistencyProof(
          oldSize: last.size, leafHashes: Array(leaves[..<Int(head.size)]))
        try proof.verify(oldRoot: last.root, newRoot: head.root)
      }
      last = head
    }
  }

  /// The entries under the head in a state directory.
  static func entries(inState state: String) throws -> [[UInt8]] {
    let tiles = TileDirectory(path: state + "/log")
    let note = try SignedNote(parsing: Files.bytes(tiles.checkpointPath))
    let did = try StateDirectory.publicIdentity(of: state)
    let size = try Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head.size
    var entries: [[UInt8]] = []
    for index in 0..<(size + 255) / 256 {
      let tile = try #require(Tile.at(level: 0, index: index, size: size))
      let bytes = try tiles.entries(of: tile)
      entries += try EntryBundle.ranges(in: bytes).prefix(tile.width).map { Array(bytes[$0]) }
    }
    return entries
  }

  /// Checks that a finished log is exactly what was published.
  func expectEquals(state: String) throws {
    let final = try Self.entries(inState: state)
    #expect(final.count == entries.count)
    let different = zip(final, entries).enumerated().filter { $0.element.0 != $0.element.1 }
    #expect(different.isEmpty, "entries \(different.map(\.offset)) are others in the log")
    #expect(try StateDirectory.publicIdentity(of: state) == did)
  }
}
