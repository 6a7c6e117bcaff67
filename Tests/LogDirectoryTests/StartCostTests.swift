import Evidence
import MerkleLog
import Testing

@testable import LogDirectory

/// A start reads one tile per level and the write-ahead file, however many entries there are.
@Suite struct StartCostTests {
  @Test func `a log opens without any of its full bundles and full tiles`() throws {
    let large = try LargeLog.written.get()
    let copy = try TemporaryDirectory()
    let path = copy.path + "/board"
    try Files.copy(large.path, to: path)
    var removed = 0
    for file in try Files.list(path + "/log") where file.hasPrefix("tile/") {
      guard let tile = TilePath(parsing: file)?.tile, !tile.isPartial else { continue }
      try Files.remove(path + "/log/" + file)
      removed += 1
    }
    // 273 full bundles, as many tiles over them, and the full tile over 256 of those.
    #expect(removed == 273 + 273 + 1)
    let (identity, _, log) = try WrittenLog.open(path)
    #expect(log.size == LargeLog.size)
    #expect(log.checkpointSize == LargeLog.size)
    let handmade = HandmadeEntry(identity)
    try log.append([handmade.bytes(at: log.size, after: log.lastLeafHash, boot: 2)])
    let note = try log.writeCheckpoint(signedBy: identity)
    let head = try Checkpoint.opening(note, log: identity.did.noteVerifier).checkpoint.head
    #expect(head.size == LargeLog.size + 1)
    #expect(try log.entry(at: 69_900).count > 200)
    #expect(throws: LogFailure.self) { try log.entry(at: 30_000) }
    #expect {
      try LogAudit(path: path).run()
    } throws: {
      ($0 as? LogAudit.Fault)?.place == "log/tile/entries/000"
    }
  }

  @Test func `damage of an old bundle is found by the audit and by whoever reads the entry`() throws
  {
    let large = try LargeLog.written.get()
    let copy = try TemporaryDirectory()
    let path = copy.path + "/board"
    try Files.copy(large.path, to: path)
    let file = "log/tile/entries/005"
    var bytes = try Files.read(path + "/" + file)
    bytes[300] ^= 1
    try Files.write(bytes, to: path + "/" + file)
    do {
      let (_, _, log) = try WrittenLog.open(path)
      #expect(throws: LogFailure.self) { try log.entry(at: 5 * 256 + 1) }
      #expect(try log.entry(at: 5 * 256 + 2).count > 200)
    }
    #expect {
      try LogAudit(path: path).run()
    } throws: {
      ($0 as? LogAudit.Fault)?.place == file
    }
  }

  @Test func `a log of 70,000 entries is whole`() throws {
    let large = try LargeLog.written.get()
    let report = try LogAudit(path: large.path).run()
    #expect(report.head == TreeHead(size: LargeLog.size, root: large.root))
    #expect(report.entriesByType == [.genesis: 1, .data: LargeLog.size - 1])
    #expect(report.notes.isEmpty)
  }
}
