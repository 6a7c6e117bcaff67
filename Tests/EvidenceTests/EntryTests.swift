import Evidence
import MerkleLog
import Testing

/// An entry with everything that the arguments do not change kept valid.
private func entry(
  _ type: EntryType = .data, sequence: UInt64 = 1, previous: Hash = .leaf([1]),
  clock: ClockReading? = nil, body: CBOR = .array([]), extra: CBOR? = nil,
  evidence: [SensorEvidence]? = nil, quality: [RecordQuality]? = nil
) -> Entry {
  Entry(
    type: type, sequence: sequence, previous: previous, boot: 3, monotonicMilliseconds: 12_345,
    clock: clock, body: body, extra: extra, evidence: evidence, quality: quality)
}

private func signed(_ entry: Entry, subject: String = Sample.subject) throws -> SignedEntry {
  try SignedEntry(signing: entry, subject: subject, by: Sample.identity())
}

@Suite struct EntryTests {
  @Test func `evidence and quality flags come back, sorted as map keys are`() throws {
    let original = entry(
      body: DataBody([.record(try Sample.records(1)[0])]).cbor,
      extra: .map([.init(.unsigned(2), .null), .init(.unsigned(1), .text("x"))]),
      evidence: [
        SensorEvidence(sensor: "outside", readings: [[1, 2], []]),
        SensorEvidence(sensor: "in", readings: []),
      ],
      quality: [
        RecordQuality(record: "b", flag: .suspect), RecordQuality(record: "a", flag: .missing),
      ])
    #expect(original.evidence?.map(\.sensor) == ["in", "outside"])
    #expect(original.quality?.map(\.record) == ["a", "b"])
    let parsed = try SignedEntry(parsing: signed(original).bytes)
    #expect(parsed.entry.evidence == original.evidence)
    #expect(parsed.entry.quality == original.quality)
    #expect(parsed.entry.extra?[1] == .text("x"))
    #expect(try parsed.entry.encoded() == parsed.payload)
    #expect(try CBOR.decode(parsed.payload)[11]?[.text("a")] == .unsigned(9))
  }

  @Test func `a null extra is not the same as none`() throws {
    #expect(try signed(entry(extra: .null)).entry.extra == .null)
    #expect(try signed(entry()).entry.extra == nil)
  }

  @Test func `evidence and quality flags belong to data entries only`() throws {
    for type: EntryType in [.genesis, .boot, .timeSync, .close, .event] {
      #expect(throws: EntryError.self) { try signed(entry(type, evidence: [])) }
      #expect(throws: EntryError.self) { try signed(entry(type, quality: [])) }
    }
  }

  @Test func `refuses to sign what CBOR of the log cannot hold`() throws {
    #expect(throws: EntryError.encoding(.notFinite)) { try signed(entry(extra: .float(.nan))) }
    #expect(throws: EntryError.self) {
      try signed(
        entry(quality: [
          RecordQuality(record: "a", flag: .good), RecordQuality(record: "a", flag: .fail),
        ]))
    }
    var deep = CBOR.null
    for _ in 0..<15 { deep = .array([deep]) }
    #expect(throws: Never.self) { try signed(entry(extra: deep)) }
    #expect(throws: EntryError.encoding(.tooDeep)) { try signed(entry(extra: .array([deep]))) }
  }

  @Test func `takes an entry of 65535 bytes and not one more`() throws {
    let empty = try signed(entry(extra: .bytes([UInt8](repeating: 0, count: 60_000))))
    let room = 65_535 - empty.bytes.count
    let longest = try signed(entry(extra: .bytes([UInt8](repeating: 0, count: 60_000 + room))))
    #expect(longest.bytes.count == 65_535)
    #expect(throws: EntryError.tooLong(byteCount: 65_536)) {
      try signed(entry(extra: .bytes([UInt8](repeating: 0, count: 60_001 + room))))
    }
  }

  @Test func `a clock's source is one of six`() throws {
    for source in ClockSource.allCases {
      let clock = ClockReading(
        unixMilliseconds: 1_700_000_000_123, errorMilliseconds: 5, source: source)
      let parsed = try signed(entry(clock: clock), subject: "urn:dev:x:simulated")
      #expect(parsed.entry.clock == clock)
    }
    #expect(ClockSource.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
    #expect(ClockSource.simulated.rawValue == 5)
  }

  @Test func `a simulated clock needs a subject that says so`() throws {
    let clock = ClockReading(unixMilliseconds: 1, errorMilliseconds: 0, source: .simulated)
    #expect(throws: EntryError.undeclaredSimulation(subject: Sample.subject)) {
      try signed(entry(clock: clock))
    }
    let declared = try signed(entry(clock: clock), subject: Sample.subject + ":simulated")
    #expect(declared.isDeclaredSimulation)
    #expect(try !signed(entry()).isDeclaredSimulation)
  }

  @Test func `unknown types are kept, whatever their body`() throws {
    let unknown = entry(EntryType(rawValue: 99), body: .text("anything"))
    let parsed = try SignedEntry(parsing: signed(unknown).bytes)
    #expect(parsed.entry.type.rawValue == 99)
    #expect(!parsed.entry.type.isKnown)
    #expect(parsed.entry.type.description == "type 99")
    #expect(parsed.entry.body == .text("anything"))
    #expect(EntryType.timeSync.description == "time-sync")
    #expect(EntryType.event.isKnown)
  }

  @Test func `a body must have the shape that its type asks for`() throws {
    #expect(throws: EntryError.self) { try signed(entry(body: .map([]))) }
    #expect(throws: EntryError.self) { try signed(entry(body: .array([.null]))) }
    #expect(throws: EntryError.self) {
      try signed(entry(body: .array([.tagged(60, .bytes([1]))])))
    }
    #expect(throws: EntryError.self) { try signed(entry(.configuration, body: .array([]))) }
    #expect(throws: EntryError.self) { try signed(entry(.event, body: .map([]))) }
  }

  @Test func `a configuration comes back, and its file must have its digest`() throws {
    let body = ConfigurationBody(
      boardFile: Array("board: x\n".utf8), recordingFile: true, runtimeVersion: "1.2.3",
      sensors: [
        .init(name: "outside", driver: "bme280", driverRevision: 2, calibration: [1, 2, 3]),
        .init(name: "in", driver: "tmp117", driverRevision: 1, calibration: nil),
      ],
      kernels: [
        .init(
          name: "mean", kind: "moving-mean", revision: 1,
          parameters: [.init(.text("count"), .unsigned(10))])
      ])
    let parsed = try signed(entry(.configuration, body: body.cbor)).entry
    #expect(try parsed.configurationBody() == body)
    #expect(body.sensors.map(\.name) == ["in", "outside"])
    #expect(
      body.boardFileDigest.description
        == "bd90b09de8f27fb9a69bcee7906a88eb51edc22cc8cb0079acd3ad7d31abf6e6")
    let short = ConfigurationBody(
      boardFile: Array("board: x\n".utf8), recordingFile: false, runtimeVersion: "1.2.3",
      sensors: [], kernels: [])
    #expect(short.boardFile == nil)
    #expect(short.boardFileDigest == body.boardFileDigest)
    #expect(try ConfigurationBody(cbor: short.cbor) == short)
    guard case .map(var pairs) = body.cbor else {
      Issue.record("a configuration is no map")
      return
    }
    pairs[1] = .init(.unsigned(2), .bytes([0]))
    #expect(throws: EntryError.self) { try ConfigurationBody(cbor: .map(pairs)) }
  }

  @Test func `a configuration with a part missing, unknown or of another shape is refused`() throws
  {
    let body = ConfigurationBody(
      boardFile: [], recordingFile: true, runtimeVersion: "1",
      sensors: [.init(name: "s", driver: "d", driverRevision: 1, calibration: nil)],
      kernels: [.init(name: "k", kind: "d", revision: 1, parameters: [])])
    guard case .map(let pairs) = body.cbor else {
      Issue.record("a configuration is no map")
      return
    }
    #expect(pairs.count == 5)
    for position in pairs.indices {
      var missing = pairs
      missing.remove(at: position)
      // The board file is the one part that may be left out.
      #expect(isRefused { _ = try ConfigurationBody(cbor: .map(missing)) } == (position != 1))
      var changed = pairs
      changed[position] = .init(pairs[position].key, .boolean(true))
      #expect(throws: EntryError.self) { try ConfigurationBody(cbor: .map(changed)) }
    }
    #expect(throws: EntryError.self) {
      try ConfigurationBody(cbor: .map(pairs + [.init(.unsigned(6), .null)]))
    }
  }

  @Test func `events come back with what they have`() throws {
    let body = EventBody([
      Event(kind: .gap, subject: "outside", details: [.init(.text("from"), .unsigned(1))]),
      Event(kind: .clockStep, subject: "clock", severity: .warning),
      Event(kind: EventKind(rawValue: "own"), subject: "", details: [], severity: .alarm),
    ])
    let parsed = try signed(entry(.event, body: body.cbor)).entry
    #expect(try parsed.eventBody() == body)
    for bad: CBOR in [
      .null, .map([]), .map([.init(.unsigned(1), .text("gap"))]),
      .map([.init(.unsigned(1), .text("")), .init(.unsigned(2), .text("s"))]),
      .map([
        .init(.unsigned(1), .text("gap")), .init(.unsigned(2), .text("s")),
        .init(.unsigned(4), .unsigned(3)),
      ]),
      .map([
        .init(.unsigned(1), .text("gap")), .init(.unsigned(2), .text("s")),
        .init(.unsigned(5), .null),
      ]),
    ] {
      #expect(throws: EntryError.self) { try EventBody(cbor: .array([bad])) }
    }
  }
}

@Suite struct SignedEntryTests {
  /// Signs any protected header and payload, so that only what is under test is wrong.
  private static func message(
    protected: CBOR, payload: CBOR, unprotected: CBOR = .map([]), tag: UInt64 = 18
  ) throws -> [UInt8] {
    let protectedBytes = try protected.encoded()
    let payloadBytes = try payload.encoded()
    let input = try CBOR.array([
      .text("Signature1"), .bytes(protectedBytes), .bytes([]), .bytes(payloadBytes),
    ]).encoded()
    let signature = try Sample.identity().signature(over: input)
    return try CBOR.tagged(
      tag, .array([.bytes(protectedBytes), unprotected, .bytes(payloadBytes), .bytes(signature)])
    ).encoded()
  }

  private static func header(_ change: (inout [CBOR.Pair]) -> Void = { _ in }) throws -> CBOR {
    let did = try Sample.identity().did
    var pairs: [CBOR.Pair] = [
      .init(.unsigned(1), .integer(-8)), .init(.unsigned(3), .unsigned(60)),
      .init(.unsigned(4), .bytes(did.keyID.bytes)),
      .init(
        .unsigned(15),
        .map([
          .init(.unsigned(1), .text(did.description)), .init(.unsigned(2), .text(Sample.subject)),
        ])),
    ]
    change(&pairs)
    return .map(pairs)
  }

  private static func payload(_ change: (inout [CBOR.Pair]) -> Void = { _ in }) -> CBOR {
    var pairs: [CBOR.Pair] = [
      .init(.unsigned(1), .unsigned(1)), .init(.unsigned(2), .unsigned(1)),
      .init(.unsigned(3), .unsigned(0)),
      .init(.unsigned(4), .bytes([UInt8](repeating: 0, count: 32))),
      .init(.unsigned(5), .unsigned(1)), .init(.unsigned(6), .unsigned(0)),
      .init(.unsigned(7), .null), .init(.unsigned(8), .array([])),
    ]
    change(&pairs)
    return .map(pairs)
  }

  @Test func `takes both numbers for Ed25519 and no other algorithm`() throws {
    for algorithm: Int64 in [-8, -19] {
      let message = try Self.message(
        protected: Self.header { $0[0] = .init(.unsigned(1), .integer(algorithm)) },
        payload: Self.payload())
      #expect(try SignedEntry(parsing: message).hasValidSignature)
    }
    for algorithm: Int64 in [-7, -50, 0, 1] {
      let message = try Self.message(
        protected: Self.header { $0[0] = .init(.unsigned(1), .integer(algorithm)) },
        payload: Self.payload())
      #expect(throws: EntryError.self) { try SignedEntry(parsing: message) }
    }
  }

  @Test func `refuses another header`() throws {
    let changes: [(inout [CBOR.Pair]) -> Void] = [
      { $0.removeLast() }, { $0.remove(at: 1) },
      { $0.append(.init(.unsigned(16), .null)) },
      { $0[1] = .init(.unsigned(3), .unsigned(61)) },
      { $0[2] = .init(.unsigned(4), .bytes([1, 2, 3])) },
      { $0[3] = .init(.unsigned(15), .map([.init(.unsigned(1), .text("did:key:z"))])) },
      {
        $0[3] = .init(
          .unsigned(15),
          .map([.init(.unsigned(1), .text("did:web:x")), .init(.unsigned(2), .text("s"))]))
      },
    ]
    for change in changes {
      let message = try Self.message(protected: Self.header(change), payload: Self.payload())
      #expect(throws: EntryError.self) { try SignedEntry(parsing: message) }
    }
  }

  @Test func `refuses another payload`() throws {
    let changes: [(inout [CBOR.Pair]) -> Void] = [
      { $0[0] = .init(.unsigned(1), .unsigned(2)) }, { $0.remove(at: 0) },
      { $0[1] = .init(.unsigned(2), .text("data")) },
      { $0[2] = .init(.unsigned(3), .integer(-1)) },
      { $0[3] = .init(.unsigned(4), .bytes([UInt8](repeating: 0, count: 31))) },
      { $0[4] = .init(.unsigned(5), .float(1)) }, { $0[5] = .init(.unsigned(6), .null) },
      { $0[6] = .init(.unsigned(7), .array([])) },
      {
        $0[6] = .init(.unsigned(7), .array([.unsigned(1), .unsigned(1), .unsigned(6)]))
      },
      { $0.remove(at: 6) }, { $0.remove(at: 7) },
      { $0.append(.init(.unsigned(12), .null)) }, { $0.append(.init(.integer(-1), .null)) },
      { $0.append(.init(.unsigned(10), .array([]))) },
      {
        $0.append(.init(.unsigned(10), .map([.init(.text("s"), .array([.text("x")]))])))
      },
      { $0.append(.init(.unsigned(11), .map([.init(.text("r"), .unsigned(5))]))) },
    ]
    #expect(throws: Never.self) {
      try SignedEntry(parsing: Self.message(protected: Self.header(), payload: Self.payload()))
    }
    for change in changes {
      let message = try Self.message(protected: Self.header(), payload: Self.payload(change))
      #expect(throws: EntryError.self) { try SignedEntry(parsing: message) }
    }
    let notMap = try Self.message(protected: Self.header(), payload: .array([]))
    #expect(throws: EntryError.self) { try SignedEntry(parsing: notMap) }
  }

  @Test func `refuses an unprotected header and another tag`() throws {
    let unprotected = try Self.message(
      protected: Self.header(), payload: Self.payload(),
      unprotected: .map([.init(.unsigned(1), .null)]))
    #expect(throws: EntryError.self) { try SignedEntry(parsing: unprotected) }
    let tagged = try Self.message(protected: Self.header(), payload: Self.payload(), tag: 17)
    #expect(throws: EntryError.self) { try SignedEntry(parsing: tagged) }
  }

  @Test func `locates malformed CBOR in the entry, not in the payload`() throws {
    let good = try Sample.bytes("entry.1.cose")
    let marker = try bytes("a400782175726e")
    let start = try #require(
      (0..<good.count - marker.count).first { Array(good[$0..<$0 + marker.count]) == marker })
    var changed = good
    changed[start + 1] = 0x1C
    #expect(
      throws: EntryError.malformed(CBORError(byteOffset: start + 1, reason: .reserved))
    ) { try SignedEntry(parsing: changed) }
  }
}
