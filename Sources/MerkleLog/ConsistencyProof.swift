/// A proof that one tree is a prefix of another (RFC 9162 section 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
  /// The size of the older tree.
  public let oldSize: UInt64
  /// The size of the newer tree.
  public let newSize: UInt64
  /// The hashes of the proof.
  public let path: [Hash]

  /// A proof as received; nothing is checked yet.
  public init(oldSize: UInt64, newSize: UInt64, path: [Hash]) {
    self.oldSize = oldSize
    self.newSize = newSize
    self.path = path
  }

  /// The proof out of all the leaf hashes of the newer tree, for tests and small logs: O(n) hashing.
  ///
  /// - Throws: ``ProofError/sizesOutOfOrder(oldSize:newSize:)``.
  public init(oldSize: UInt64, leafHashes: [Hash]) throws(ProofError) {
    let newSize = UInt64(leafHashes.count)
    guard oldSize <= newSize else {
      throw .sizesOutOfOrder(oldSize: oldSize, newSize: newSize)
    }
    self.init(
      oldSize: oldSize, newSize: newSize,
      path: ConsistencyProof.ranges(from: oldSize, to: newSize).map { range in
        Hash.root(leafHashes: leafHashes[Int(range.lowerBound)..<Int(range.upperBound)])
      })
  }

  /// The leaf ranges whose roots make up the proof (RFC 9162 section 2.1.4.1).
  ///
  /// None when the old tree is empty or the sizes are equal: such a proof is empty.
  static func ranges(from oldSize: UInt64, to newSize: UInt64) -> [Range<UInt64>] {
    precondition(oldSize <= newSize, "bad math in ConsistencyProof.ranges: \(oldSize), \(newSize)")
    guard oldSize > 0 else { return [] }
    var ranges: [Range<UInt64>] = []
    var start: UInt64 = 0
    var end = newSize
    while end != oldSize {
      let middle = start + (end - start).largestSmallerPowerOfTwo
      if oldSize <= middle {
        ranges.append(middle..<end)
        end = middle
      } else {
        ranges.append(start..<middle)
        start = middle
      }
    }
    // What is left is a subtree of the old tree; the verifier has its root when it starts at leaf 0.
    if start > 0 { ranges.append(start..<end) }
    return ranges.reversed()
  }

  /// Checks that the tree with the old root is a prefix of the tree with the new one.
  ///
  /// Source: RFC 9162 section 2.1.4.2. From size 0 only the empty tree's root and an empty proof
  /// are taken; between equal sizes only equal roots and an empty proof.
  ///
  /// - Throws: ``ProofError`` saying what does not fit.
  public func verify(oldRoot: Hash, newRoot: Hash) throws(ProofError) {
    guard oldSize <= newSize else {
      throw .sizesOutOfOrder(oldSize: oldSize, newSize: newSize)
    }
    if oldSize == 0 {
      guard oldRoot == .empty else {
        throw .rootMismatch(size: 0, expected: oldRoot, computed: .empty)
      }
    }
    if oldSize == newSize {
      guard oldRoot == newRoot else {
        throw .rootMismatch(size: newSize, expected: newRoot, computed: oldRoot)
      }
    }
    if oldSize == 0 || oldSize == newSize {
      guard path.isEmpty else { throw .pathTooLong(hashCount: path.count) }
      return
    }
    try verifyPath(oldRoot: oldRoot, newRoot: newRoot)
  }

  private func verifyPath(oldRoot: Hash, newRoot: Hash) throws(ProofError) {
    // An old tree that is a complete subtree is a node of the new tree: its root starts the path.
    let isComplete = oldSize.nonzeroBitCount == 1
    var hashes = path[...]
    guard let seed = isComplete ? oldRoot : hashes.popFirst() else {
      throw .pathTooShort(hashCount: path.count)
    }
    var first = oldSize - 1
    var second = newSize - 1
    while first & 1 == 1 {
      first >>= 1
      second >>= 1
    }
    var old = seed
    var new = seed
    for hash in hashes {
      guard second > 0 else { throw .pathTooLong(hashCount: path.count) }
      if first & 1 == 1 || first == second {
        old = .node(hash, old)
        new = .node(hash, new)
        while first & 1 == 0, first != 0 {
          first >>= 1
          second >>= 1
        }
      } else {
        new = .node(new, hash)
      }
      first >>= 1
      second >>= 1
    }
    guard second == 0 else { throw .pathTooShort(hashCount: path.count) }
    guard old == oldRoot else {
      throw .rootMismatch(size: oldSize, expected: oldRoot, computed: old)
    }
    guard new == newRoot else {
      throw .rootMismatch(size: newSize, expected: newRoot, computed: new)
    }
  }
}
