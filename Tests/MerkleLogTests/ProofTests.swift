import Testing

@testable import MerkleLog

@Suite struct ProofTests {
  private static let standard: [String: String] = [
    "a": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "b": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "c": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "d": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "e": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "f": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "g": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "h": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "i": "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "j": "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "k": "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
  ]

  private static func path(_ letters: String) -> [Hash] {
    letters.compactMap { standard[String($0)].flatMap { Hash(hexadecimal: $0) } }
  }

  // Certificate Transparency's reference tests.
  @Test(arguments: [(0, 1, ""), (2, 3, "g"), (5, 8, "abc"), (0, 8, "def")])
  func `makes and takes the standard inclusion proofs`(
    index: Int, size: Int, letters: String
  ) throws {
    let leaves = Array(StandardTree.leafHashes.prefix(size))
    let proof = try InclusionProof(index: UInt64(index), leafHashes: leaves)
    #expect(proof.path == Self.path(letters))
    try proof.verify(leafHash: leaves[index], root: Hash.root(leafHashes: leaves))
  }

  @Test(arguments: [
    (1, 1, ""), (4, 8, "f"), (2, 5, "ea"), (1, 8, "def"), (6, 8, "hbc"), (3, 7, "ijgk"),
  ])
  func `makes and takes the standard consistency proofs`(
    oldSize: Int, newSize: Int, letters: String
  ) throws {
    let leaves = Array(StandardTree.leafHashes.prefix(newSize))
    let proof = try ConsistencyProof(oldSize: UInt64(oldSize), leafHashes: leaves)
    #expect(proof.path == Self.path(letters))
    try proof.verify(
      oldRoot: Hash.root(leafHashes: leaves[..<oldSize]), newRoot: Hash.root(leafHashes: leaves))
  }

  @Test func `every proof of every size up to 300 is the definition's and verifies`() throws {
    let leaves = numberedLeaves(300)
    let store = MemoryTileStore.ofEverySize(leaves)
    var reference = ReferenceTree(leaves: leaves)
    var frontier = Frontier()
    for size in 0...300 {
      let root = reference.root(0..<size)
      #expect(frontier.root == root)
      #expect(try store.frontier(size: UInt64(size)) == frontier)
      // Proofs of one size share most of their hashes; each is taken from the tiles once.
      var nodes = TileNodes(size: UInt64(size))
      var known: [Range<UInt64>: Hash] = [:]
      func path(_ ranges: [Range<UInt64>]) throws -> [Hash] {
        try ranges.map { range in
          if let hash = known[range] { return hash }
          let hash = try nodes.root(over: range, from: store)
          known[range] = hash
          return hash
        }
      }
      for index in 0..<size {
        let ranges = InclusionProof.ranges(index: UInt64(index), size: UInt64(size))
        let proof = InclusionProof(
          index: UInt64(index), size: UInt64(size), path: try path(ranges))
        #expect(proof.path == reference.inclusion(index, 0..<size))
        try proof.verify(leafHash: leaves[index], root: root)
      }
      for oldSize in 0...size {
        let ranges = ConsistencyProof.ranges(from: UInt64(oldSize), to: UInt64(size))
        let proof = ConsistencyProof(
          oldSize: UInt64(oldSize), newSize: UInt64(size), path: try path(ranges))
        #expect(proof.path == reference.consistency(oldSize, 0..<size))
        try proof.verify(oldRoot: reference.root(0..<oldSize), newRoot: root)
      }
      if size < 300 { frontier.append(leaf: leaves[size]) }
    }
  }

  @Test(arguments: [1, 2, 7, 64, 255, 256, 257, 300])
  func `every proof asked of a tile store is the definition's`(size: Int) throws {
    let leaves = numberedLeaves(size)
    // Only this size's tiles are there: no proof may need another size's partial tile.
    let store = MemoryTileStore.ofSize(leaves)
    var reference = ReferenceTree(leaves: leaves)
    for index in 0..<size {
      let proof = try store.inclusionProof(index: UInt64(index), size: UInt64(size))
      #expect(proof.path == reference.inclusion(index, 0..<size))
      #expect((proof.index, proof.size) == (UInt64(index), UInt64(size)))
    }
    for oldSize in 0...size {
      let proof = try store.consistencyProof(from: UInt64(oldSize), to: UInt64(size))
      #expect(proof.path == reference.consistency(oldSize, 0..<size))
      #expect((proof.oldSize, proof.newSize) == (UInt64(oldSize), UInt64(size)))
    }
  }

  @Test func `every proof out of leaf hashes up to size 70 is the definition's`() throws {
    let leaves = numberedLeaves(70)
    var reference = ReferenceTree(leaves: leaves)
    for size in 0...70 {
      let some = Array(leaves.prefix(size))
      #expect(Hash.root(leafHashes: some) == reference.root(0..<size))
      for index in 0..<size {
        #expect(
          try InclusionProof(index: UInt64(index), leafHashes: some).path
            == reference.inclusion(index, 0..<size))
      }
      for oldSize in 0...size {
        #expect(
          try ConsistencyProof(oldSize: UInt64(oldSize), leafHashes: some).path
            == reference.consistency(oldSize, 0..<size))
      }
    }
  }

  @Test func `an inclusion proof with anything changed is refused`() throws {
    let leaves = numberedLeaves(40)
    var reference = ReferenceTree(leaves: leaves)
    for size in 1...40 {
      let root = reference.root(0..<size)
      for index in 0..<size {
        let path = reference.inclusion(index, 0..<size)
        let good = InclusionProof(index: UInt64(index), size: UInt64(size), path: path)
        #expect(Self.refuses(good, leaves[index].flipped, root))
        #expect(Self.refuses(good, leaves[index], root.flipped))
        for other in 0..<size + 2 where other != index {
          let moved = InclusionProof(index: UInt64(other), size: UInt64(size), path: path)
          #expect(Self.refuses(moved, leaves[index], root))
        }
        var longer = path
        longer.append(root)
        #expect(Self.refuses(good.with(path: longer), leaves[index], root))
        #expect(Self.refuses(good.with(path: [root] + path), leaves[index], root))
        #expect(Self.refuses(good.with(path: path + [.zero]), leaves[index], root))
        for position in path.indices {
          var shorter = path
          shorter.remove(at: position)
          #expect(Self.refuses(good.with(path: shorter), leaves[index], root))
          var changed = path
          changed[position] = changed[position].flipped
          #expect(Self.refuses(good.with(path: changed), leaves[index], root))
        }
      }
    }
  }

  private static func refuses(_ proof: InclusionProof, _ leaf: Hash, _ root: Hash) -> Bool {
    do {
      try proof.verify(leafHash: leaf, root: root)
      return false
    } catch {
      return true
    }
  }

  @Test func `a consistency proof with anything changed is refused`() throws {
    let leaves = numberedLeaves(40)
    var reference = ReferenceTree(leaves: leaves)
    for size in 1...40 {
      let root = reference.root(0..<size)
      for oldSize in 0...size {
        let oldRoot = reference.root(0..<oldSize)
        let path = reference.consistency(oldSize, 0..<size)
        let good = ConsistencyProof(
          oldSize: UInt64(oldSize), newSize: UInt64(size), path: path)
        if oldSize > 0 { #expect(Self.refuses(good, oldRoot, root.flipped)) }
        #expect(Self.refuses(good, oldRoot.flipped, root))
        #expect(Self.refuses(good.with(path: path + [root]), oldRoot, root))
        #expect(Self.refuses(good.with(path: path + [.zero]), oldRoot, root))
        #expect(Self.refuses(good.with(path: [oldRoot] + path), oldRoot, root))
        for position in path.indices {
          var shorter = path
          shorter.remove(at: position)
          #expect(Self.refuses(good.with(path: shorter), oldRoot, root))
          var changed = path
          changed[position] = changed[position].flipped
          #expect(Self.refuses(good.with(path: changed), oldRoot, root))
        }
      }
    }
  }

  private static func refuses(
    _ proof: ConsistencyProof, _ oldRoot: Hash, _ newRoot: Hash
  ) -> Bool {
    do {
      try proof.verify(oldRoot: oldRoot, newRoot: newRoot)
      return false
    } catch {
      return true
    }
  }

  @Test func `says why a proof does not fit`() throws {
    let leaves = numberedLeaves(8)
    let root = Hash.root(leafHashes: leaves)
    let good = try InclusionProof(index: 5, leafHashes: leaves)
    #expect(throws: ProofError.pathTooShort(hashCount: 2)) {
      try good.with(path: Array(good.path.dropLast())).verify(leafHash: leaves[5], root: root)
    }
    #expect(throws: ProofError.pathTooLong(hashCount: 4)) {
      try good.with(path: good.path + [root]).verify(leafHash: leaves[5], root: root)
    }
    #expect(throws: ProofError.indexOutsideTree(index: 8, size: 8)) {
      try InclusionProof(index: 8, size: 8, path: []).verify(leafHash: leaves[5], root: root)
    }
    #expect(throws: ProofError.indexOutsideTree(index: 0, size: 0)) {
      try InclusionProof(index: 0, size: 0, path: []).verify(leafHash: .zero, root: .empty)
    }
    #expect(throws: ProofError.sizesOutOfOrder(oldSize: 9, newSize: 8)) {
      try ConsistencyProof(oldSize: 9, newSize: 8, path: []).verify(oldRoot: root, newRoot: root)
    }
    #expect(throws: ProofError.self) {
      try ConsistencyProof(oldSize: 0, newSize: 8, path: []).verify(oldRoot: root, newRoot: root)
    }
    try ConsistencyProof(oldSize: 0, newSize: 8, path: []).verify(oldRoot: .empty, newRoot: root)
  }

  @Test func `takes sizes up to the largest without overflow`() {
    let path = [Hash](repeating: .zero, count: 64)
    #expect(throws: Never.self) {
      _ = try InclusionProof(index: 0, size: .max, path: path).root(leafHash: .zero)
    }
    #expect(throws: ProofError.pathTooLong(hashCount: 65)) {
      _ = try InclusionProof(index: 0, size: .max, path: path + [.zero]).root(leafHash: .zero)
    }
    #expect(throws: ProofError.self) {
      try ConsistencyProof(oldSize: .max - 1, newSize: .max, path: path)
        .verify(oldRoot: .zero, newRoot: .zero)
    }
  }
}

extension InclusionProof {
  fileprivate func with(path: [Hash]) -> InclusionProof {
    InclusionProof(index: index, size: size, path: path)
  }
}

extension ConsistencyProof {
  fileprivate func with(path: [Hash]) -> ConsistencyProof {
    ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
  }
}
