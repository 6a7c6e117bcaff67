/// The right edge of a Merkle tree: the roots of the complete subtrees that make it up.
///
/// A tree of n leaves needs popcount(n) hashes, largest subtree first. Appending hashes each inner
/// node of the tree exactly once over the tree's life: O(1) on average, at most log2(n) at a time.
public struct Frontier: Hashable, Sendable {
  /// The number of leaves.
  public private(set) var size: UInt64
  /// The roots of the complete subtrees from left to right, one for each set bit of the size.
  public private(set) var hashes: [Hash]

  /// The frontier of the tree without leaves.
  public init() {
    size = 0
    hashes = []
  }

  /// The frontier of a tree of a size, from the roots of its complete subtrees, largest first.
  ///
  /// Nil when the number of hashes is not the number of set bits in the size. Compare ``root`` with
  /// a signed head before trusting it.
  public init?(size: UInt64, hashes: [Hash]) {
    guard hashes.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.hashes = hashes
  }

  /// Appends a leaf hash.
  public mutating func append(leaf: Hash) {
    append(leaf: leaf) { _, _ in }
  }

  /// Appends a leaf hash and tells of every subtree which it completes, the leaf itself first.
  mutating func append(leaf: Hash, completed: (_ level: Int, _ hash: Hash) -> Void) {
    precondition(size < UInt64.max, "bad math in Frontier.append: the tree is full")
    var hash = leaf
    completed(0, hash)
    for level in 0..<size.trailingOneBitCount {
      hash = .node(hashes.removeLast(), hash)
      completed(level + 1, hash)
    }
    hashes.append(hash)
    size += 1
  }

  /// The root over all leaves (RFC 9162 section 2.1.1).
  public var root: Hash {
    guard var hash = hashes.last else { return .empty }
    for left in hashes.dropLast().reversed() {
      hash = .node(left, hash)
    }
    return hash
  }

  /// The size and the root.
  public var head: TreeHead { TreeHead(size: size, root: root) }
}

extension UInt64 {
  fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
