/// Reads the files of a tiled log.
///
/// A reader that no longer has a partial tile may answer with a wider version of the same tile: the
/// hashes of a tile never change once written, so its prefix is what was asked for.
public protocol TileReader<Failure>: ~Copyable {
  /// What a failed read throws.
  associatedtype Failure: Error

  /// The bytes of a hash tile, at least `tile.byteCount` of them.
  func hashes(of tile: Tile) throws(Failure) -> [UInt8]

  /// The bytes of the entry bundle under a level-0 tile.
  func entries(of tile: Tile) throws(Failure) -> [UInt8]
}

/// Reads and writes the files of a tiled log.
///
/// A write returns when the file is as durable as the store makes things.
public protocol TileStore<Failure>: TileReader, ~Copyable {
  /// Writes the bytes of a hash tile.
  mutating func write(hashes: [UInt8], of tile: Tile) throws(Failure)

  /// Writes the bytes of the entry bundle under a level-0 tile.
  mutating func write(entries: [UInt8], of tile: Tile) throws(Failure)
}

/// Why something could not be computed from a log's tiles.
public enum TileError<Failure: Error>: Error {
  /// The store could not read a tile.
  case store(Failure)
  /// A hash tile has the wrong number of bytes.
  case malformed(Tile, byteCount: Int)
  /// What was asked for does not exist in a tree of that size.
  case request(ProofError)
}

extension TileError: CustomStringConvertible {
  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .store(let failure):
      "\(failure)"
    case .malformed(let tile, let byteCount):
      "\(TilePath.hashes(tile)) has \(byteCount) bytes, expected \(tile.byteCount)"
    case .request(let error):
      "\(error)"
    }
  }
}
