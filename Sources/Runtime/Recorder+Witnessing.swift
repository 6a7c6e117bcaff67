import Evidence
import MerkleLog

extension Recorder {
  /// The hashes that prove the tree of an old size to be a prefix of that of a new one; nil where they
  /// cannot be had.
  func consistencyPath(from old: UInt64, to new: UInt64) -> [Hash]? {
    guard let log else { return nil }
    do {
      return try log.consistencyProof(from: old, to: new).path
    } catch {
      noteReadFailure(error)
      return nil
    }
  }

  /// Adds cosignatures to a head that was signed over so many entries; gives the head with them.
  func attach(
    _ cosignatures: [NoteSignature], to note: SignedNote, over size: UInt64
  ) -> CosignedHead? {
    guard let log, current.failure == nil else { return nil }
    do {
      return try log.attach(cosignatures, to: note, over: size)
    } catch {
      // Where the disk is full the next head is cosigned when there is room again.
      if case .full = error { return nil }
      fail(with: error)
      return nil
    }
  }
}
