public import Evidence
import MerkleLog

extension StateDirectory {
  /// Signs the receipt of an entry under the last head, beside a board that may be running.
  ///
  /// The root is one that the same key has signed already, so that nothing new is said.
  public static func receipt(
    of seq: UInt64, in path: String
  ) throws(LogFailure) -> (entry: SignedEntry, receipt: Receipt) {
    let log = try PublishedLog(path: path)
    let proof = try log.proof(of: seq)
    let identity = try IdentityFile.read(path + "/keys/identity")
    guard identity.did == log.did else {
      throw .contradiction("\(path)/keys/identity is not the key of the log")
    }
    do {
      let inclusion = InclusionProof(index: seq, size: log.head.size, path: proof.proof.path)
      try inclusion.verify(leafHash: proof.entry.leafHash, root: log.head.root)
      let receipt = try Receipt(
        proof: inclusion, root: log.head.root, subject: proof.entry.subject, by: identity)
      return (proof.entry, receipt)
    } catch {
      throw .contradiction("\(error)")
    }
  }
}
