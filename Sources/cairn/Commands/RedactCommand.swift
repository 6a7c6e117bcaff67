import ArgumentParser
import Evidence
import LogDirectory

/// `cairn log redact`: deletes for good what opens hidden records.
struct RedactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redact",
    abstract: "Delete for good what opens hidden records; the log stays whole.",
    discussion: """
      The log holds salted digests of hidden records. Without the salt nobody can tell what was hidden, \
      nor prove it. The conditions hold together; at least one must be written. The board must not run \
      meanwhile. What was disclosed to others before stays with them; flash memory and some file \
      systems keep old blocks for a while.
      """)

  @Argument(help: "The board's state directory.")
  var path: String

  @Option(help: "Only records of this entry.")
  var entry: UInt64?

  @Option(
    help: "Only records with this name, as in the log, behind the URN, or as the board file has it."
  )
  var name: String?

  @Option(
    help:
      "Only records before this time in UTC (2026-01-31T12:00:00Z); those that state no time stay.")
  var before: String?

  func run() throws {
    guard entry != nil || name != nil || before != nil else {
      StandardStream.error.line("cairn: say what to redact, with --entry, --name or --before")
      throw ExitCode(2)
    }
    let limit = try before.map { text in
      guard let time = CalendarTime(parsing: text) else {
        StandardStream.error.line(
          "cairn: '\(text)' is no time; write for example 2026-01-31T12:00:00Z")
        throw ExitCode(2)
      }
      return Double(time.unixMilliseconds) / 1000
    }
    let wanted = name.map { RecordName($0) }
    var names: Set<String> = []
    let count: Int
    do {
      count = try DisclosureStore.redact(stateDirectory: path) { seq, disclosure in
        let record = disclosure.record
        names.insert(record.name)
        // Without a time nobody knows that it was before.
        let isBefore = limit.map { limit in (record.timeSeconds ?? .infinity) < limit } ?? true
        return (entry.map { $0 == seq } ?? true) && (wanted?.matches(record.name) ?? true)
          && isBefore
      }
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
    guard count > 0 else {
      StandardStream.error.line("cairn: nothing was redacted: \(absence(of: wanted, names))")
      throw ExitCode.failure
    }
    StandardStream.output.line(
      "redacted  \(count) records; nobody who does not have them already can open them")
  }

  private func absence(of wanted: RecordName?, _ names: Set<String>) -> String {
    guard !names.isEmpty else { return "nothing in \(path) opens hidden records" }
    if let wanted, !names.contains(where: wanted.matches) {
      return "no hidden record is called '\(wanted.text)'; \(wanted.suggestion(among: names))"
    }
    return "hidden records that can be opened are there, but none for which all conditions hold"
  }
}
