public import Evidence
import Glibc
public import MerkleLog

/// The served files of a log: `checkpoint` and `tile/...`, plain files under one directory.
///
/// Source: c2sp.org/tlog-tiles. A file is written under a temporary name, synchronised and renamed;
/// `synchronizeNames` makes the names durable.
public struct TileDirectory: TileStore {
  /// The directory.
  public let path: String
  private var touched: Set<String> = []

  /// The files under a directory.
  public init(path: String) {
    self.path = path
  }

  /// Where the signed head lies.
  public var checkpointPath: String { path + "/checkpoint" }

  func path(of tile: TilePath) -> String { "\(path)/\(tile)" }

  /// The bytes of a hash tile; of a wider version where a partial one is gone.
  public func hashes(of tile: Tile) throws(LogFailure) -> [UInt8] {
    try read(tile, TilePath.hashes)
  }

  /// The bytes of an entry bundle; of a wider version where a partial one is gone.
  public func entries(of tile: Tile) throws(LogFailure) -> [UInt8] {
    try read(tile, TilePath.entries)
  }

  private func read(
    _ tile: Tile, _ kind: (Tile) -> TilePath
  ) throws(LogFailure) -> [UInt8] {
    let exact = path(of: kind(tile))
    if let bytes = try DurableFiles.read(exact) { return bytes }
    if tile.isPartial, let full = Tile(level: tile.level, index: tile.index),
      let bytes = try DurableFiles.read(path(of: kind(full)))
    {
      return bytes
    }
    throw .notFound("\(exact) is missing")
  }

  /// Writes a hash tile.
  public mutating func write(hashes: [UInt8], of tile: Tile) throws(LogFailure) {
    try write(hashes, to: .hashes(tile))
  }

  /// Writes an entry bundle.
  public mutating func write(entries: [UInt8], of tile: Tile) throws(LogFailure) {
    try write(entries, to: .entries(tile))
  }

  private mutating func write(_ bytes: [UInt8], to tile: TilePath) throws(LogFailure) {
    let target = path(of: tile)
    let directory = DurableFiles.parent(of: target)
    if !touched.contains(directory) { try DurableFiles.makeDirectory(directory) }
    try DurableFiles.replace(target, with: bytes)
    touched.insert(directory)
  }

  /// Makes the names of all files written since the last call durable.
  mutating func synchronizeNames() throws(LogFailure) {
    for directory in touched.sorted() { try DurableFiles.synchronizeDirectory(directory) }
    touched = []
  }

  /// Removes partial versions of the tiles at the right edge that are narrower than the two heads
  /// that a reader may still hold, and all of those whose full tile is there.
  mutating func removePartials(before kept: [UInt64]) throws(LogFailure) {
    guard let newest = kept.max(), let oldest = kept.min() else { return }
    for level in 0..<8 {
      let shift = UInt64(Tile.height * level)
      let last = newest >> shift / 256
      if level > 0, newest >> shift == 0 { break }
      for index in oldest >> shift / 256...last {
        guard let full = Tile(level: level, index: index) else { continue }
        let widths = Set(
          kept.compactMap { size -> Int? in
            guard let tile = Tile.at(level: level, index: index, size: size), tile.isPartial
            else { return nil }
            return tile.width
          })
        try removePartials(of: .hashes(full), keeping: widths)
        if level == 0 { try removePartials(of: .entries(full), keeping: widths) }
      }
    }
  }

  private func removePartials(of full: TilePath, keeping widths: Set<Int>) throws(LogFailure) {
    let directory = path(of: full) + ".p"
    let names = DurableFiles.names(in: directory)
    guard !names.isEmpty else { return }
    var left = names.count
    for name in names where Int(name).map({ !widths.contains($0) }) ?? true {
      try DurableFiles.remove(directory + "/" + name)
      left -= 1
    }
    if left == 0 { _ = rmdir(directory) }
  }
}
