import MerkleLog
import Testing

@Suite struct TilePathTests {
  // c2sp.org/tlog-tiles, "Merkle Tree" and its examples.
  @Test(arguments: [
    ("tile/0/x001/x234/067", 0, UInt64(1_234_067), 256), ("tile/0/000", 0, 0, 256),
    ("tile/0/000.p/8", 0, 0, 8), ("tile/1/000.p/1", 1, 0, 1), ("tile/0/273.p/112", 0, 273, 112),
    ("tile/0/999", 0, 999, 256), ("tile/0/x001/000", 0, 1000, 256),
    ("tile/63/x018/x446/x744/x073/x709/x551/615.p/255", 63, UInt64.max, 255),
  ])
  func `formats and parses paths of hash tiles`(
    path: String, level: Int, index: UInt64, width: Int
  ) throws {
    let tile = try #require(Tile(level: level, index: index, width: width))
    #expect(TilePath.hashes(tile).description == path)
    #expect(TilePath(parsing: path) == .hashes(tile))
  }

  @Test func `formats and parses paths of entry bundles`() throws {
    let tile = try #require(Tile(level: 0, index: 1_234_067, width: 3))
    #expect(TilePath.entries(tile).description == "tile/entries/x001/x234/067.p/3")
    #expect(TilePath(parsing: "tile/entries/x001/x234/067.p/3") == .entries(tile))
  }

  @Test(arguments: [
    "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/64/000",
    "tile/00/000", "tile/01/000", "tile/-1/000", "tile/+1/000", "/tile/0/000", "tile/0/000/",
    "tile//000", "tile/0/x000/000", "tile/0/001/234", "tile/0/x001", "tile/0/x1/000",
    "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p",
    "tile/0/000.p/-1", "tile/0/000/1", "tile/0/000.q/1", "tile/entries/x000/001",
    "tile/Entries/000", "tile/0/x018/x446/x744/x073/x709/x551/616",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/x001.p/x234/067", "tile/0/a00",
    "tile/0/\u{661}00", "tile/0/000.p/1/2", "tile/data/000", "tile/8/0/000.p/",
  ])
  func `refuses paths that it would not write`(path: String) {
    #expect(TilePath(parsing: path) == nil)
  }

  @Test func `every one-byte change of a path is refused or names something else`() throws {
    let path = "tile/0/x001/x234/067.p/12"
    let original = try #require(TilePath(parsing: path))
    for position in path.utf8.indices {
      for byte in UInt8(0x20)...0x7E {
        var bytes = Array(path.utf8)
        bytes[path.utf8.distance(from: path.utf8.startIndex, to: position)] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        guard text != path, let parsed = TilePath(parsing: text) else { continue }
        #expect(parsed != original)
        #expect(parsed.description == text)
      }
    }
  }
}

@Suite struct TileTests {
  @Test func `a tree of 70000 leaves has the tiles of the specification's example`() {
    // c2sp.org/tlog-tiles, "Partial Tiles".
    let tiles = Tile.grown(from: 0, to: 70_000)
    #expect(tiles.count { $0.level == 0 && !$0.isPartial } == 273)
    #expect(tiles.filter { $0.level == 0 && $0.isPartial }.map(\.width) == [112])
    #expect(tiles.filter { $0.level == 1 }.map(\.width) == [256, 17])
    #expect(tiles.filter { $0.level == 2 }.map(\.width) == [1])
    #expect(tiles.allSatisfy { $0.level <= 2 })
  }

  @Test func `a tree of 256 leaves has a full tile and a level-1 tile of one hash`() {
    #expect(
      Tile.grown(from: 0, to: 256)
        == [Tile(level: 0, index: 0), Tile(level: 1, index: 0, width: 1)])
  }

  @Test func `growing by nothing writes nothing`() {
    for size: UInt64 in [0, 1, 255, 256, 70_000] { #expect(Tile.grown(from: size, to: size) == []) }
  }

  @Test func `tells the tile at a place in a tree of a size`() {
    #expect(Tile.at(level: 0, index: 0, size: 0) == nil)
    #expect(Tile.at(level: 0, index: 0, size: 8)?.width == 8)
    #expect(Tile.at(level: 0, index: 0, size: 256)?.width == 256)
    #expect(Tile.at(level: 0, index: 1, size: 256) == nil)
    #expect(Tile.at(level: 1, index: 0, size: 256)?.width == 1)
    #expect(Tile.at(level: 7, index: 0, size: .max)?.width == 255)
    #expect(Tile.at(level: 8, index: 0, size: .max) == nil)
    #expect(Tile.at(level: 64, index: 0, size: .max) == nil)
  }

  @Test func `a tile has a level from 0 to 63 and a width from 1 to 256`() {
    #expect(Tile(level: -1, index: 0) == nil)
    #expect(Tile(level: 64, index: 0) == nil)
    #expect(Tile(level: 0, index: 0, width: 0) == nil)
    #expect(Tile(level: 0, index: 0, width: 257) == nil)
  }

  @Test func `a growing tree writes the tiles that growing asks for, with the right hashes`() throws
  {
    let leaves = numberedLeaves(600)
    var reference = ReferenceTree(leaves: leaves)
    for step in [1, 7, 255, 256, 257, 600] {
      var tree = GrowingTree()
      var written = 0
      for (position, leaf) in leaves.enumerated() {
        tree.append(leaf: leaf)
        guard (position + 1) % step == 0 || position + 1 == leaves.count else { continue }
        let tiles = tree.takeChangedTiles()
        #expect(tiles.map(\.tile) == Tile.grown(from: UInt64(written), to: UInt64(position + 1)))
        written = position + 1
        for tile in tiles {
          let span = tile.tile.level == 0 ? 1 : 256
          let first = Int(tile.tile.index) * 256
          #expect(
            tile.hashes
              == (first..<first + tile.tile.width).map {
                reference.root($0 * span..<($0 + 1) * span)
              })
        }
      }
      #expect(tree.head == TreeHead(size: 600, root: reference.root(0..<600)))
      #expect(tree.takeChangedTiles().isEmpty)
    }
  }

  @Test func `a tree read from its tiles goes on as if it had never stopped`() throws {
    let leaves = numberedLeaves(600)
    let store = MemoryTileStore.ofEverySize(leaves)
    for size in [0, 1, 2, 200, 255, 256, 257, 511, 512, 513, 599, 600] {
      store.counter.reads = 0
      var resumed = try GrowingTree(size: UInt64(size), from: store)
      #expect(store.counter.reads <= 4)
      var whole = GrowingTree()
      for leaf in leaves[..<size] { whole.append(leaf: leaf) }
      #expect(resumed.frontier == whole.frontier)
      _ = whole.takeChangedTiles()
      #expect(resumed.takeChangedTiles().isEmpty)
      for leaf in leaves[size...] {
        whole.append(leaf: leaf)
        resumed.append(leaf: leaf)
      }
      #expect(resumed.head == whole.head)
      #expect(resumed.takeChangedTiles() == whole.takeChangedTiles())
    }
  }

  @Test func `a tree of three tile levels is proved from a handful of reads`() throws {
    let size: UInt64 = 65_536 + 300
    let leaves = numberedLeaves(Int(size))
    let store = MemoryTileStore.ofSize(leaves)
    let root = Hash.root(leafHashes: leaves)
    #expect(try store.frontier(size: size).root == root)
    for index: UInt64 in [0, 255, 256, 40_000, 65_535, 65_536, size - 1] {
      store.counter.reads = 0
      let proof = try store.inclusionProof(index: index, size: size)
      #expect(store.counter.reads <= 6)
      try proof.verify(leafHash: leaves[Int(index)], root: root)
      #expect(try store.leafHash(index: index, size: size) == leaves[Int(index)])
    }
    var reference = ReferenceTree(leaves: leaves)
    for oldSize in [65_535, 65_536, 65_537, 65_792, Int(size)] {
      // Partial tiles of other sizes are not there: only what the newer size has may be read.
      let proof = try store.consistencyProof(from: UInt64(oldSize), to: size)
      try proof.verify(oldRoot: reference.root(0..<oldSize), newRoot: root)
    }
  }

  @Test func `says which tile is missing, malformed, or not to be had`() throws {
    let leaves = numberedLeaves(10)
    var store = MemoryTileStore.ofSize(leaves)
    #expect(throws: TileError<MemoryTileStore.Missing>.self) {
      try store.inclusionProof(index: 10, size: 10)
    }
    #expect(throws: TileError<MemoryTileStore.Missing>.self) {
      try store.consistencyProof(from: 11, to: 10)
    }
    do {
      _ = try store.frontier(size: 11)
      Issue.record("a tile that is not there was read")
    } catch {
      guard case .store(let missing) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(missing.path == "tile/0/000.p/11")
    }
    let tile = try #require(Tile(level: 0, index: 0, width: 10))
    for count in [0, 9 * 32, 319, 321, 257 * 32] {
      store.write(hashes: [UInt8](repeating: 0, count: count), of: tile)
      do {
        _ = try store.frontier(size: 10)
        Issue.record("a tile of \(count) bytes was taken")
      } catch {
        guard case .malformed(tile, count) = error else {
          Issue.record("\(error)")
          return
        }
      }
    }
    // A wider version of the tile is as good: its first hashes are the same.
    store.write(hashes: Hash.tileBytes(numberedLeaves(12)), of: tile)
    #expect(try store.frontier(size: 10).root == Hash.root(leafHashes: leaves))
  }
}

@Suite struct EntryBundleTests {
  @Test func `codes entries after their lengths`() throws {
    let bundle = try EntryBundle(entries: [[1, 2, 3], [], [UInt8](repeating: 7, count: 300)])
    let bytes = bundle.encoded
    #expect(Array(bytes.prefix(9)) == [0, 3, 1, 2, 3, 0, 0, 1, 44])
    #expect(bytes.count == 5 + 2 + 302)
    #expect(try EntryBundle(decoding: bytes, width: 3) == bundle)
    #expect(try EntryBundle.ranges(in: bytes) == [2..<5, 7..<7, 9..<309])
  }

  @Test func `takes the longest entry and nothing longer`() throws {
    let longest = [UInt8](repeating: 1, count: 65_535)
    let bundle = try EntryBundle(entries: [longest])
    #expect(try EntryBundle(decoding: bundle.encoded, width: 1).entries == [longest])
    #expect(throws: EntryBundleError.entryTooLong(position: 1, byteCount: 65_536)) {
      try EntryBundle(entries: [[], longest + [1]])
    }
    #expect(throws: EntryBundleError.count(257)) {
      try EntryBundle(entries: [[UInt8]](repeating: [], count: 257))
    }
    #expect(throws: EntryBundleError.count(0)) { try EntryBundle(entries: []) }
  }

  @Test func `refuses every truncation and every wrong width`() throws {
    let bytes = try EntryBundle(entries: [[1, 2, 3], [4], []]).encoded
    for count in 0..<bytes.count {
      #expect(throws: EntryBundleError.self) {
        try EntryBundle(decoding: Array(bytes.prefix(count)), width: 3)
      }
    }
    for width in [0, 1, 2, 4, 256] {
      #expect(throws: EntryBundleError.count(3)) {
        try EntryBundle(decoding: bytes, width: width)
      }
    }
    #expect(throws: EntryBundleError.truncated(byteOffset: 10)) {
      try EntryBundle(decoding: bytes + [0], width: 3)
    }
  }
}
