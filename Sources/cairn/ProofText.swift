import Evidence
import JSONText
import MerkleLog

/// What a proof proves, in words: who, what, when, and what stays hidden.
struct ProofText {
  /// A proof file that is no text.
  struct NotText: Error, CustomStringConvertible {
    let description = "it is no text; name a log's directory or a proof file"
  }

  let proof: EntryProof
  let checkpoint: VerifiedCheckpoint
  /// What is to be said of the head's witnesses.
  let witnessed: [String]
  let isPinned: Bool

  var text: String {
    let entry = proof.entry.entry
    var lines: [String] = []
    if proof.entry.isDeclaredSimulation {
      lines.append(
        "SIMULATED: virtual hardware and a throw-away identity made this entry; it is no evidence")
    }
    lines.append(
      "proven    entry \(entry.sequence) (\(entry.type)) is in the log of \(checkpoint.checkpoint.head.size) entries"
    )
    lines.append(
      "who       \(proof.entry.issuer)\(isPinned ? "" : "  (compare it with the DID you were given)")"
    )
    lines.append("board     \(proof.entry.subject), start \(entry.boot)")
    lines.append("when      \(time(entry))")
    lines += what(entry)
    lines += witnessed
    return lines.joined(separator: "\n") + "\n"
  }

  private func time(_ entry: Entry) -> String {
    guard let clock = entry.clock else {
      return
        "not claimed: the board had no clock, \(entry.monotonicMilliseconds) ms after its start"
    }
    return "\(CalendarTime(unixMilliseconds: clock.unixMilliseconds)), error at most "
      + "\(clock.errorMilliseconds) ms, source \(clock.source): the board's own claim"
  }

  private func what(_ entry: Entry) -> [String] {
    if entry.type == .event, let body = try? entry.eventBody() {
      return body.events.map { "what      \(EventWords(event: $0).line)" }
    }
    guard entry.type == .data, let body = try? entry.dataBody() else { return [] }
    var lines = body.records.map { "what      \(text(of: $0))" }
    lines += proof.disclosures.map { "disclosed \(text(of: $0.record))" }
    let hidden = body.digests.count - proof.disclosures.count
    if hidden > 0 { lines.append("hidden    \(hidden) records that this proof does not open") }
    return lines
  }

  private func text(of record: SenMLRecord) -> String {
    let time = record.timeSeconds.map { "  at \(CalendarTime.text(unixSeconds: $0))" } ?? ""
    return "\(record.name) = \(value(record.value)) \(record.unit ?? "")\(time)"
  }

  private func value(_ value: SenMLRecord.Value) -> String {
    switch value {
    case .number(let number): JSON.numberText(number)
    case .text(let text): text
    case .flag(let flag): flag ? "true" : "false"
    case .data(let bytes): Hexadecimal.encode(bytes)
    }
  }
}
