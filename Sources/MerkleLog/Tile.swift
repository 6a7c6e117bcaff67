/// Where a tile lies in a tiled log, and how much of it there is.
///
/// Source: c2sp.org/tlog-tiles. A level-0 tile holds leaf hashes; a tile of a higher level holds the
/// roots of full tiles of the level below. An entry bundle has the place of the level-0 tile over
/// its entries.
public struct Tile: Hashable, Sendable {
  /// The number of tree levels that a tile spans.
  public static let height = 8
  /// The number of hashes in a full tile.
  public static let fullWidth = 256
  /// The levels that the specification lets a path name.
  public static let levels = 0...63

  /// The tile's level, 0 over the leaves.
  public let level: Int
  /// The tile's place within its level.
  public let index: UInt64
  /// The number of hashes, 1...256; below 256 the tile is partial.
  public let width: Int

  /// A tile, or nil when the level is not in 0...63 or the width not in 1...256.
  public init?(level: Int, index: UInt64, width: Int = Tile.fullWidth) {
    guard Tile.levels.contains(level), 1...Tile.fullWidth ~= width else { return nil }
    self.level = level
    self.index = index
    self.width = width
  }

  init(checkedLevel level: Int, index: UInt64, width: Int) {
    precondition(
      Tile.levels.contains(level) && 1...Tile.fullWidth ~= width,
      "bad math in Tile.init: level \(level), width \(width)")
    self.level = level
    self.index = index
    self.width = width
  }

  /// Whether the tile holds fewer than 256 hashes.
  public var isPartial: Bool { width < Tile.fullWidth }

  /// The number of bytes in a hash tile of this width.
  public var byteCount: Int { width * Hash.byteCount }

  /// The number of hashes which a tree of a size has at a tile level.
  static func hashCount(level: Int, size: UInt64) -> UInt64 {
    level < 8 ? size >> UInt64(height * level) : 0
  }

  /// The tile at a level and an index as a tree of a size has it, or nil when it has none there.
  public static func at(level: Int, index: UInt64, size: UInt64) -> Tile? {
    guard levels.contains(level) else { return nil }
    let count = hashCount(level: level, size: size)
    guard index <= count / 256 else { return nil }
    return Tile(level: level, index: index, width: Int(min(256, count - index * 256)))
  }

  /// The tile of the next level that this full tile's root goes into, and its place there.
  public var parent: (level: Int, index: UInt64, offset: Int) {
    (level + 1, index >> 8, Int(index & 255))
  }

  /// The tiles to write when a tree grows from one size to a larger one.
  ///
  /// Lowest level first, each level from left to right; every full tile that the growth completes
  /// and, per level, the partial tile the new size ends in. Unchanged tiles are not listed.
  public static func grown(from oldSize: UInt64, to newSize: UInt64) -> [Tile] {
    precondition(oldSize <= newSize, "bad math in Tile.grown: \(oldSize) > \(newSize)")
    var tiles: [Tile] = []
    for level in 0..<8 {
      let oldCount = hashCount(level: level, size: oldSize)
      let newCount = hashCount(level: level, size: newSize)
      guard newCount > oldCount else { break }
      for index in oldCount / 256..<newCount / 256 {
        tiles.append(Tile(checkedLevel: level, index: index, width: fullWidth))
      }
      let rest = Int(newCount % 256)
      if rest > 0 {
        tiles.append(Tile(checkedLevel: level, index: newCount / 256, width: rest))
      }
    }
    return tiles
  }
}
