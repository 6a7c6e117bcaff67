/// A tree's size and root: what a checkpoint commits to.
public struct TreeHead: Hashable, Sendable {
  /// The number of leaves.
  public let size: UInt64
  /// The root over that many leaves.
  public let root: Hash

  /// The head of a tree of a size with a root.
  public init(size: UInt64, root: Hash) {
    self.size = size
    self.root = root
  }

  /// The head of the tree without leaves.
  public static let empty = TreeHead(size: 0, root: .empty)
}
