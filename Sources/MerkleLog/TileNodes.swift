/// Finds nodes of a tree in its tiles, reading every tile at most once.
struct TileNodes {
  let size: UInt64
  private var tiles: [Tile: [Hash]] = [:]

  init(size: UInt64) { self.size = size }

  /// The hashes of a tile, from the cache or from the reader.
  mutating func hashes<Reader: TileReader & ~Copyable>(
    of tile: Tile, from reader: borrowing Reader
  ) throws(TileError<Reader.Failure>) -> [Hash] {
    if let known = tiles[tile] { return known }
    let bytes: [UInt8]
    do {
      bytes = try reader.hashes(of: tile)
    } catch {
      throw .store(error)
    }
    guard let hashes = Hash.array(tileBytes: bytes), tile.width...Tile.fullWidth ~= hashes.count
    else { throw .malformed(tile, byteCount: bytes.count) }
    let wanted = hashes.count == tile.width ? hashes : Array(hashes.prefix(tile.width))
    tiles[tile] = wanted
    return wanted
  }

  /// The root of the complete subtree of 2^level leaves that is the index-th of its level.
  mutating func node<Reader: TileReader & ~Copyable>(
    level: Int, index: UInt64, from reader: borrowing Reader
  ) throws(TileError<Reader.Failure>) -> Hash {
    let tileLevel = level / Tile.height
    let depth = level % Tile.height
    let first = index << UInt64(depth)
    guard let tile = Tile.at(level: tileLevel, index: first >> 8, size: size) else {
      preconditionFailure("bad math in TileNodes.node: level \(level), index \(index)")
    }
    let offset = Int(first & 255)
    precondition(
      offset + (1 << depth) <= tile.width,
      "bad math in TileNodes.node: level \(level), index \(index), size \(size)")
    let hashes = try hashes(of: tile, from: reader)
    return Hash.completeRoot(hashes[offset..<offset + (1 << depth)])
  }

  /// The root over a range of leaves that starts where a tree of its size may start.
  mutating func root<Reader: TileReader & ~Copyable>(
    over range: Range<UInt64>, from reader: borrowing Reader
  ) throws(TileError<Reader.Failure>) -> Hash {
    var frontier: [Hash] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let level = 63 - (range.upperBound - start).leadingZeroBitCount
      frontier.append(try node(level: level, index: start >> UInt64(level), from: reader))
      start += 1 << UInt64(level)
    }
    guard var hash = frontier.popLast() else { return .empty }
    while let left = frontier.popLast() {
      hash = .node(left, hash)
    }
    return hash
  }
}

extension Hash {
  /// The root over a power of two of hashes.
  static func completeRoot(_ hashes: ArraySlice<Hash>) -> Hash {
    guard hashes.count > 1 else {
      return hashes[hashes.startIndex]
    }
    var row = Array(hashes)
    while row.count > 1 {
      for pair in 0..<row.count / 2 {
        row[pair] = .node(row[2 * pair], row[2 * pair + 1])
      }
      row.removeLast(row.count / 2)
    }
    return row[0]
  }
}
