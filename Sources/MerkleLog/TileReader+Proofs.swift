extension TileReader where Self: ~Copyable {
  /// The frontier of the tree at a size, from at most one tile per level.
  ///
  /// Compare its root with a signed head before trusting it.
  public borrowing func frontier(size: UInt64) throws(TileError<Failure>) -> Frontier {
    var nodes = TileNodes(size: size)
    var hashes: [Hash] = []
    for level in (0..<64).reversed() where size >> UInt64(level) & 1 == 1 {
      let index = (size >> UInt64(level)) - 1
      hashes.append(try nodes.node(level: level, index: index, from: self))
    }
    guard let frontier = Frontier(size: size, hashes: hashes) else {
      preconditionFailure("bad math in TileReader.frontier: \(hashes.count) hashes for \(size)")
    }
    return frontier
  }

  /// The proof that the tree of a size holds a leaf at an index, from O(log n) tiles.
  ///
  /// - Throws: ``TileError/request(_:)`` when the tree has no leaf there.
  public borrowing func inclusionProof(
    index: UInt64, size: UInt64
  ) throws(TileError<Failure>) -> InclusionProof {
    guard index < size else { throw .request(.indexOutsideTree(index: index, size: size)) }
    var nodes = TileNodes(size: size)
    var path: [Hash] = []
    for range in InclusionProof.ranges(index: index, size: size) {
      path.append(try nodes.root(over: range, from: self))
    }
    return InclusionProof(index: index, size: size, path: path)
  }

  /// The proof that the tree of an old size is a prefix of the tree of a new one, from O(log n) tiles.
  ///
  /// - Throws: ``TileError/request(_:)`` when the old size is the larger one.
  public borrowing func consistencyProof(
    from oldSize: UInt64, to newSize: UInt64
  ) throws(TileError<Failure>) -> ConsistencyProof {
    guard oldSize <= newSize else {
      throw .request(.sizesOutOfOrder(oldSize: oldSize, newSize: newSize))
    }
    var nodes = TileNodes(size: newSize)
    var path: [Hash] = []
    for range in ConsistencyProof.ranges(from: oldSize, to: newSize) {
      path.append(try nodes.root(over: range, from: self))
    }
    return ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
  }

  /// The leaf hash at an index in the tree of a size.
  ///
  /// - Throws: ``TileError/request(_:)`` when the tree has no leaf there.
  public borrowing func leafHash(
    index: UInt64, size: UInt64
  ) throws(TileError<Failure>) -> Hash {
    guard index < size else { throw .request(.indexOutsideTree(index: index, size: size)) }
    var nodes = TileNodes(size: size)
    return try nodes.node(level: 0, index: index, from: self)
  }
}
