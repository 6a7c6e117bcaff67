import Evidence
import LogDirectory
import MerkleLog

/// What a verified log proves, in words.
struct VerificationText {
  let report: LogAudit.Report
  /// What is to be said of the head's witnesses.
  let witnessed: [String]
  let isPinned: Bool

  var text: String {
    var lines: [String] = []
    if report.isSimulated {
      lines.append(
        "SIMULATED: virtual hardware and a throw-away identity made this log; it is no evidence")
    }
    let total = report.head.size + report.entriesBeyondHead - report.firstKept
    lines.append("verified  \(total) entries, every signature, place and link")
    lines.append(
      "signer    \(report.did)\(isPinned ? "" : "  (compare it with the DID you were given)")")
    lines.append("board     \(report.subjects.joined(separator: ", "))")
    lines.append("head      \(report.head.size) entries, root \(report.head.root)")
    if report.firstKept > 0 {
      lines.append(
        "kept      from entry \(report.firstKept) on; of those before there are the hashes only, and "
          + "the board signed that they went")
    }
    if report.entriesBeyondHead > 0 {
      lines.append("          \(report.entriesBeyondHead) more, signed but not yet under a head")
    }
    if let before = report.predecessor {
      lines.append(
        "continues \(before.did), which ended with \(before.head.size) entries, root "
          + "\(before.head.root)")
    }
    if let next = report.successor { lines.append("closed    in favour of \(next)") }
    lines.append("kinds     \(kinds)")
    lines.append("starts    \(starts)")
    lines.append("claimed   \(times)")
    lines += witnessed
    lines += report.notes.map { "note      \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var kinds: String {
    report.entriesByType.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  private var starts: String {
    guard let boots = report.boots else { return "none" }
    return boots.count == 1 ? "\(boots.lowerBound)" : "\(boots.lowerBound) to \(boots.upperBound)"
  }

  private var times: String {
    guard let range = report.claimedMilliseconds else { return "no time: the board had no clock" }
    let from = CalendarTime(unixMilliseconds: range.lowerBound)
    let to = CalendarTime(unixMilliseconds: range.upperBound)
    var text = "\(from) to \(to), error at most \(report.claimedErrorMilliseconds) ms"
    text += report.isSimulated ? " (simulated clock)" : " (the board's own claim)"
    if report.entriesWithoutTime > 0 { text += "; \(report.entriesWithoutTime) without a time" }
    return text
  }
}
