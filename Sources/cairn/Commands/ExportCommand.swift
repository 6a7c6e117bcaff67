import ArgumentParser
import Evidence
import JSONText
import LogDirectory
import MerkleLog

/// `cairn log export`: the readings of a log as a table or as SenML, each with the entry that proves it.
struct ExportCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, senml
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write readings as CSV or SenML JSON, or events, each with the number of its entry.",
    discussion: """
      Signatures are not checked here; 'cairn verify' does that for the whole log. Flags of quality \
      are readings of their kernel, as checks/flag, with the time of what they flag. An event's \
      details stand in one column as key=value with blanks between; a value that is more than one \
      word is between quotes as in JSON.
      """)

  @Argument(help: "The directory of a log.")
  var path: String

  @Option(
    help:
      "csv: time, name, value, unit, seq, clock (claimed, derived from a later time-sync entry, or none); or senml: a pack, seq beside each record."
  )
  var format: Format = .csv

  @Flag(
    help:
      "Write the events in place of the readings, as CSV: time, seq, kind, subject, severity, details, clock."
  )
  var events = false

  @Option(help: "Only names, or subjects of events, that begin so: air/ or air/temperature.")
  var name: String = ""

  @Option(help: "Only readings at or after this time in UTC (2026-01-31T12:00:00Z).")
  var from: String?

  @Option(help: "Only readings before this time in UTC.")
  var to: String?

  func run() throws {
    guard !events || format == .csv else {
      StandardStream.error.line("cairn: events are no SenML records; write --format csv")
      throw ExitCode(2)
    }
    let log = try LogCommand.open(path)
    let range = (try from.map(time) ?? 0)..<(try to.map(time) ?? UInt64.max)
    do {
      let clock = try log.bootClock
      if events {
        try writeEvents(of: log, range, clock)
      } else {
        try writeReadings(of: log, range, clock)
      }
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }

  private func writeReadings(
    of log: PublishedLog, _ range: Range<UInt64>, _ clock: BootClock
  ) throws {
    var writer = RecordWriter(format: format)
    let store = DisclosureStore(stateDirectory: path)
    var hidden = 0
    let prefix = RecordName(name).slashed
    for index in try log.keptBundles {
      for (seq, bytes) in try log.bundle(index) {
        let signed = try SignedEntry(parsing: bytes)
        guard signed.entry.type == .data else { continue }
        let body = try OpenedBody(of: signed, store)
        hidden += body.hiddenCount
        for (position, record) in body.records {
          let time = ReadingTime(of: record, at: position, in: signed.entry, clock)
          let short = Self.short(record.name, signed.subject)
          guard short.hasPrefix(name) || short.hasPrefix(prefix), time.isWithin(range) else {
            continue
          }
          writer.write(record, short: short, seq: seq, time: time)
        }
      }
    }
    writer.finish()
    if hidden > 0 {
      StandardStream.error.line("cairn: \(hidden) records are hidden and nothing here opens them")
    }
  }

  private func writeEvents(
    of log: PublishedLog, _ range: Range<UInt64>, _ clock: BootClock
  ) throws {
    let prefix = RecordName(name).slashed
    var table = "time,seq,kind,subject,severity,details,clock\n"
    for index in try log.keptBundles {
      for (seq, bytes) in try log.bundle(index) {
        let entry = try SignedEntry(parsing: bytes).entry
        guard entry.type == .event else { continue }
        let time = ReadingTime(signing: entry, clock)
        guard time.isWithin(range) else { continue }
        for event in try entry.eventBody().events
        where RecordName(event.subject).slashed.hasPrefix(prefix) {
          let words = EventWords(event: event)
          let fields = [
            time.text, "\(seq)", event.kind.rawValue, event.subject, words.severity, words.details,
            time.origin,
          ]
          table += fields.map(CSVField.text).joined(separator: ",") + "\n"
        }
      }
      StandardStream.output.write(table)
      table = ""
    }
    StandardStream.output.write(table)
  }

  private func time(_ text: String) throws -> UInt64 {
    guard let time = CalendarTime(parsing: text) else {
      StandardStream.error.line(
        "cairn: '\(text)' is no time; write for example 2026-01-31T12:00:00Z")
      throw ExitCode(2)
    }
    return time.unixMilliseconds
  }

  private static func short(_ name: String, _ subject: String) -> String {
    name.hasPrefix(subject + ":") ? String(name.dropFirst(subject.count + 1)) : name
  }
}

/// A field of a table, between quotes where it must be (RFC 4180).
private enum CSVField {
  static func text(_ text: String) -> String {
    guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
    return quoted(text)
  }

  static func quoted(_ text: String) -> String {
    "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

/// Writes records one after the other, so that a long log needs little memory.
private struct RecordWriter {
  private let format: ExportCommand.Format
  private var buffer = ""
  private var isFirst = true

  init(format: ExportCommand.Format) {
    self.format = format
    if format == .csv { buffer = "time,name,value,unit,seq,clock\n" }
  }

  mutating func write(_ record: SenMLRecord, short: String, seq: UInt64, time: ReadingTime) {
    switch format {
    case .csv:
      buffer +=
        "\(time.text),\(short),\(value(record.value)),\(record.unit ?? ""),\(seq),\(time.origin)\n"
    case .senml:
      buffer += isFirst ? "[" : ",\n"
      guard case .array(let items) = SenMLJSON.pack([record]),
        case .object(let members)? = items.first
      else { return }
      var more: [(name: String, value: JSON)] = [("seq", .integer(Int128(seq)))]
      if let seconds = time.derivedSeconds { more.append(("derived-t", .number(seconds))) }
      buffer += JSON.object(members + more).text
    }
    isFirst = false
    if buffer.utf8.count > 65_536 { flush() }
  }

  mutating func finish() {
    if format == .senml { buffer += isFirst ? "[]\n" : "]\n" }
    flush()
  }

  private mutating func flush() {
    StandardStream.output.write(buffer)
    buffer = ""
  }

  private func value(_ value: SenMLRecord.Value) -> String {
    switch value {
    case .number(let number): JSON.numberText(number)
    case .text(let text): CSVField.quoted(text)
    case .flag(let flag): flag ? "true" : "false"
    case .data(let bytes): Hexadecimal.encode(bytes)
    }
  }
}
