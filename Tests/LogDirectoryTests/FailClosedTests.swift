import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

/// Starts that must sign nothing: what is stored contradicts what may have been shown.
@Suite struct FailClosedTests {
  /// A log of 300 entries under a head and 5 beyond it, closed.
  private func written(_ size: UInt64 = 300, beyond: Int = 5) throws -> WrittenLog {
    let written = try WrittenLog()
    try written.grow(to: size)
    try written.writeCheckpoint()
    for _ in 0..<beyond { try written.append(1) }
    written.close()
    return written
  }

  /// Expects a contradiction whose text has some words, and that nothing was changed by finding it.
  private func expectContradiction(
    _ written: WrittenLog, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let files = { try Files.list(written.path).filter { $0 != "boot" && $0 != "lock" } }
    let before = try files().map { ($0, try Files.read(written.path + "/" + $0)) }
    guard case .contradiction(let text) = written.startFailure() else {
      Issue.record("the log was opened", sourceLocation: sourceLocation)
      return
    }
    #expect(text.contains(words), "\(text)", sourceLocation: sourceLocation)
    #expect(try files() == before.map(\.0), sourceLocation: sourceLocation)
    for (file, bytes) in before {
      #expect(
        try Files.read(written.path + "/" + file) == bytes, "\(file) was changed",
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    ("wal", "wal is missing"), ("log/checkpoint", "checkpoint is missing"),
    ("keys/identity", "identity is missing"), ("boot", "boot is missing"),
    ("origin", "origin does not name"), ("log/tile/0/001.p/44", "damaged"),
    ("log/tile/1/000.p/1", "damaged"),
  ])
  func `a missing file closes the log`(file: String, words: String) throws {
    let written = try written()
    try Files.remove(written.path + "/" + file)
    try expectContradiction(written, words)
  }

  @Test func `an emptied directory with an identity does not begin again`() throws {
    for kept in ["keys/identity", "wal", "boot", "cursor", "origin", "log/tile/entries/000"] {
      let written = try written()
      CursorFile(stateDirectory: written.path).save(3)
      for file in try Files.list(written.path) where file != kept {
        try Files.remove(written.path + "/" + file)
      }
      try Files.remove(written.path + "/checkpoint")
      guard case .contradiction = written.startFailure() else {
        Issue.record("the log was begun again beside \(kept)")
        continue
      }
    }
  }

  @Test func `no entry and no head in a log that was begun is no new log`() throws {
    let written = try written(1, beyond: 0)
    try Files.remove(written.path + "/log/checkpoint")
    _ = try WriteAheadFile.create(at: written.path + "/wal", firstSeq: 0)
    try expectContradiction(written, "is missing though the log was begun")
  }

  @Test func `a head of another key closes the log`() throws {
    let written = try written()
    let other = try Identity(seed: Array(repeating: 3, count: 32))
    let head = TreeHead(size: 300, root: treeRoot(written.leaves[..<300]))
    try Files.write(try other.checkpoint(at: head).bytes, to: written.path + "/log/checkpoint")
    try expectContradiction(written, "no signature of a known key")
  }

  @Test func `a head with another root than the tiles' closes the log`() throws {
    let written = try written()
    let root = treeRoot(written.leaves[..<299])
    let note = try written.identity.checkpoint(at: TreeHead(size: 300, root: root))
    try Files.write(note.bytes, to: written.path + "/log/checkpoint")
    try expectContradiction(written, "another root")
  }

  @Test func `every byte of the tiles at the edge counts`() throws {
    let written = try written(260, beyond: 1)
    for file in ["log/tile/0/001.p/4", "log/tile/1/000.p/1"] {
      let bytes = try Files.read(written.path + "/" + file)
      for position in bytes.indices {
        var changed = bytes
        changed[position] ^= 0x20
        try Files.write(changed, to: written.path + "/" + file)
        guard case .contradiction = written.startFailure() else {
          Issue.record("\(file), byte \(position)")
          return
        }
      }
      try Files.write(bytes, to: written.path + "/" + file)
    }
    try written.reopen()
    try written.compare()
  }

  @Test func `a head over more entries than there are closes the log`() throws {
    let written = try written()
    let head = TreeHead(size: 306, root: treeRoot(written.leaves[...]))
    try Files.write(
      try written.identity.checkpoint(at: head).bytes, to: written.path + "/log/checkpoint")
    try expectContradiction(written, "does not fit the signed head of 306")
  }

  @Test func `an older head beside a newer write-ahead file closes the log`() throws {
    let written = try WrittenLog()
    try written.grow(to: 250)
    let old = try written.writeCheckpoint()
    try written.grow(to: 300)
    try written.writeCheckpoint()
    written.close()
    try Files.write(old.bytes, to: written.path + "/log/checkpoint")
    try expectContradiction(written, "does not fit the signed head of 250")
  }

  @Test func `bundles that reach beyond the entries tell of a loss`() throws {
    // The head and the last entries are lost, the tiles that were written for them are not.
    let written = try WrittenLog()
    try written.grow(to: 20)
    let old = try written.writeCheckpoint()
    let wal = try Files.read(written.path + "/wal")
    try written.grow(to: 30)
    try written.writeCheckpoint()
    written.close()
    try Files.write(old.bytes, to: written.path + "/log/checkpoint")
    try Files.write(wal, to: written.path + "/wal")
    try expectContradiction(written, "bundles hold entries up to 30")
  }

  @Test func `a cursor beyond the entries tells of a loss`() throws {
    let written = try WrittenLog()
    try written.grow(to: 20)
    try written.writeCheckpoint()
    let wal = try Files.read(written.path + "/wal")
    try written.append(1)
    written.close()
    CursorFile(stateDirectory: written.path).save(21)
    #expect(written.startFailure() == nil)
    written.close()
    try Files.write(wal, to: written.path + "/wal")
    try expectContradiction(written, "the broker has acknowledged 21")
  }

  @Test func `an older count of starts closes the log`() throws {
    let written = try WrittenLog()
    let boot = try Files.read(written.path + "/boot")
    for _ in 0..<3 { try written.reopen() }
    try written.append(1)
    written.close()
    try Files.write(boot, to: written.path + "/boot")
    guard case .contradiction(let text) = written.startFailure() else {
      Issue.record("the log was opened")
      return
    }
    #expect(text.contains("says start 2, though the last entry is of start 4"))
  }

  @Test func `the entries under the head cannot be others`() throws {
    let written = try written(300, beyond: 0)
    let bytes = try Files.read(written.path + "/wal")
    let scan = try WriteAheadFile.scan(bytes, path: "wal")
    #expect(scan.firstSeq == 256)
    for place in [0, 20, 43] {
      var entries = scan.ranges.map { Array(bytes[$0]) }
      entries[place][200] ^= 1
      _ = try WriteAheadFile.create(at: written.path + "/wal", firstSeq: 256, entries: entries)
      try expectContradiction(written, "another root")
    }
  }

  @Test func `the entries beyond the head must be signed and follow each other`() throws {
    let written = try written(20, beyond: 3)
    let bytes = try Files.read(written.path + "/wal")
    let entries = try WriteAheadFile.scan(bytes, path: "wal").ranges.map { Array(bytes[$0]) }
    let foreign = HandmadeEntry(try Identity(seed: Array(repeating: 3, count: 32)))
    let own = HandmadeEntry(written.identity)
    var signature = entries
    signature[21][entries[21].count - 1] ^= 1
    let cases: [([[UInt8]], String)] = [
      (signature, "entry 21: the signature"),
      (Array(entries[..<20]) + [own.bytes(at: 20, after: .zero)], "entry 20: it follows"),
      (Array(entries[..<20]) + entries[21...], "entry 20: it says"),
      (Array(entries[..<20]) + [foreign.bytes(at: 20, after: written.leaves[19])], "entry 20:"),
    ]
    for (entries, words) in cases {
      _ = try WriteAheadFile.create(at: written.path + "/wal", firstSeq: 0, entries: entries)
      try expectContradiction(written, words)
    }
  }

  @Test func `a file cut anywhere in its last three frames gives the entries before, or fails`()
    throws
  {
    // Two heads: with the first, all three frames lie beyond it; with the second, below it.
    let written = try written(20, beyond: 3)
    let bytes = try Files.read(written.path + "/wal")
    let frames = written.entries.suffix(3).map { $0.count + 16 }
    let start = bytes.count - frames.reduce(0, +)
    for cut in start...bytes.count {
      let copy = try written.copy()
      try Files.write(bytes[..<cut], to: copy.path + "/copy/wal")
      let (_, _, log) = try WrittenLog.open(copy.path + "/copy")
      var size: UInt64 = 20
      var end = start
      for frame in frames where end + frame <= cut {
        end += frame
        size += 1
      }
      #expect(log.size == size, "cut at \(cut)")
      #expect(log.lastLeafHash == written.leaves[Int(size) - 1])
      // The tail is gone from the file too: nothing of it comes back with the next start.
      let left = try Files.read(copy.path + "/copy/wal")
      #expect(try WriteAheadFile.scan(left, path: "wal").validByteCount == left.count)
    }
    try written.reopen()
    try written.writeCheckpoint()
    written.close()
    let signed = try Files.read(written.path + "/wal")
    for cut in [0, 1, 31, 32, 33, start, start + 1, signed.count - 17, signed.count - 1] {
      try Files.write(signed[..<cut], to: written.path + "/wal")
      try expectContradiction(written, "wal")
    }
  }

  @Test func `a byte changed in the last three frames is found, or ends the log before it`() throws
  {
    let written = try written(20, beyond: 3)
    let bytes = try Files.read(written.path + "/wal")
    let last = bytes.count - (try #require(written.entries.last).count + 16)
    let start = bytes.count - written.entries.suffix(3).reduce(0) { $0 + $1.count + 16 }
    for position in start..<bytes.count {
      var changed = bytes
      changed[position] ^= 0x08
      try Files.write(changed, to: written.path + "/wal")
      if position < last {
        // The frame after it says that this place had been durable.
        guard case .contradiction = written.startFailure() else {
          Issue.record("byte \(position)")
          return
        }
      } else {
        let copy = try written.copy()
        let (_, _, log) = try WrittenLog.open(copy.path + "/copy")
        #expect(log.size == 22)
      }
    }
    // After a clean start the file is made anew, and then nothing in it can be a torn tail.
    try Files.write(bytes, to: written.path + "/wal")
    try written.reopen()
    written.close()
    let anew = try Files.read(written.path + "/wal")
    for position in start..<anew.count {
      var changed = anew
      changed[position] ^= 0x08
      try Files.write(changed, to: written.path + "/wal")
      guard case .contradiction = written.startFailure() else {
        Issue.record("byte \(position) after a start")
        return
      }
    }
  }

  @Test func `a start with a torn tail goes on where the durable entries end`() throws {
    let written = try written(20, beyond: 0)
    let (identity, _, log) = try WrittenLog.open(written.path)
    let handmade = HandmadeEntry(identity)
    let lost = handmade.bytes(at: 20, after: log.lastLeafHash, salt: 77)
    try log.append([lost])
    let bytes = try Files.read(written.path + "/wal")
    let copy = try written.copy()
    try Files.write(bytes.dropLast(9), to: copy.path + "/copy/wal")
    let (_, _, again) = try WrittenLog.open(copy.path + "/copy")
    #expect(again.size == 20)
    try again.append([handmade.bytes(at: 20, after: again.lastLeafHash, boot: 3)])
    _ = try again.writeCheckpoint(signedBy: identity)
    #expect(try LogAudit(path: copy.path + "/copy").run().head.size == 21)
  }

  @Test(arguments: [0o640, 0o604, 0o644])
  func `a key that others can read closes the log`(mode: Int) throws {
    let written = try written()
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: written.path + "/keys/identity")
    try expectContradiction(written, "chmod 600")
  }

  @Test func `another identity than the origin's closes the log`() throws {
    let written = try written()
    let other = try WrittenLog()
    try Files.write(
      try Files.read(other.path + "/keys/identity"), to: written.path + "/keys/identity")
    try expectContradiction(written, "origin does not name the identity")
    // Also where somebody has made origin fit: the head is of another key.
    try Files.write(try Files.read(other.path + "/origin"), to: written.path + "/origin")
    try expectContradiction(written, "no signature of a known key")
  }

  @Test func `a real identity never signs for a simulated board, nor the other way round`() throws {
    let written = try written()
    #expect(throws: LogFailure.self) { try WrittenLog.open(written.path, isSimulated: true) }
    let directory = try TemporaryDirectory()
    do {
      let state = try StateDirectory(opening: directory.path + "/board", isSimulated: true)
      let isNew = state.isNew
      #expect(isNew)
    }
    try StateDirectory.finishInitialising(directory.path + "/board")
    #expect(throws: LogFailure.self) {
      try WrittenLog.open(directory.path + "/board", isSimulated: false)
    }
    try written.reopen()
    try written.compare()
  }
}
