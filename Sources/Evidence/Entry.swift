public import MerkleLog

/// What kind of statement an entry is.
///
/// A reader that meets an unknown type still checks signature, sequence, previous hash and inclusion.
public struct EntryType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number in the payload.
  public let rawValue: UInt64

  /// The type with a number, known or not.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The log's first entry.
  public static let genesis = EntryType(rawValue: 0)
  /// Readings and derived values.
  public static let data = EntryType(rawValue: 1)
  /// The board has started.
  public static let boot = EntryType(rawValue: 2)
  /// The boot's monotonic clock is mapped to wall-clock time.
  public static let timeSync = EntryType(rawValue: 3)
  /// The log's last entry, naming its successor.
  public static let close = EntryType(rawValue: 4)
  /// The configuration that data depends on.
  public static let configuration = EntryType(rawValue: 5)
  /// Gaps, faults, commands and the like.
  public static let event = EntryType(rawValue: 6)

  private static let names = [
    "genesis", "data", "boot", "time-sync", "close", "configuration", "event",
  ]

  /// Whether this version of the format names the type.
  public var isKnown: Bool { rawValue < UInt64(EntryType.names.count) }

  /// The type's name, or its number when it has none.
  public var description: String {
    isKnown ? EntryType.names[Int(rawValue)] : "type \(rawValue)"
  }
}

/// The exact bytes that a sensor's driver decoded, for recomputing its readings.
public struct SensorEvidence: Hashable, Sendable {
  /// The sensor's name.
  public let sensor: String
  /// The raw bytes of each reading, in the order of the readings in the body.
  public let readings: [[UInt8]]

  /// The raw bytes behind a sensor's readings.
  public init(sensor: String, readings: [[UInt8]]) {
    self.sensor = sensor
    self.readings = readings
  }
}

/// A quality flag in the codes of QARTOD (IOOS).
public enum QualityFlag: UInt64, Hashable, Sendable, CaseIterable {
  /// The value passed the tests.
  case good = 1
  /// No test has run.
  case notEvaluated = 2
  /// The value is suspect or of high interest.
  case suspect = 3
  /// The value failed a test.
  case fail = 4
  /// There is no value.
  case missing = 9
}

/// A record's name with its quality flag.
public struct RecordQuality: Hashable, Sendable {
  /// The record's SenML name.
  public let record: String
  /// The flag.
  public let flag: QualityFlag

  /// A flag for the record with a name.
  public init(record: String, flag: QualityFlag) {
    self.record = record
    self.flag = flag
  }
}

/// What one log entry states: the payload that is signed.
///
/// Payload map of format version 1: 1 version, 2 type, 3 sequence, 4 previous leaf hash, 5 boot
/// counter, 6 monotonic milliseconds, 7 clock or null, 8 body, and optionally 9 extra, 10 raw
/// evidence, 11 quality flags.
public struct Entry: Hashable, Sendable {
  /// The format version that is written and read.
  public static let version: UInt64 = 1

  /// What kind of statement this is.
  public let type: EntryType
  /// The entry's place in the log, from 0.
  public let sequence: UInt64
  /// The leaf hash of the entry before, ``Hash/zero`` for the first.
  public let previous: Hash
  /// The number of the board's start, kept over power loss.
  public let boot: UInt64
  /// Milliseconds on the clock that counts since that start.
  public let monotonicMilliseconds: UInt64
  /// The board's claim of the time, nil while it has no synchronised clock.
  public let clock: ClockReading?
  /// The body, whose shape follows from the type; see the typed bodies.
  public let body: CBOR
  /// What a type adds beside the body.
  public let extra: CBOR?
  /// The raw bytes behind a data entry's readings, sorted by sensor; nil when there are none.
  public let evidence: [SensorEvidence]?
  /// Quality flags of a data entry's records, sorted by record; nil when there are none.
  public let quality: [RecordQuality]?

  /// A statement of its parts.
  public init(
    type: EntryType, sequence: UInt64, previous: Hash, boot: UInt64,
    monotonicMilliseconds: UInt64, clock: ClockReading? = nil, body: CBOR,
    extra: CBOR? = nil, evidence: [SensorEvidence]? = nil, quality: [RecordQuality]? = nil
  ) {
    self.type = type
    self.sequence = sequence
    self.previous = previous
    self.boot = boot
    self.monotonicMilliseconds = monotonicMilliseconds
    self.clock = clock
    self.body = body
    self.extra = extra
    self.evidence = evidence?.sorted { CBOR.precedes($0.sensor, $1.sensor) }
    self.quality = quality?.sorted { CBOR.precedes($0.record, $1.record) }
  }

  /// The body as SenML records and digests of hidden ones (types 0 to 4).
  ///
  /// - Throws: ``EntryError/field(_:_:)``.
  public func dataBody() throws(EntryError) -> DataBody { try DataBody(cbor: body) }

  /// The body as a configuration (type 5).
  ///
  /// - Throws: ``EntryError/field(_:_:)``.
  public func configurationBody() throws(EntryError) -> ConfigurationBody {
    try ConfigurationBody(cbor: body)
  }

  /// The body as events (type 6).
  ///
  /// - Throws: ``EntryError/field(_:_:)``.
  public func eventBody() throws(EntryError) -> EventBody { try EventBody(cbor: body) }

  /// Checks that the body has the shape its type asks for; an unknown type may have any.
  ///
  /// - Throws: ``EntryError/field(_:_:)``.
  public func checkBody() throws(EntryError) {
    switch type {
    case .configuration: _ = try configurationBody()
    case .event: _ = try eventBody()
    case _ where type.isKnown: _ = try dataBody()
    default: break
    }
  }
}

extension CBOR {
  /// The order of two texts as map keys: the shorter encoding first, then bytewise.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let left = left.utf8
    let right = right.utf8
    return left.count == right.count
      ? left.lexicographicallyPrecedes(right) : left.count < right.count
  }
}
