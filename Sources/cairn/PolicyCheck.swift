import Evidence
import LogDirectory
import MerkleLog

/// Whether a head satisfies a reader's policy, and what its witnesses say, in words.
struct PolicyCheck {
  /// Why a head does not satisfy a policy.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// The policy; nil where the reader has none.
  let policy: WitnessPolicy?

  /// Reads a policy file; none where there is no path.
  init(path: String?) throws {
    guard let path else {
      policy = nil
      return
    }
    let bytes = try FileBytes.read(path, limit: 1 << 20)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal(description: "\(path) is no text; name a policy file (c2sp.org/tlog-policy)")
    }
    do {
      policy = try WitnessPolicy(parsing: text)
    } catch {
      throw Refusal(description: "\(path): \(error)")
    }
  }

  /// The witnesses' keys that a note's signatures are to be checked with.
  var witnesses: [NoteVerifier] { policy.map { Array($0.witnesses.values) } ?? [] }

  /// Checks the last head of a log that is sound, or where witnesses have not cosigned that yet, the
  /// newest that they have; gives what is to be said of its witnesses.
  func lines(for report: LogAudit.Report) throws -> [String] {
    let last = try Checkpoint.opening(
      report.note, log: report.did.noteVerifier, witnesses: witnesses)
    do throws(Refusal) {
      return try lines(for: last, of: report.did)
    } catch {
      guard let note = report.cosigned else { throw error }
      let cosigned = try Checkpoint.opening(
        note, log: report.did.noteVerifier, witnesses: witnesses)
      let size = cosigned.checkpoint.head.size
      guard size < report.head.size, let lines = try? lines(for: cosigned, of: report.did) else {
        throw error
      }
      let newer = report.head.size - size
      return lines + [
        "          this is of the head over the first \(size) entries; the \(newer) newer ones are not "
          + "cosigned yet"
      ]
    }
  }

  /// Checks a head that the log signed; gives what is to be said of its witnesses.
  func lines(for checkpoint: VerifiedCheckpoint, of did: DIDKey) throws(Refusal) -> [String] {
    guard let policy else {
      return [
        "witness   not asked (--policy FILE): only the board's owner vouches for there being no other log"
      ]
    }
    if !policy.logs.isEmpty, !policy.logs.contains(did.noteVerifier) {
      throw Refusal(description: "the policy trusts other logs, not \(did)")
    }
    let cosigned = Set(checkpoint.cosignatures.map(\.key))
    let names = Dictionary(
      policy.witnesses.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    let missing = policy.missing(in: cosigned)
    guard policy.isSatisfied(by: cosigned) else {
      throw Refusal(
        description:
          "the head over \(checkpoint.checkpoint.head.size) entries does not satisfy the "
          + "policy's quorum '\(policy.quorum ?? "none")': cosigned by "
          + "\(list(cosigned.compactMap { names[$0] })), not by \(list(missing))")
    }
    var lines = checkpoint.cosignatures.map { cosignature in
      let time = cosignature.unixSeconds.flatMap { seconds in
        // Beyond the year 9999 it is no time.
        seconds < 253_402_300_800
          ? CalendarTime(unixMilliseconds: seconds * 1000).description : nil
      }
      return "witness   \(names[cosignature.key] ?? cosignature.key.name): not signed after "
        + "\(time ?? "a time it does not say"), and no other history shown to it"
    }
    if !missing.isEmpty { lines.append("          not cosigned by \(list(missing))") }
    lines.append(
      policy.quorum.map { "policy    satisfied: quorum '\($0)'" }
        ?? "policy    satisfied: it asks for no witness")
    return lines
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "nobody" : names.sorted().joined(separator: ", ")
  }
}
