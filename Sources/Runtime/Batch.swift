import Evidence

/// What waits to be signed: records with their raw bytes, and events.
struct Batch {
  /// What one data entry will hold.
  private struct Chunk {
    var elements: [BodyElement] = []
    var monotonicMilliseconds: [UInt64] = []
    var raw: [String: [[UInt8]]] = [:]
    var disclosures: [Disclosure] = []
    var estimatedByteCount = 0
    var isTimed = true
  }

  private struct GapKey: Hashable {
    let subject: String
    let cause: String
  }

  private struct Gap {
    var from: UInt64
    var to: UInt64
    var missed: UInt64
  }

  /// An entry has 65,535 bytes at the most; the rest is for its head.
  private static let chunkByteCount = 48_000
  /// More than so many entries' worth is signed before its time, so that memory is bounded.
  private static let chunkLimit = 4

  private var chunks: [Chunk] = []
  private var events: [Event] = []
  private var gaps: [GapKey: Gap] = [:]
  private var gapOrder: [GapKey] = []

  var isEmpty: Bool { chunks.isEmpty && events.isEmpty && gaps.isEmpty }

  /// Whether so much waits that it should be signed at once.
  var isLarge: Bool { chunks.count > Self.chunkLimit }

  /// Adds the records of one measurement, which stay together, and the bytes they were decoded from.
  ///
  /// Records for which `isHidden` says so stand in the entry as digests.
  mutating func append(
    _ records: [SenMLRecord], at moment: Moment, raw: (sensor: String, bytes: [[UInt8]])?,
    isHidden: (SenMLRecord) -> Bool = { _ in false }
  ) {
    guard !records.isEmpty || raw != nil else { return }
    var byteCount = 0
    for record in records { byteCount += record.name.utf8.count + 40 }
    for bytes in raw?.bytes ?? [] { byteCount += bytes.count + 3 }
    if let raw { byteCount += raw.sensor.utf8.count + 8 }
    if let last = chunks.last, last.estimatedByteCount + byteCount <= Self.chunkByteCount {
    } else {
      chunks.append(Chunk())
    }
    let index = chunks.count - 1
    for record in records {
      if isHidden(record), let disclosure = Self.disclosure(of: record) {
        chunks[index].elements.append(.redacted(disclosure.digest))
        chunks[index].disclosures.append(disclosure)
      } else if isHidden(record) {
        // What cannot be hidden is not shown either.
        continue
      } else {
        chunks[index].elements.append(.record(record))
      }
      chunks[index].monotonicMilliseconds.append(moment.bootMilliseconds)
      if record.timeSeconds == nil { chunks[index].isTimed = false }
    }
    if let raw { chunks[index].raw[raw.sensor, default: []] += raw.bytes }
    chunks[index].estimatedByteCount += byteCount
  }

  /// What opens a record, under a fresh salt.
  private static func disclosure(of record: SenMLRecord) -> Disclosure? {
    var generator = SystemRandomNumberGenerator()
    return try? Disclosure(record: record, using: &generator)
  }

  /// Adds an event.
  mutating func append(_ event: Event) {
    events.append(event)
  }

  /// Notes that something was not measured; gaps with one cause become one event.
  mutating func appendGap(of subject: String, cause: String, at moment: Moment) {
    let now = moment.bootMilliseconds
    appendGap(of: subject, cause: cause, from: now, to: now, missed: 1)
  }

  /// Notes that something was not measured so many times between two times in milliseconds.
  mutating func appendGap(
    of subject: String, cause: String, from: UInt64, to: UInt64, missed: UInt64
  ) {
    let key = GapKey(subject: subject, cause: cause)
    if gaps[key] == nil { gapOrder.append(key) }
    var gap = gaps[key] ?? Gap(from: from, to: to, missed: 0)
    gap.from = min(gap.from, from)
    gap.to = max(gap.to, to)
    gap.missed += missed
    gaps[key] = gap
  }

  /// What is to be signed, in order; empties the batch.
  mutating func takeStatements(at moment: Moment) -> [Statement] {
    var statements: [Statement] = []
    for chunk in chunks {
      let evidence = chunk.raw.map { SensorEvidence(sensor: $0.key, readings: $0.value) }
      // A record that was taken without a trusted clock carries no time, so the entry tells it.
      let times = chunk.monotonicMilliseconds.map { CBOR.unsigned($0) }
      var statement = Statement(
        type: .data, moment: moment, body: DataBody(chunk.elements).cbor,
        extra: chunk.isTimed ? nil : .array(times), evidence: evidence.isEmpty ? nil : evidence)
      statement.disclosures = chunk.disclosures
      statements.append(statement)
    }
    var all = events
    for key in gapOrder {
      guard let gap = gaps[key] else { continue }
      all.append(
        Event(
          kind: .gap, subject: key.subject,
          details: [
            CBOR.Pair(.text("from"), .unsigned(gap.from)),
            CBOR.Pair(.text("to"), .unsigned(gap.to)),
            CBOR.Pair(.text("missed"), .unsigned(gap.missed)),
            CBOR.Pair(.text("cause"), .text(key.cause)),
          ], severity: .warning))
    }
    for part in Self.parts(of: all) {
      statements.append(Statement(type: .event, moment: moment, body: EventBody(part).cbor))
    }
    self = Batch()
    return statements
  }

  /// Events in their order, as many together as one entry holds.
  private static func parts(of events: [Event]) -> [[Event]] {
    var parts: [[Event]] = []
    var byteCount = chunkByteCount
    for event in events {
      var own = event.kind.rawValue.utf8.count + event.subject.utf8.count + 12
      for pair in event.details ?? [] { own += estimate(pair.key) + estimate(pair.value) }
      if byteCount + own > chunkByteCount {
        parts.append([])
        byteCount = 0
      }
      parts[parts.count - 1].append(event)
      byteCount += own
    }
    return parts
  }

  private static func estimate(_ value: CBOR) -> Int {
    switch value {
    case .text(let text): text.utf8.count + 3
    case .bytes(let bytes): bytes.count + 3
    default: 9
    }
  }
}
