/// Why a proof does not prove anything, or cannot be made.
public enum ProofError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The tree has no leaf at the index.
  case indexOutsideTree(index: UInt64, size: UInt64)
  /// The older tree is said to be larger than the newer one.
  case sizesOutOfOrder(oldSize: UInt64, newSize: UInt64)
  /// The path ends before the root.
  case pathTooShort(hashCount: Int)
  /// The path goes on beyond the root.
  case pathTooLong(hashCount: Int)
  /// The path leads to another root.
  case rootMismatch(size: UInt64, expected: Hash, computed: Hash)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .indexOutsideTree(let index, let size):
      "a tree of size \(size) has no leaf \(index)"
    case .sizesOutOfOrder(let oldSize, let newSize):
      "the older tree (size \(oldSize)) is larger than the newer one (size \(newSize))"
    case .pathTooShort(let hashCount):
      "the proof ends before the root: \(hashCount) hashes are too few"
    case .pathTooLong(let hashCount):
      "the proof goes on beyond the root: \(hashCount) hashes are too many"
    case .rootMismatch(let size, let expected, let computed):
      "the proof leads to root \(computed) at size \(size), not to \(expected)"
    }
  }
}
