import MerkleLog

extension Entry {
  private enum Key {
    static let version: UInt64 = 1
    static let type: UInt64 = 2
    static let sequence: UInt64 = 3
    static let previous: UInt64 = 4
    static let boot: UInt64 = 5
    static let monotonic: UInt64 = 6
    static let clock: UInt64 = 7
    static let body: UInt64 = 8
    static let extra: UInt64 = 9
    static let evidence: UInt64 = 10
    static let quality: UInt64 = 11
  }

  /// The payload's bytes.
  ///
  /// - Throws: ``EntryError/encoding(_:)`` for what CBOR of the log cannot hold, and
  ///   ``EntryError/field(_:_:)`` for evidence or quality flags outside a data entry.
  public func encoded() throws(EntryError) -> [UInt8] {
    try checkAttachments()
    do {
      return try encodedPayload()
    } catch {
      throw .encoding(error)
    }
  }

  private func encodedPayload() throws(CBOREncodingError) -> [UInt8] {
    let optionalCount = [extra != nil, evidence != nil, quality != nil].count { $0 }
    var encoder = CBOREncoder(reservingByteCount: 512)
    encoder.appendMapHead(pairCount: 8 + optionalCount)
    encoder.appendUnsigned(Key.version)
    encoder.appendUnsigned(Entry.version)
    encoder.appendUnsigned(Key.type)
    encoder.appendUnsigned(type.rawValue)
    encoder.appendUnsigned(Key.sequence)
    encoder.appendUnsigned(sequence)
    encoder.appendUnsigned(Key.previous)
    encoder.appendBytes(previous.bytes)
    encoder.appendUnsigned(Key.boot)
    encoder.appendUnsigned(boot)
    encoder.appendUnsigned(Key.monotonic)
    encoder.appendUnsigned(monotonicMilliseconds)
    encoder.appendUnsigned(Key.clock)
    try encoder.append(clock?.cbor ?? .null)
    encoder.appendUnsigned(Key.body)
    // The payload is a map already, so what is in it stands one level deep.
    try encoder.append(body, depth: 1)
    if let extra {
      encoder.appendUnsigned(Key.extra)
      try encoder.append(extra, depth: 1)
    }
    if let evidence {
      encoder.appendUnsigned(Key.evidence)
      try encoder.append(.map(evidence.map { $0.pair }), depth: 1)
    }
    if let quality {
      encoder.appendUnsigned(Key.quality)
      try encoder.append(.map(quality.map { $0.pair }), depth: 1)
    }
    return encoder.bytes
  }

  private func checkAttachments() throws(EntryError) {
    guard type.isKnown, type != .data else { return }
    if evidence != nil { throw .field("10 (raw evidence)", "only data entries have it") }
    if quality != nil { throw .field("11 (quality)", "only data entries have it") }
  }

  /// The statement in a payload's CBOR value.
  ///
  /// - Throws: ``EntryError/field(_:_:)`` naming the key that is missing, unknown or of another shape.
  init(cbor: CBOR) throws(EntryError) {
    guard let pairs = cbor.mapValue else { throw .field("payload", "is not a map") }
    guard cbor[Key.version] == .unsigned(Entry.version) else {
      throw .field("1 (version)", "is not \(Entry.version)")
    }
    for pair in pairs {
      guard case .unsigned(Key.version...Key.quality) = pair.key else {
        throw .field("\(pair.key)", "is unknown in version \(Entry.version)")
      }
    }
    let previous = cbor[Key.previous]?.hash32
    guard let previous else { throw .field("4 (prev)", "is not 32 bytes") }
    guard let body = cbor[Key.body] else { throw .field("8 (body)", "is missing") }
    self.init(
      type: EntryType(rawValue: try cbor.unsigned(Key.type, "2 (type)")),
      sequence: try cbor.unsigned(Key.sequence, "3 (seq)"),
      previous: previous,
      boot: try cbor.unsigned(Key.boot, "5 (boot)"),
      monotonicMilliseconds: try cbor.unsigned(Key.monotonic, "6 (mono)"),
      clock: try Entry.clock(in: cbor[Key.clock]),
      body: body, extra: cbor[Key.extra],
      evidence: try cbor[Key.evidence].map(Entry.evidence),
      quality: try cbor[Key.quality].map(Entry.quality))
    try checkAttachments()
  }

  private static func clock(in value: CBOR?) throws(EntryError) -> ClockReading? {
    if value == .null { return nil }
    guard let clock = value.flatMap({ ClockReading(cbor: $0) }) else {
      throw .field("7 (clk)", "is neither null nor [milliseconds, milliseconds, source]")
    }
    return clock
  }

  private static func evidence(in value: CBOR) throws(EntryError) -> [SensorEvidence] {
    let sensors = value.mapValue?.compactMap { SensorEvidence(pair: $0) }
    guard let sensors, sensors.count == value.mapValue?.count else {
      throw .field("10 (raw evidence)", "is not a map from sensor names to arrays of bytes")
    }
    return sensors
  }

  private static func quality(in value: CBOR) throws(EntryError) -> [RecordQuality] {
    let records = value.mapValue?.compactMap { RecordQuality(pair: $0) }
    guard let records, records.count == value.mapValue?.count else {
      throw .field("11 (quality)", "is not a map from record names to 1, 2, 3, 4 or 9")
    }
    return records
  }
}

extension CBOR {
  fileprivate func unsigned(_ key: UInt64, _ name: String) throws(EntryError) -> UInt64 {
    guard let value = self[key]?.unsignedValue else {
      throw .field(name, "is not an unsigned integer")
    }
    return value
  }
}

extension SensorEvidence {
  fileprivate var pair: CBOR.Pair {
    CBOR.Pair(.text(sensor), .array(readings.map { .bytes($0) }))
  }

  fileprivate init?(pair: CBOR.Pair) {
    guard let sensor = pair.key.textValue, let values = pair.value.arrayValue else { return nil }
    let readings = values.compactMap(\.bytesValue)
    guard readings.count == values.count else { return nil }
    self.init(sensor: sensor, readings: readings)
  }
}

extension RecordQuality {
  fileprivate var pair: CBOR.Pair { CBOR.Pair(.text(record), .unsigned(flag.rawValue)) }

  fileprivate init?(pair: CBOR.Pair) {
    guard let record = pair.key.textValue,
      let flag = pair.value.unsignedValue.flatMap(QualityFlag.init(rawValue:))
    else { return nil }
    self.init(record: record, flag: flag)
  }
}
