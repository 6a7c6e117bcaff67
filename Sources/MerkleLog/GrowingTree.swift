/// A tree that is being appended to, and the tiles it has to write.
///
/// It keeps the frontier and the partial tile of every level (at most 255 hashes each), so an append
/// costs the frontier's hashing and nothing more, however large the tree is: the root of a full tile
/// is the subtree hash that the frontier computes anyway.
public struct GrowingTree: Sendable {
  /// The right edge of the tree.
  public private(set) var frontier: Frontier
  private var edge: [[Hash]]
  private var isChanged: [Bool]
  private var finished: [HashTile] = []

  /// A tree without leaves.
  public init() {
    frontier = Frontier()
    edge = []
    isChanged = []
  }

  /// The tree of a size, from the tiles on its right edge (one read per level).
  ///
  /// Compare ``head`` with the signed one before appending: every hash that was read takes part in
  /// the root, so an equal root means that the edge is right.
  public init<Reader: TileReader & ~Copyable>(
    size: UInt64, from reader: borrowing Reader
  ) throws(TileError<Reader.Failure>) {
    frontier = try reader.frontier(size: size)
    edge = []
    var nodes = TileNodes(size: size)
    var level = 0
    while Tile.hashCount(level: level, size: size) > 0 {
      let count = Tile.hashCount(level: level, size: size)
      if let tile = Tile.at(level: level, index: count / 256, size: size) {
        edge.append(try nodes.hashes(of: tile, from: reader))
      } else {
        edge.append([])
      }
      level += 1
    }
    isChanged = [Bool](repeating: false, count: edge.count)
  }

  /// The number of leaves.
  public var size: UInt64 { frontier.size }

  /// The size and the root.
  public var head: TreeHead { frontier.head }

  /// Appends a leaf hash.
  public mutating func append(leaf: Hash) {
    var completedTileRoots: [(level: Int, hash: Hash)] = []
    frontier.append(leaf: leaf) { level, hash in
      if level.isMultiple(of: Tile.height) {
        completedTileRoots.append((level / Tile.height, hash))
      }
    }
    for (level, hash) in completedTileRoots {
      push(hash, level: level)
    }
  }

  private mutating func push(_ hash: Hash, level: Int) {
    if level == edge.count {
      edge.append([])
      isChanged.append(false)
    }
    edge[level].append(hash)
    isChanged[level] = true
    guard edge[level].count == Tile.fullWidth else { return }
    let count = Tile.hashCount(level: level, size: frontier.size)
    let tile = Tile(checkedLevel: level, index: count / 256 - 1, width: Tile.fullWidth)
    finished.append(HashTile(tile: tile, hashes: edge[level]))
    edge[level].removeAll(keepingCapacity: true)
    isChanged[level] = false
  }

  /// The full tiles completed since they were last taken, in the order of completion.
  public mutating func takeFinishedTiles() -> [HashTile] {
    defer { finished = [] }
    return finished
  }

  /// The tiles that changed since this was last asked, lowest level first.
  ///
  /// Every full tile completed since then, and per level the partial tile that the tree now ends in:
  /// what ``Tile/grown(from:to:)`` lists, with the hashes.
  public mutating func takeChangedTiles() -> [HashTile] {
    var tiles = finished
    finished = []
    for level in edge.indices where isChanged[level] {
      isChanged[level] = false
      let index = Tile.hashCount(level: level, size: size) / 256
      let tile = Tile(checkedLevel: level, index: index, width: edge[level].count)
      tiles.append(HashTile(tile: tile, hashes: edge[level]))
    }
    return tiles.sorted { ($0.tile.level, $0.tile.index) < ($1.tile.level, $1.tile.index) }
  }
}

/// A tile with its hashes.
public struct HashTile: Hashable, Sendable {
  /// Where the tile lies.
  public let tile: Tile
  /// Its hashes, as many as the tile is wide.
  public let hashes: [Hash]

  init(tile: Tile, hashes: [Hash]) {
    precondition(tile.width == hashes.count, "bad math in HashTile: \(tile) of \(hashes.count)")
    self.tile = tile
    self.hashes = hashes
  }

  /// The tile file's bytes.
  public var bytes: [UInt8] { Hash.tileBytes(hashes) }
}
