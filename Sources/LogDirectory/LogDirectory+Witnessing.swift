public import Evidence
public import MerkleLog

extension LogDirectory {
  /// The proof that the tree of an old size is a prefix of the tree of a size up to the head's.
  public func consistencyProof(
    from old: UInt64, to new: UInt64
  ) throws(LogFailure) -> ConsistencyProof {
    guard new <= checkpointSize else {
      throw .notFound("the signed head covers \(checkpointSize) entries, not \(new)")
    }
    do {
      return try tiles.consistencyProof(from: old, to: new)
    } catch {
      throw .contradiction("\(error)")
    }
  }

  /// Adds cosignatures to the head, durably, where a note is still the head without them.
  public func attach(
    _ cosignatures: [NoteSignature], to note: SignedNote
  ) throws(LogFailure) -> SignedNote? {
    guard let head = checkpoint, head.unverifiedText == note.unverifiedText else { return nil }
    // A head with too many lines stays as it is; that is no reason to stop the log.
    guard let cosigned = try? head.adding(cosignatures) else { return nil }
    try replaceHead(with: cosigned)
    return cosigned
  }
}
