import MerkleLog

/// A tile store in memory that counts reads and fails for what it does not have.
struct MemoryTileStore: TileStore {
  struct Missing: Error, Equatable { let path: String }

  final class Counter {
    var reads = 0
  }

  var files: [String: [UInt8]] = [:]
  let counter = Counter()

  func hashes(of tile: Tile) throws(Missing) -> [UInt8] { try read(.hashes(tile)) }

  func entries(of tile: Tile) throws(Missing) -> [UInt8] { try read(.entries(tile)) }

  private func read(_ path: TilePath) throws(Missing) -> [UInt8] {
    counter.reads += 1
    guard let bytes = files[path.description] else { throw Missing(path: path.description) }
    return bytes
  }

  mutating func write(hashes: [UInt8], of tile: Tile) {
    files[TilePath.hashes(tile).description] = hashes
  }

  mutating func write(entries: [UInt8], of tile: Tile) {
    files[TilePath.entries(tile).description] = entries
  }

  /// A store with the tiles of every size up to the number of leaves.
  static func ofEverySize(_ leaves: [Hash]) -> MemoryTileStore {
    var store = MemoryTileStore()
    var tree = GrowingTree()
    for leaf in leaves {
      tree.append(leaf: leaf)
      for tile in tree.takeChangedTiles() { store.write(hashes: tile.bytes, of: tile.tile) }
    }
    return store
  }

  /// A store with the tiles of one size.
  static func ofSize(_ leaves: [Hash]) -> MemoryTileStore {
    var store = MemoryTileStore()
    var tree = GrowingTree()
    for leaf in leaves { tree.append(leaf: leaf) }
    for tile in tree.takeChangedTiles() { store.write(hashes: tile.bytes, of: tile.tile) }
    return store
  }
}
