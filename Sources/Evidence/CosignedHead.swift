public import MerkleLog

/// A head of a log with cosignatures.
public struct CosignedHead: Hashable, Sendable {
  /// The head, with all cosignatures that it has.
  public let note: SignedNote
  /// The number of entries under it.
  public let size: UInt64
  /// Whether it is the log's newest head.
  public let isNewest: Bool

  /// A head with its cosignatures.
  public init(note: SignedNote, size: UInt64, isNewest: Bool) {
    self.note = note
    self.size = size
    self.isNewest = isNewest
  }
}
