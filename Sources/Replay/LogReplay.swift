public import Board
import Drivers
public import Evidence
import Kernels
import Quantities

/// Computes again what a log says: values from the chips' raw bytes, derived values and alarms from
/// values.
///
/// Pure: entries go in, in order, and verdicts come out. Signatures are not looked at; whoever feeds
/// it verifies. A value is recomputed where the very same bits come out.
public struct LogReplay {
  /// Reads a board file's bytes as they stand in a configuration entry; nil where they are no board.
  public typealias BoardParser = ([UInt8]) -> Board?

  private let parse: BoardParser
  private var setup: ReplaySetup?
  private var reason = "no configuration stands before it"
  private var kernels = KernelReplay(declarations: [])
  private var lastClockOffset: Int64?
  private var lastSequence: UInt64 = 0
  /// When the last entry was signed, in nanoseconds since 1970.
  private var lastMoment: Int64?
  /// Where older entries are no longer kept, the kernels began before the first one.
  private var hasSeenStart = false

  /// A replay that has seen no entry yet.
  public init(parsing parse: @escaping BoardParser) {
    self.parse = parse
  }

  /// Takes the next entry; gives what came of computing it again.
  ///
  /// `disclosures` open hidden records of the entry, as far as somebody has them.
  public mutating func accept(
    _ signed: SignedEntry, disclosures: [Disclosure] = []
  ) -> Verdict {
    let entry = signed.entry
    lastSequence = entry.sequence
    noteClock(entry)
    var verdict = Verdict(sequence: entry.sequence, type: entry.type)
    switch entry.type {
    case .genesis: hasSeenStart = true
    case .boot:
      hasSeenStart = true
      kernels.restart(at: lastMoment)
    case .configuration: configure(entry, into: &verdict)
    case .data: compute(signed, disclosures, into: &verdict)
    case .event: compare(eventsOf: entry, into: &verdict)
    default: break
    }
    kernels.collect(into: &verdict)
    lastMoment = entry.clock.map { Int64(clamping: $0.unixMilliseconds) &* 1_000_000 } ?? lastMoment
    return verdict
  }

  /// Ends the log; gives what came of values that still waited for what tells them, as of the last entry.
  public mutating func finish() -> Verdict {
    var verdict = Verdict(sequence: lastSequence, type: .data)
    kernels.giveUp(at: lastMoment)
    kernels.collect(into: &verdict)
    return verdict
  }

  /// A step of the clock restarts the kernels on the board, at a moment that the log does not tell.
  private mutating func noteClock(_ entry: Entry) {
    let offset = entry.clock.map {
      Int64(clamping: $0.unixMilliseconds) - Int64(clamping: entry.monotonicMilliseconds)
    }
    defer { lastClockOffset = offset }
    guard let last = lastClockOffset, entry.type != .boot else { return }
    if offset == nil || (offset.map { abs($0 - last) > 1000 } ?? false) {
      kernels.loseTrack(at: lastMoment)
    }
  }

  private mutating func configure(_ entry: Entry, into verdict: inout Verdict) {
    guard let body = try? entry.configurationBody() else { return }
    guard let file = body.boardFile else {
      setup = nil
      reason = "the log holds only the hash of the board file"
      return
    }
    guard let board = parse(file) else {
      setup = nil
      reason = "the recorded board file is not one that this program reads"
      return
    }
    let isNew = setup.map { $0.boardFile != file } ?? true
    let next = ReplaySetup(board: board, boardFile: file, configuration: body)
    setup = next
    if isNew {
      kernels.giveUp(at: lastMoment)
      kernels.collect(into: &verdict)
      kernels = KernelReplay(declarations: next.kernels)
      kernels.hide(board.record.hidden)
      if !hasSeenStart { kernels.loseTrack() }
    }
  }

  private mutating func compute(
    _ signed: SignedEntry, _ disclosures: [Disclosure], into verdict: inout Verdict
  ) {
    guard let body = try? signed.entry.dataBody() else { return }
    let opened = Dictionary(
      disclosures.map { ($0.digest, $0.record) }, uniquingKeysWith: { first, _ in first })
    let records = body.elements.compactMap { element -> SenMLRecord? in
      switch element {
      case .record(let record): record
      case .redacted(let digest): opened[digest]
      }
    }
    guard let setup else {
      verdict.skip(records.count, reason)
      return
    }
    let hidden = body.elements.count - records.count
    if hidden > 0 {
      verdict.skip(hidden, "the record is hidden")
      kernels.lackHiddenRecords()
    }
    let prefix = signed.subject + ":"
    var bySensor: [String: [SenMLRecord]] = [:]
    for record in records {
      guard record.name.hasPrefix(prefix) else {
        verdict.skip(1, "its name is not of this board")
        continue
      }
      let name = String(record.name.dropFirst(prefix.count))
      let part = String(name.prefix { $0 != "/" })
      if setup.sensors[part] != nil {
        bySensor[part, default: []].append(record)
        kernels.accept(record, named: name, at: record.timeSeconds)
      } else {
        kernels.compare(record, named: name, into: &verdict)
      }
    }
    for (sensor, records) in bySensor.sorted(by: { $0.key < $1.key }) {
      setup.sensors[sensor]?.compare(
        records, raw: signed.entry.evidence?.first { $0.sensor == sensor }?.readings,
        prefix: "\(prefix)\(sensor)/", into: &verdict)
    }
  }

  private mutating func compare(eventsOf entry: Entry, into verdict: inout Verdict) {
    guard setup != nil, let body = try? entry.eventBody() else { return }
    for event in body.events {
      guard let kernel = event.details?.first(where: { $0.key == .text("kernel") })?.value.textValue
      else { continue }
      kernels.compare(event, of: kernel, into: &verdict)
    }
  }
}
