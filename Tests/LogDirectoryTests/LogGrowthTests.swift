import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

@Suite struct LogGrowthTests {
  /// Sizes around the edges of bundles, and where heads are written on the way.
  static let growths: [(size: UInt64, heads: [UInt64])] = [
    (1, []), (2, []), (255, [17, 200]), (256, [255]), (256, []), (257, [256]), (257, [200, 256]),
    (511, [257, 300]), (512, [255, 256, 511]), (513, [250, 513]), (513, [512]),
    (700, [100, 255, 257, 600, 650]), (700, []),
  ]

  @Test(arguments: growths)
  func `a log that grew is whole after every start`(
    growth: (size: UInt64, heads: [UInt64])
  ) throws {
    let written = try WrittenLog()
    for head in growth.heads {
      try written.grow(to: head)
      try written.writeCheckpoint()
      try written.compare(everyEntry: false)
      try written.reopen()
      try written.compare()
    }
    try written.grow(to: growth.size)
    try written.reopen()
    try written.compare()
    let note = try written.writeCheckpoint()
    #expect(try written.writeCheckpoint() == note)
    try written.compare()
    try expectOnlyTiles(of: growth.size, written)
    written.close()
    let report = try LogAudit(path: written.path).run()
    #expect(report.head == TreeHead(size: growth.size, root: treeRoot(written.leaves[...])))
    #expect(report.did == written.identity.did)
    #expect(report.notes.isEmpty)
    #expect(report.entriesBeyondHead == 0)
    try written.reopen()
    try written.compare()
    // And the head is the one that was signed: it is kept, not made again.
    #expect(try written.opened.checkpoint == note)
  }

  /// Full tiles and the partial ones of this head, perhaps those of the head before, and no others.
  private func expectOnlyTiles(of size: UInt64, _ written: WrittenLog) throws {
    let files = try Files.list(written.path + "/log").filter { $0.hasPrefix("tile/") }
    var wanted: Set<String> = []
    for tile in Tile.grown(from: 0, to: size) {
      wanted.insert("\(TilePath.hashes(tile))")
      if tile.level == 0 { wanted.insert("\(TilePath.entries(tile))") }
    }
    #expect(wanted.isSubset(of: files))
    for file in Set(files).subtracting(wanted) {
      let tile = try #require(TilePath(parsing: file)).tile
      let edge = Tile.at(level: tile.level, index: tile.index, size: size)
      #expect(tile.isPartial && edge?.isPartial == true, "\(file) is left at size \(size)")
    }
    let versions = files.filter { $0.hasPrefix("tile/entries/") && $0.contains(".p/") }
    #expect(versions.count <= 2)
  }

  @Test func `partial tiles are removed once the full one is there, also after a lost moment`()
    throws
  {
    let written = try WrittenLog()
    try written.grow(to: 250)
    try written.writeCheckpoint()
    let partial = written.path + "/log/tile/entries/000.p/250"
    let saved = try Files.read(partial)
    #expect(Files.exists(partial))
    try written.grow(to: 256)
    try written.writeCheckpoint()
    #expect(!Files.exists(partial))
    // As if the power had gone between the head and the removal.
    try Files.write(saved, to: partial)
    try written.reopen()
    #expect(!Files.exists(written.path + "/log/tile/entries/000.p"))
    try written.grow(to: 600)
    try written.writeCheckpoint()
    try expectOnlyTiles(of: 600, written)
  }

  @Test func `two heads in one bundle keep both partial versions, the third drops the first`()
    throws
  {
    let written = try WrittenLog()
    let bundles = written.path + "/log/tile/entries/000.p"
    for (size, versions) in [(10, ["1", "10"]), (20, ["10", "20"]), (30, ["20", "30"])] {
      try written.grow(to: UInt64(size))
      try written.writeCheckpoint()
      #expect(try Files.list(bundles) == versions)
    }
  }

  @Test func `the write-ahead file holds the last bundle and what follows, never nothing`() throws {
    let written = try WrittenLog()
    for (size, first) in [(255, 0), (256, 0), (257, 256), (512, 256), (513, 512)]
      as [(UInt64, UInt64)]
    {
      try written.grow(to: size)
      try written.writeCheckpoint()
      let bytes = try Files.read(written.path + "/wal")
      let scan = try WriteAheadFile.scan(bytes, path: "wal")
      #expect(scan.firstSeq == first)
      #expect(scan.nextSeq == size)
    }
  }

  @Test func `a head needs the log's own key`() throws {
    let written = try WrittenLog()
    try written.append(1)
    let other = try Identity(seed: Array(repeating: 9, count: 32))
    let before = try Files.read(written.path + "/log/checkpoint")
    #expect(throws: LogFailure.self) { try written.opened.writeCheckpoint(signedBy: other) }
    #expect(throws: LogFailure.self) {
      try written.opened.writeCheckpoint(signedBy: written.identity)
    }
    #expect(try Files.read(written.path + "/log/checkpoint") == before)
    try written.reopen()
    try written.compare()
  }

  @Test func `entries that do not go on from the last one are refused, and the log is closed`()
    throws
  {
    let other = HandmadeEntry(try Identity(seed: Array(repeating: 9, count: 32)))
    for kind in 0..<7 {
      let written = try WrittenLog()
      try written.append(3)
      let good = written.next(2)
      let own = HandmadeEntry(written.identity)
      let last = try #require(written.leaves.last)
      let bad: [[UInt8]] =
        switch kind {
        case 0: [good[1]]
        case 1: [good[0], good[0]]
        case 2: [own.bytes(at: 3, after: last)]
        case 3: [own.bytes(at: 4, after: .zero)]
        case 4: [other.bytes(at: 4, after: last)]
        case 5: [good[0], []]
        default: [good[0] + [0]]
        }
      let before = try Files.read(written.path + "/wal")
      #expect(throws: LogFailure.self, "kind \(kind)") { try written.opened.append(bad) }
      #expect(try written.opened.size == 4)
      #expect(try Files.read(written.path + "/wal") == before)
      #expect {
        try written.opened.append(good)
      } throws: {
        if case LogFailure.closed = $0 { true } else { false }
      }
      try written.reopen()
      try written.append(2)
      try written.compare()
    }
  }

  @Test func `nothing follows a close entry, also after a start`() throws {
    let written = try WrittenLog()
    try written.append(2)
    let close = HandmadeEntry(written.identity).bytes(
      type: 4, 3, try #require(written.leaves.last), 1, [0x80])
    try written.opened.append([close])
    let after = HandmadeEntry(written.identity).bytes(at: 4, after: .leaf(close))
    #expect(throws: LogFailure.self) { try written.opened.append([after]) }
    for _ in 0..<2 {
      try written.reopen()
      #expect(try written.opened.size == 4)
      #expect(throws: LogFailure.self) { try written.opened.append([after]) }
      try written.reopen()
      try written.writeCheckpoint()
    }
  }

  @Test func `a start writes anew what it found, so that it is durable whoever wrote it`() throws {
    // A killed writer's last group may be in the page cache only, and so may the head's name.
    let written = try WrittenLog()
    try written.grow(to: 20)
    try written.writeCheckpoint()
    try written.append(3)
    written.close()
    let files = ["wal", "log/checkpoint"]
    func numbers() throws -> [Int?] {
      try files.map { file in
        let path = written.path + "/" + file
        return try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
      }
    }
    let before = try numbers()
    let head = try Files.read(written.path + "/log/checkpoint")
    try written.reopen()
    let after = try numbers()
    #expect(zip(before, after).allSatisfy { $0 != $1 })
    #expect(try Files.read(written.path + "/log/checkpoint") == head)
    // Nothing that the file is made with can pass for a torn tail any more.
    let bytes = try Files.read(written.path + "/wal")
    #expect(throws: LogFailure.self) {
      try WriteAheadFile.scan(Array(bytes.dropLast()), path: "wal")
    }
  }

  @Test func `an entry that was damaged in its bundle is not given out`() throws {
    let written = try WrittenLog()
    try written.grow(to: 300)
    try written.writeCheckpoint()
    let bundle = written.path + "/log/tile/entries/000"
    #expect(try written.opened.entry(at: 100) == written.entries[100])
    var bytes = try Files.read(bundle)
    let place = written.entries[..<100].reduce(0) { $0 + 2 + $1.count } + 2
    bytes[place + 150] ^= 1
    try Files.write(bytes, to: bundle)
    #expect(throws: LogFailure.self) { try written.opened.entry(at: 100) }
    #expect(try written.opened.entry(at: 99) == written.entries[99])
    try Files.write(bytes.dropLast(40), to: bundle)
    try written.reopen()
    #expect(throws: LogFailure.self) { try written.opened.entry(at: 100) }
    #expect(try written.opened.entry(at: 299) == written.entries[299])
    #expect(throws: LogFailure.notFound("the log has no entry 300")) {
      try written.opened.entry(at: 300)
    }
  }
}
