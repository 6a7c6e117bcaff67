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
    abstract: "Write readings as CSV or SenML JSON, each with the number of its entry.",
    discussion: "Signatures are not checked here; 'cairn verify' does that for the whole log.")

  @Argument(help: "The directory of a log.")
  var path: String

  @Option(
    help:
      "csv: time, name, value, unit, quality, seq, clock (claimed, derived from a later time-sync entry, or none); or senml: a pack, seq beside each record."
  )
  var format: Format = .csv

  @Option(help: "Only names that begin so, for example air/ or air/temperature.")
  var name: String = ""

  @Option(help: "Only readings at or after this time in UTC (2026-01-31T12:00:00Z).")
  var from: String?

  @Option(help: "Only readings before this time in UTC.")
  var to: String?

  func run() throws {
    let log = try LogCommand.open(path)
    let range = (try from.map(time) ?? 0)..<(try to.map(time) ?? UInt64.max)
    var writer = RecordWriter(format: format)
    let store = DisclosureStore(stateDirectory: path)
    var hidden = 0
    do {
      let clock = try bootClock(of: log)
      for index in try log.keptBundles {
        for (seq, bytes) in try log.bundle(index) {
          let signed = try SignedEntry(parsing: bytes)
          guard signed.entry.type == .data else { continue }
          let disclosed = Dictionary(
            try store.disclosures(of: signed).map { ($0.digest, $0.record) },
            uniquingKeysWith: { first, _ in first })
          for (position, element) in try signed.entry.dataBody().elements.enumerated() {
            let record: SenMLRecord
            switch element {
            case .record(let open): record = open
            case .redacted(let digest):
              guard let opened = disclosed[digest] else {
                hidden += 1
                continue
              }
              record = opened
            }
            let time = ReadingTime(of: record, at: position, in: signed.entry, clock)
            let short = Self.short(record.name, signed.subject)
            guard short.hasPrefix(name), time.isWithin(range) else { continue }
            let flag = signed.entry.quality?.first { $0.record == record.name }?.flag
            writer.write(record, short: short, quality: flag, seq: seq, time: time)
          }
        }
      }
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
    writer.finish()
    if hidden > 0 {
      StandardStream.error.line("cairn: \(hidden) records are hidden and nothing here opens them")
    }
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

  /// What later entries say of the clocks of starts that had none at first.
  private func bootClock(of log: PublishedLog) throws -> BootClock {
    var clock = BootClock()
    for index in try log.keptBundles {
      for (_, bytes) in try log.bundle(index) { clock.note(try SignedEntry(parsing: bytes).entry) }
    }
    return clock
  }
}

/// When a reading was taken: by its own claim, or counted from a time-sync entry of the same start.
private struct ReadingTime {
  let unixSeconds: Double?
  let isDerived: Bool

  init(of record: SenMLRecord, at position: Int, in entry: Entry, _ clock: BootClock) {
    if let claimed = record.timeSeconds {
      unixSeconds = claimed
      isDerived = false
      return
    }
    // A reading that was taken without a clock has its monotonic time beside the body.
    let own = entry.extra?.arrayValue?.dropFirst(position).first?.unsignedValue
    let derived = clock.derived(
      boot: entry.boot, monotonicMilliseconds: own ?? entry.monotonicMilliseconds)
    unixSeconds = derived.map { Double($0.unixMilliseconds) / 1000 }
    isDerived = true
  }

  /// Where the time comes from, in a word.
  var origin: String { unixSeconds == nil ? "none" : isDerived ? "derived" : "claimed" }

  /// A reading without a time is left out as soon as somebody asks for a time.
  func isWithin(_ range: Range<UInt64>) -> Bool {
    guard let unixSeconds else { return range == 0..<UInt64.max }
    return range.contains(UInt64(max(0, unixSeconds * 1000)))
  }
}

/// Writes records one after the other, so that a long log needs little memory.
private struct RecordWriter {
  private let format: ExportCommand.Format
  private var buffer = ""
  private var isFirst = true

  init(format: ExportCommand.Format) {
    self.format = format
    if format == .csv { buffer = "time,name,value,unit,quality,seq,clock\n" }
  }

  mutating func write(
    _ record: SenMLRecord, short: String, quality: QualityFlag?, seq: UInt64, time: ReadingTime
  ) {
    switch format {
    case .csv:
      let text = time.unixSeconds.map(CalendarTime.text(unixSeconds:)) ?? ""
      let flag = quality.map { String($0.rawValue) } ?? ""
      buffer +=
        "\(text),\(short),\(value(record.value)),\(record.unit ?? ""),\(flag),\(seq),\(time.origin)\n"
    case .senml:
      buffer += isFirst ? "[" : ",\n"
      guard case .array(let items) = SenMLJSON.pack([record]),
        case .object(let members)? = items.first
      else { return }
      var more: [(name: String, value: JSON)] = [("seq", .integer(Int128(seq)))]
      if time.isDerived, let seconds = time.unixSeconds {
        more.append(("derived-t", .number(seconds)))
      }
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
    case .text(let text):
      "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
    case .flag(let flag): flag ? "true" : "false"
    case .data(let bytes): Hexadecimal.encode(bytes)
    }
  }
}
