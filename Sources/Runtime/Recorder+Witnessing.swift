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

  /// Adds cosignatures to the head where it is still the last one; gives the head with them.
  func attach(_ cosignatures: [NoteSignature], to note: SignedNote) -> SignedNote? {
    guard let log, current.failure == nil else { return nil }
    do {
      return try log.attach(cosignatures, to: note)
    } catch {
      fail(with: error)
      return nil
    }
  }
}
