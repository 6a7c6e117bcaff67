import Evidence
import MerkleLog

extension Recorder {
  /// Compares what somebody kept of this log with it: the last head, the last entry, or both.
  ///
  /// What another identity signed, and what nobody signed, says nothing. Gives why nothing may be
  /// signed any more, or nil where it all fits.
  func compare(head: [UInt8]?, entry: [UInt8]?, keptBy keeper: String) -> LogFailure? {
    guard let log, let did = signer?.did else { return nil }
    do throws(LogFailure) {
      if let head, let note = try? SignedNote(parsing: head),
        let kept = try? Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head
      {
        guard kept.size <= log.size else {
          return Self.isBehind("a head over \(kept.size) entries", log.size, keeper)
        }
        guard try log.root(ofFirst: kept.size) == kept.root else {
          return Self.isForked("head over \(kept.size) entries", keeper)
        }
      }
      if let entry, let signed = try? SignedEntry(parsing: entry), signed.issuer == did,
        signed.hasValidSignature
      {
        let seq = signed.entry.sequence
        guard seq < log.size else { return Self.isBehind("entry \(seq)", log.size, keeper) }
        guard try log.entry(at: seq) == entry else { return Self.isForked("entry \(seq)", keeper) }
      }
      return nil
    } catch {
      // An entry that is no longer kept here cannot be compared; that is no second history.
      if case .notFound = error { return nil }
      return error
    }
  }

  private static func isBehind(_ what: String, _ size: UInt64, _ keeper: String) -> LogFailure {
    .rolledBack(
      "\(keeper) has \(what) of this identity, but the log here has \(size) entries: "
        + "this directory is an older copy")
  }

  private static func isForked(_ what: String, _ keeper: String) -> LogFailure {
    .rolledBack(
      "\(keeper) has another \(what) of this identity than the log here: "
        + "two copies of this directory have signed")
  }
}
