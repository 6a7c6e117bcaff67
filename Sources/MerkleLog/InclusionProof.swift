/// A proof that a tree holds a leaf at an index (RFC 9162 section 2.1.3).
public struct InclusionProof: Hashable, Sendable {
  /// The leaf's index.
  public let index: UInt64
  /// The size of the tree.
  public let size: UInt64
  /// The sibling hashes, the leaf's sibling first.
  public let path: [Hash]

  /// A proof as received; nothing is checked yet.
  public init(index: UInt64, size: UInt64, path: [Hash]) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// The proof out of all the leaf hashes of a tree, for tests and small logs: O(n) hashing.
  ///
  /// - Throws: ``ProofError/indexOutsideTree(index:size:)``.
  public init(index: UInt64, leafHashes: [Hash]) throws(ProofError) {
    let size = UInt64(leafHashes.count)
    guard index < size else { throw .indexOutsideTree(index: index, size: size) }
    self.init(
      index: index, size: size,
      path: InclusionProof.ranges(index: index, size: size).map { range in
        Hash.root(leafHashes: leafHashes[Int(range.lowerBound)..<Int(range.upperBound)])
      })
  }

  /// The leaf ranges whose roots make up the path, leaf side first (RFC 9162 section 2.1.3.1).
  static func ranges(index: UInt64, size: UInt64) -> [Range<UInt64>] {
    precondition(index < size, "bad math in InclusionProof.ranges: \(index) of \(size)")
    var ranges: [Range<UInt64>] = []
    var start: UInt64 = 0
    var end = size
    while end - start > 1 {
      let middle = start + (end - start).largestSmallerPowerOfTwo
      if index < middle {
        ranges.append(middle..<end)
        end = middle
      } else {
        ranges.append(start..<middle)
        start = middle
      }
    }
    return ranges.reversed()
  }

  /// The root that the proof leads to from a leaf hash (RFC 9162 section 2.1.3.2).
  ///
  /// - Throws: ``ProofError`` when the index is outside the tree or the path has the wrong length.
  public func root(leafHash: Hash) throws(ProofError) -> Hash {
    guard index < size else { throw .indexOutsideTree(index: index, size: size) }
    var first = index
    var second = size - 1
    var hash = leafHash
    for sibling in path {
      guard second > 0 else { throw .pathTooLong(hashCount: path.count) }
      if first & 1 == 1 || first == second {
        hash = .node(sibling, hash)
        // A node without a right sibling rises to where it has one on its left.
        while first & 1 == 0, first != 0 {
          first >>= 1
          second >>= 1
        }
      } else {
        hash = .node(hash, sibling)
      }
      first >>= 1
      second >>= 1
    }
    guard second == 0 else { throw .pathTooShort(hashCount: path.count) }
    return hash
  }

  /// Checks that the tree with a root holds a leaf hash at the proof's index.
  ///
  /// - Throws: ``ProofError`` saying what does not fit.
  public func verify(leafHash: Hash, root expected: Hash) throws(ProofError) {
    let computed = try root(leafHash: leafHash)
    guard computed == expected else {
      throw .rootMismatch(size: size, expected: expected, computed: computed)
    }
  }
}

extension UInt64 {
  /// The largest power of two smaller than this number, which must be above 1.
  var largestSmallerPowerOfTwo: UInt64 {
    precondition(self > 1, "bad math in largestSmallerPowerOfTwo: \(self)")
    return 1 << UInt64(63 - (self - 1).leadingZeroBitCount)
  }
}

extension Hash {
  /// The root over leaf hashes, straight from the definition (RFC 9162 section 2.1.1).
  public static func root(leafHashes: ArraySlice<Hash>) -> Hash {
    guard let first = leafHashes.first else { return .empty }
    guard leafHashes.count > 1 else { return first }
    let middle =
      leafHashes.startIndex + Int(UInt64(leafHashes.count).largestSmallerPowerOfTwo)
    return .node(
      root(leafHashes: leafHashes[..<middle]), root(leafHashes: leafHashes[middle...]))
  }

  /// The root over leaf hashes, straight from the definition (RFC 9162 section 2.1.1).
  public static func root(leafHashes: [Hash]) -> Hash { root(leafHashes: leafHashes[...]) }
}
