import Evidence
import MerkleLog
import Runtime

/// What a watcher of one or more boards has seen and checked.
///
/// Every entry's signature is checked, and from the second entry on its place and link: a watcher
/// that never stopped has seen a log that nobody changed behind it. An entry that comes again must be
/// the one that came before; entries may be lacking only where the connection was.
struct WatchState {
  /// The last value under one name.
  struct Row {
    let board: String
    let name: String
    let value: String
    let unit: String
    /// When it was measured, by the board's claim; when it arrived, where the board claims nothing.
    let seconds: Double
    /// What the entry says of its quality; nil where it says nothing.
    let quality: String?
    let sequence: UInt64
    /// Whether a kernel made it, as the board's configuration entry says.
    let isDerived: Bool
  }

  /// What is known of one board's log.
  struct Log {
    var did: DIDKey
    var next: UInt64
    var previous: Hash
    var verified: UInt64 = 0
    var isSimulated = false
    var checkpoint: (size: UInt64, seconds: Double)?
    /// The kernels in the last configuration entry.
    var kernels: Set<String> = []
    /// The leaf hashes of the last entries, by their place, for those that come again.
    var recent: [UInt64: Hash] = [:]
    /// Whether entries may have gone by unseen since the last one.
    var mayLackEntries = false
  }

  private(set) var rows: [String: Row] = [:]
  private(set) var logs: [String: Log] = [:]
  private(set) var faults: [String] = []
  private(set) var events: [String] = []
  var connection = "connecting"

  /// What a message was, for those who read along without a screen.
  enum News {
    /// One line says it all.
    case line(String)
    /// An entry with readings; only the last one under each name counts.
    case readings(head: String, rows: [Row])
  }

  /// The entries that are kept in mind; a board sends far fewer again.
  private static let recentCount: UInt64 = 4096

  /// Notes that the connection is lost: what is published meanwhile is not seen.
  mutating func lostConnection() {
    for board in logs.keys { logs[board]?.mayLackEntries = true }
  }

  /// Takes a message; gives what is new in it.
  mutating func accept(topic: String, payload: [UInt8], now: Double) -> News? {
    let parts = topic.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0] == "cairn", parts[1] == "1" else { return nil }
    let board = String(parts[2])
    switch parts[3] {
    case "entry": return accept(entry: payload, of: board, now: now)
    case "checkpoint": return .line(accept(checkpoint: payload, of: board, now: now))
    case "status": return .line("\(board)  status  \(String(decoding: payload, as: UTF8.self))")
    default: return nil
    }
  }

  private mutating func accept(entry bytes: [UInt8], of board: String, now: Double) -> News {
    let signed: SignedEntry
    do {
      signed = try SignedEntry(parsing: bytes)
    } catch {
      return .line(fault("\(board): an entry is malformed: \(error)"))
    }
    let sequence = signed.entry.sequence
    var log =
      logs[board]
      ?? Log(did: signed.issuer, next: sequence, previous: signed.entry.previous)
    if sequence < log.next { return .line(accept(repeated: signed, log, of: board)) }
    let lacking = log.next..<sequence
    if !lacking.isEmpty { (log.next, log.previous) = (sequence, signed.entry.previous) }
    var verifier = LogVerifier(did: log.did, nextSequence: log.next, previous: log.previous)
    let verdict = verifier.check(signed, hasValidSignature: signed.hasValidSignature)
    if let first = verdict.faults.first { return .line(fault("\(board): \(first)")) }
    var remark = ""
    if !lacking.isEmpty {
      let text = "entries \(lacking.lowerBound) to \(sequence - 1) were not seen"
      remark = log.mayLackEntries ? "  (\(text))" : "  " + fault("\(board): \(text)")
    }
    log.next = sequence + 1
    log.previous = verdict.leafHash
    log.verified += 1
    log.isSimulated = signed.isDeclaredSimulation
    log.mayLackEntries = false
    log.recent[sequence] = verdict.leafHash
    if sequence >= Self.recentCount { log.recent[sequence - Self.recentCount] = nil }
    logs[board] = log
    return note(signed, of: board, now: now, remark: remark)
  }

  /// An entry that was sent again, or something else in its place.
  private mutating func accept(
    repeated signed: SignedEntry, _ log: Log, of board: String
  ) -> String {
    let sequence = signed.entry.sequence
    guard signed.issuer == log.did, signed.hasValidSignature else {
      return fault("\(board): entry \(sequence), sent again: the signature does not verify")
    }
    if let known = log.recent[sequence], known != signed.leafHash {
      return fault("\(board): entry \(sequence) was signed twice, with two contents")
    }
    return "\(board)  entry \(sequence)  again"
  }

  private mutating func note(
    _ signed: SignedEntry, of board: String, now: Double, remark: String
  ) -> News {
    let entry = signed.entry
    let head = "\(board)  entry \(entry.sequence)  \(entry.type)\(remark)"
    if entry.type == .data, let body = try? entry.dataBody() {
      let new = body.records.map { row($0, signed, board, now) }
      for row in new { rows["\(board) \(row.name)"] = row }
      let names = Set(new.map(\.name)).sorted()
      let size = "  log \(entry.sequence + 1)"
      let covered = logs[board]?.checkpoint.map { ", head \($0.size)" } ?? ""
      return .readings(
        head: head + size + covered, rows: names.compactMap { rows["\(board) \($0)"] })
    }
    if entry.type == .configuration, let body = try? entry.configurationBody() {
      logs[board]?.kernels = Set(body.kernels.map(\.name))
    }
    if entry.type == .event, let body = try? entry.eventBody() {
      let texts = body.events.map { EventWords(event: $0).line }
      events += texts.map { "\(board)  entry \(entry.sequence)  \($0)" }
      events.removeFirst(max(0, events.count - 5))
      return .line("\(head)  \(texts.joined(separator: "; "))")
    }
    return .line(head)
  }

  private func row(
    _ record: SenMLRecord, _ signed: SignedEntry, _ board: String, _ now: Double
  ) -> Row {
    let prefix = signed.subject + ":"
    let name =
      record.name.hasPrefix(prefix) ? String(record.name.dropFirst(prefix.count)) : record.name
    let flag = signed.entry.quality?.first { $0.record == record.name }?.flag
    return Row(
      board: board, name: name, value: Self.text(record.value), unit: record.unit ?? "",
      seconds: record.timeSeconds ?? now, quality: flag.map { "\($0)" },
      sequence: signed.entry.sequence,
      isDerived: logs[board]?.kernels.contains(String(name.prefix { $0 != "/" })) ?? false)
  }

  private mutating func accept(
    checkpoint bytes: [UInt8], of board: String, now: Double
  ) -> String {
    guard let log = logs[board] else {
      return "\(board)  head, to be checked after the first entry"
    }
    do {
      let note = try SignedNote(parsing: bytes)
      let opened = try Checkpoint.opening(note, log: log.did.noteVerifier)
      let size = opened.checkpoint.head.size
      if let before = logs[board]?.checkpoint, before.size > size {
        return fault("\(board): the head went back from \(before.size) to \(size) entries")
      }
      logs[board]?.checkpoint = (size, now)
      return "\(board)  head of \(size) entries, signature verified"
    } catch {
      return fault("\(board): head: \(error)")
    }
  }

  private mutating func fault(_ text: String) -> String {
    faults.append(text)
    return "FAULT  \(text)"
  }

  private static func text(_ value: SenMLRecord.Value) -> String {
    switch value {
    case .number(let number): NumberText.short(number)
    case .text(let text): text
    case .flag(let flag): flag ? "yes" : "no"
    case .data(let bytes): Hexadecimal.encode(bytes)
    }
  }
}

/// Numbers for a table.
enum NumberText {
  /// A number with seven significant digits at the most.
  static func short(_ number: Double) -> String {
    guard number.isFinite, number.magnitude < 1e15 else { return "\(number)" }
    var scale = 1.0
    while number != 0, number.magnitude * scale < 1e6, scale < 1e9 { scale *= 10 }
    let rounded = (number * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
  }
}
