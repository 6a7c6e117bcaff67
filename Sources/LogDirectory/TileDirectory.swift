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
  /// Directories of which names were made since the last synchronisation.
  private var touched: Set<String> = []
  /// Directories that this run made or found; the names of all of them are synchronised.
  private var prepared: Set<String> = []

  /// The files under a directory.
  public init(path: String) {
    self.path = path
  }

  /// Where the signed head lies.
  public var checkpointPath: String { path + "/checkpoint" }
  /// Where the newest head lies that has cosignatures.
  var cosignedPath: String { path + "/cosigned" }

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
    guard tile.isPartial else { throw .notFound("\(exact) is missing") }
    // A log that is written meanwhile replaces partial versions by wider ones.
    let versions = try DurableFiles.names(in: DurableFiles.parent(of: exact))
    let widths = versions.compactMap { Int($0) }.filter { $0 > tile.width }.sorted()
    for width in widths + [Tile.fullWidth] {
      guard let wider = Tile(level: tile.level, index: tile.index, width: width),
        let bytes = try DurableFiles.read(path(of: kind(wider)))
      else { continue }
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
    try prepare(directory)
    try DurableFiles.replace(target, with: bytes)
    touched.insert(directory)
  }

  /// Makes a directory under the served one.
  ///
  /// One that is there already may be of a run that ended before its name was durable, so the names
  /// above it are synchronised once per run whoever made it.
  private mutating func prepare(_ directory: String) throws(LogFailure) {
    guard directory != path, !prepared.contains(directory) else { return }
    let above = DurableFiles.parent(of: directory)
    try prepare(above)
    guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
      throw OpenFile.failure(directory, "mkdir")
    }
    prepared.insert(directory)
    touched.insert(above)
  }

  /// Makes the names of all files and directories written since the last call durable.
  mutating func synchronizeNames() throws(LogFailure) {
    for directory in touched.sorted() { try DurableFiles.synchronizeDirectory(directory) }
    touched = []
  }

  /// The number of entries of the log that the bundles at an index hold, whatever a head says.
  func entryCount(inBundle index: UInt64) throws(LogFailure) -> Int {
    guard let full = Tile(level: 0, index: index) else { return 0 }
    let file = path(of: .entries(full))
    if try DurableFiles.exists(file) { return Tile.fullWidth }
    return try DurableFiles.names(in: file + ".p").compactMap { Int($0) }.max() ?? 0
  }

  /// Removes partial versions of tiles that are full in a tree of a size.
  ///
  /// The full version has their hashes, and readers turn to it. All tiles are looked at that the tree
  /// has filled since it had an old size.
  mutating func removeFilledPartials(from oldSize: UInt64, to size: UInt64) throws(LogFailure) {
    for level in 0..<8 {
      let shift = UInt64(Tile.height * level)
      let edge = (size >> shift) / 256
      for index in min(edge, (oldSize >> shift) / 256)..<edge {
        try removePartials(level: level, index: index, keeping: [])
      }
    }
  }

  /// Removes partial versions of the tiles at the right edge which none of some sizes ends in.
  mutating func removeEdgePartials(keeping sizes: [UInt64]) throws(LogFailure) {
    let size = sizes.max() ?? 0
    for level in 0..<8 {
      let index = (size >> UInt64(Tile.height * level)) / 256
      let widths = sizes.compactMap { Tile.at(level: level, index: index, size: $0)?.width }
      try removePartials(level: level, index: index, keeping: Set(widths))
    }
  }

  private mutating func removePartials(
    level: Int, index: UInt64, keeping widths: Set<Int>
  ) throws(LogFailure) {
    guard let full = Tile(level: level, index: index) else { return }
    try removePartials(of: .hashes(full), keeping: widths)
    if level == 0 { try removePartials(of: .entries(full), keeping: widths) }
  }

  private mutating func removePartials(
    of full: TilePath, keeping widths: Set<Int>
  ) throws(LogFailure) {
    let directory = path(of: full) + ".p"
    let names = try DurableFiles.names(in: directory)
    guard !names.isEmpty else { return }
    var left = names.count
    for name in names where Int(name).map({ !widths.contains($0) }) ?? true {
      try DurableFiles.remove(directory + "/" + name)
      left -= 1
    }
    if left == 0, rmdir(directory) == 0 { prepared.remove(directory) }
  }
}
