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

  /// Adds cosignatures to a head that the log signed over so many entries, durably.
  ///
  /// A witness may be slower than heads come, so the newest head with cosignatures is kept beside
  /// the newest head.
  public func attach(
    _ cosignatures: [NoteSignature], to note: SignedNote, over size: UInt64
  ) throws(LogFailure) -> CosignedHead? {
    try ensureOpen()
    let head = checkpoint.flatMap { $0.unverifiedText == note.unverifiedText ? $0 : nil }
    let kept = cosigned.flatMap { $0.note.unverifiedText == note.unverifiedText ? $0.note : nil }
    guard size >= cosigned?.size ?? 0, size <= checkpointSize else { return nil }
    // A head with too many lines stays as it is; that is no reason to stop the log.
    guard let more = try? (head ?? kept ?? note).adding(cosignatures) else { return nil }
    if head != nil { try replaceHead(with: more) }
    let result = CosignedHead(note: more, size: size, isNewest: head != nil)
    try keep(result)
    return result
  }
}
