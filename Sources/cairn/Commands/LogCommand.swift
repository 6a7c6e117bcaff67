import ArgumentParser
import Evidence
import LogDirectory

/// `cairn log`: questions to a log.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Begin, prove, export and recompute a log.",
    subcommands: [
      InitCommand.self, ProveCommand.self, ReceiptCommand.self, ConsistencyCommand.self,
      ExportCommand.self, ReplayCommand.self, FsckCommand.self, RedactCommand.self,
    ])

  /// Opens a log for reading, or says why not and ends with exit code 1.
  static func open(_ path: String) throws -> PublishedLog {
    do {
      return try PublishedLog(path: path)
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }
}

/// `cairn log prove`: one file that proves one entry, offline, for ever.
struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Write the proof of one entry, or of the last reading of a channel at a time.",
    discussion: """
      WHAT is an entry's number, or NAME@TIME: a record's name as in the log, or its part behind \
      the board's URN (air/temperature, or air.temperature), and a time in UTC \
      (2026-01-31T12:00:00Z); the last reading at or before it is proven, also one that was taken \
      before the clock was set. The file is a c2sp.org/tlog-proof; 'cairn verify FILE' checks it.
      """)

  @Argument(help: "The directory of a log.")
  var path: String

  @Argument(help: "SEQ, or NAME@TIME.")
  var what: String

  @Option(
    parsing: .upToNextOption,
    help: "Names of hidden records to disclose, as in the log or behind the URN; * for all.")
  var disclose: [String] = []

  @Option(name: .shortAndLong, help: "The file to write; standard output where it is not given.")
  var output: String?

  func run() throws {
    let log = try LogCommand.open(path)
    do {
      let seq = try seq(in: log)
      let proof = try log.proof(of: seq, disclosing: try disclosures(in: log, seq))
      guard let output else {
        StandardStream.output.write(proof.text)
        return
      }
      try FileBytes.write(Array(proof.text.utf8), to: output)
    } catch let exit as ExitCode {
      throw exit
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }

  private func disclosures(in log: PublishedLog, _ seq: UInt64) throws -> [Disclosure] {
    guard !disclose.isEmpty else { return [] }
    let entry = try log.entry(at: seq)
    let all = try DisclosureStore(stateDirectory: path).disclosures(of: entry)
    if disclose == ["*"], !all.isEmpty { return all }
    return try disclose.flatMap { name in
      let found = all.filter { RecordName(name).matches($0.record.name) }
      guard !found.isEmpty else {
        let hidden = try entry.entry.dataBody().digests.count
        StandardStream.error.line(
          "cairn: nothing in \(path) opens '\(name)' of entry \(seq), which hides \(hidden) records: it "
            + "was redacted, it is not hidden, or this is not the board's own directory")
        throw ExitCode.failure
      }
      return found
    }
  }

  private func seq(in log: PublishedLog) throws -> UInt64 {
    if let seq = UInt64(what) { return seq }
    guard let at = what.lastIndex(of: "@"),
      let time = CalendarTime(parsing: String(what[what.index(after: at)...]))
    else {
      StandardStream.error.line(
        "cairn: '\(what)' names no entry; write its number, or NAME@2026-01-31T12:00:00Z")
      throw ExitCode(2)
    }
    let name = RecordName(String(what[..<at]))
    let store = DisclosureStore(stateDirectory: path)
    // Another look at the whole log, for records without a time only.
    var clock: BootClock?
    var names: Set<String> = []
    var hidden = 0
    for index in try log.keptBundles.reversed() {
      for (seq, bytes) in try log.bundle(index).reversed() {
        let signed = try SignedEntry(parsing: bytes)
        guard signed.entry.type == .data else { continue }
        let body = try OpenedBody(of: signed, store)
        hidden += body.hiddenCount
        for (position, record) in body.records {
          names.insert(record.name)
          guard name.matches(record.name) else { continue }
          if record.timeSeconds == nil, clock == nil { clock = try log.bootClock }
          let taken = ReadingTime(of: record, at: position, in: signed.entry, clock ?? BootClock())
          guard let seconds = taken.unixSeconds, seconds <= Double(time.unixMilliseconds) / 1000
          else { continue }
          if body.openedNames.contains(record.name), disclose.isEmpty {
            StandardStream.error.line(
              "cairn: '\(name.text)' is hidden in entry \(seq); without --disclose \(name.slashed) "
                + "the proof does not show it")
          }
          return seq
        }
      }
    }
    var text = "no reading of '\(name.text)' at or before \(time) is in the log"
    if names.contains(where: name.matches) {
      text += "; its readings are later, or have no time"
    } else if !names.isEmpty {
      text += "; \(name.suggestion(among: names))"
    }
    if hidden > 0 { text += " (\(hidden) records are hidden and nothing here opens them)" }
    StandardStream.error.line("cairn: \(text)")
    throw ExitCode.failure
  }
}
