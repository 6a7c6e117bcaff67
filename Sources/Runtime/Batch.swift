public import Evidence

/// What waits to be signed: records with their raw bytes, and events.
struct Batch {
  /// What one data entry will hold.
  private struct Chunk {
    var elements: [BodyElement] = []
    var monotonicMilliseconds: [UInt64] = []
    var raw: [String: [[UInt8]]] = [:]
    var estimatedByteCount = 0
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
  private static let eventsPerEntry = 100

  private var chunks: [Chunk] = []
  private var events: [Event] = []
  private var gaps: [GapKey: Gap] = [:]
  private var gapOrder: [GapKey] = []

  var isEmpty: Bool { chunks.isEmpty && events.isEmpty && gaps.isEmpty }

  /// Adds the records of one measurement, which stay together, and the bytes they were decoded from.
  mutating func append(
    _ records: [SenMLRecord], at moment: Moment, raw: (sensor: String, bytes: [[UInt8]])?
  ) {
    guard !records.isEmpty || raw != nil else { return }
    var byteCount = 0
    for record in records { byteCount += record.name.utf8.count + 40 }
    for bytes in raw?.bytes ?? [] { byteCount += bytes.count + 3 }
    if let last = chunks.last, last.estimatedByteCount + byteCount <= Self.chunkByteCount {
    } else {
      chunks.append(Chunk())
    }
    let index = chunks.count - 1
    for record in records {
      chunks[index].elements.append(.record(record))
      chunks[index].monotonicMilliseconds.append(moment.bootMilliseconds)
    }
    if let raw { chunks[index].raw[raw.sensor, default: []] += raw.bytes }
    chunks[index].estimatedByteCount += byteCount
  }

  /// Adds an event.
  mutating func append(_ event: Event) {
    events.append(event)
  }

  /// Notes that something was not measured; gaps with one cause become one event.
  mutating func appendGap(of subject: String, cause: String, at moment: Moment) {
    let key = GapKey(subject: subject, cause: cause)
    if gaps[key] == nil { gapOrder.append(key) }
    let now = moment.bootMilliseconds
    gaps[key, default: Gap(from: now, to: now, missed: 0)].to = now
    gaps[key]?.missed += 1
  }

  /// What is to be signed, in order; empties the batch.
  mutating func takeStatements(at moment: Moment) -> [Statement] {
    var statements: [Statement] = []
    for chunk in chunks {
      let evidence = chunk.raw.map { SensorEvidence(sensor: $0.key, readings: $0.value) }
      // Without a trusted clock the records carry no time, so the entry tells when each was taken.
      let times = chunk.monotonicMilliseconds.map { CBOR.unsigned($0) }
      statements.append(
        Statement(
          type: .data, moment: moment, body: DataBody(chunk.elements).cbor,
          extra: moment.quality == nil ? .array(times) : nil,
          evidence: evidence.isEmpty ? nil : evidence))
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
    for start in stride(from: 0, to: all.count, by: Self.eventsPerEntry) {
      let part = all[start..<min(start + Self.eventsPerEntry, all.count)]
      statements.append(
        Statement(type: .event, moment: moment, body: EventBody(Array(part)).cbor))
    }
    self = Batch()
    return statements
  }
}

/// What an entry is to say, before it has a place in the log.
public struct Statement: Sendable {
  /// What kind of statement it is.
  public let type: EntryType
  /// The clocks when it was made.
  public let moment: Moment
  /// The body.
  public let body: CBOR
  /// What the type adds.
  public var extra: CBOR?
  /// The raw bytes behind the readings.
  public var evidence: [SensorEvidence]?

  /// A statement of a type.
  public init(
    type: EntryType, moment: Moment, body: CBOR, extra: CBOR? = nil,
    evidence: [SensorEvidence]? = nil
  ) {
    self.type = type
    self.moment = moment
    self.body = body
    self.extra = extra
    self.evidence = evidence
  }
}
