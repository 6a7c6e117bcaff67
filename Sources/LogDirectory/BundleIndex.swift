import Evidence
import Glibc
import MerkleLog

/// Where the entries of a full bundle lie in its file, and what they must hash to.
///
/// An entry that is read goes out as evidence, so it is compared with its hash in the tile: damage of
/// one of the two files is noticed before anybody is shown the entry.
struct BundleIndex {
  let index: UInt64
  private let path: String
  private let ranges: [Range<Int>]
  private let hashes: [Hash]

  init(_ index: UInt64, in tiles: TileDirectory) throws(LogFailure) {
    guard let tile = Tile(level: 0, index: index) else {
      throw .notFound("there is no bundle \(index)")
    }
    path = tiles.path(of: .entries(tile))
    do {
      ranges = try EntryBundle.ranges(in: try tiles.entries(of: tile))
    } catch let error as LogFailure {
      throw error
    } catch {
      throw .contradiction("\(path): \(error)")
    }
    hashes = Hash.array(tileBytes: try tiles.hashes(of: tile)) ?? []
    guard ranges.count == Tile.fullWidth else {
      throw .contradiction("\(path) holds \(ranges.count) entries, not \(Tile.fullWidth)")
    }
    guard hashes.count == Tile.fullWidth else {
      throw .contradiction(
        "\(tiles.path(of: .hashes(tile))) does not hold \(Tile.fullWidth) hashes")
    }
    self.index = index
  }

  /// The entry at a place of the bundle, 0 to 255.
  func entry(at offset: Int) throws(LogFailure) -> [UInt8] {
    let range = ranges[offset]
    let bytes = try OpenFile(path, O_RDONLY).read(range.count, at: range.lowerBound)
    guard bytes.count == range.count, Hash.leaf(bytes) == hashes[offset] else {
      throw .contradiction(
        "\(path) is damaged: entry \(index * 256 + UInt64(offset)) is not the one in the tree")
    }
    return bytes
  }
}
