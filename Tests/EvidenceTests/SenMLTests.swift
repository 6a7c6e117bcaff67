import Evidence
import Foundation
import MerkleLog
import Testing

@Suite struct SenMLTests {
  // RFC 8428 section 5.1.1, resolved, with the labels of section 6.
  @Test func `codes the RFC's first example`() throws {
    let record = try SenMLRecord(
      name: "urn:dev:ow:10e2073a01080063", unit: "Cel", value: .number(23.1))
    let encoding =
      "81a300781b75726e3a6465763a6f773a31306532303733613031303830303633016343656c02fb"
      + "403719999999999a"
    #expect(try Hexadecimal.encode(SenMLRecord.encodePack([record])) == encoding)
    #expect(
      SenMLJSON.encode([record])
        == #"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#)
  }

  private static func records() throws -> [SenMLRecord] {
    [
      try SenMLRecord(name: "a", value: .number(-0.0)),
      try SenMLRecord(
        name: "urn:dev:x:1:s/c", unit: "/", timeSeconds: 268_435_456, value: .number(1e-7)),
      try SenMLRecord(name: "b", value: .text("\u{E9}\n\"\\\u{1}")),
      try SenMLRecord(name: "c", value: .flag(true)),
      try SenMLRecord(name: "d", timeSeconds: 1_700_000_000.5, value: .data([0xFB, 0xFF])),
      try SenMLRecord(name: "e", value: .data([])),
    ]
  }

  @Test func `reads every kind of value back from CBOR`() throws {
    for record in try Self.records() {
      let encoding = try record.cbor.encoded()
      #expect(try SenMLRecord(cbor: CBOR.decode(encoding)) == record)
    }
  }

  @Test func `writes every kind of value in JSON`() throws {
    #expect(
      try SenMLJSON.encode(Self.records())
        == #"[{"n":"a","v":0.0},{"n":"urn:dev:x:1:s/c","u":"/","t":268435456.0,"v":1e-07},"#
        + #"{"n":"b","vs":"é\n\"\\\u0001"},{"n":"c","vb":true},"#
        + #"{"n":"d","t":1700000000.5,"vd":"-_8"},{"n":"e","vd":""}]"#)
    #expect(SenMLJSON.encode([]) == "[]")
  }

  @Test func `numbers in JSON read back as the same number`() throws {
    var generator = SplitMix(state: 3)
    for _ in 0..<2_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let json = SenMLJSON.encode([try SenMLRecord(name: "a", value: .number(value))])
      struct Record: Decodable { let v: Double }
      let read = try JSONDecoder().decode([Record].self, from: Data(json.utf8))
      #expect(read.map(\.v) == [value])
    }
  }

  @Test(arguments: ["", "-a", ":a", "/a", "a b", "a+b", "a\u{E9}", "_a", ".a", "a\n", "a\u{301}"])
  func `refuses names outside the syntax`(name: String) {
    #expect(throws: SenMLError.name(name)) { try SenMLRecord(name: name, value: .flag(true)) }
  }

  @Test(arguments: ["a", "0", "urn:dev:mac:0024befffe804ff1:bme280/temperature", "A-:./_z9"])
  func `takes names inside the syntax`(name: String) {
    #expect(throws: Never.self) { try SenMLRecord(name: name, value: .flag(true)) }
  }

  @Test func `refuses relative times and values that are not finite`() {
    for time in [0, 1, 268_435_455.9, -1, .nan, .infinity] {
      #expect(throws: SenMLError.time(name: "a")) {
        try SenMLRecord(name: "a", timeSeconds: time, value: .flag(true))
      }
    }
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(throws: SenMLError.notFinite(name: "a")) {
        try SenMLRecord(name: "a", value: .number(value))
      }
    }
    #expect(throws: SenMLError.emptyUnit(name: "a")) {
      try SenMLRecord(name: "a", unit: "", value: .flag(true))
    }
  }

  @Test(arguments: [
    "80", "a0", "a1006161", "a102f93c00", "a200616102 01".replacing(" ", with: ""),
    "a3006161 02f93c00 03 6161".replacing(" ", with: ""),
    "a200 01 02f93c00".replacing(" ", with: ""),
    "a3006161 02f93c00 05f93c00".replacing(" ", with: ""),
    "a3006161 02f93c00 06 00".replacing(" ", with: ""),
    "a3006161 02f93c00 06f93c00".replacing(" ", with: ""),
    "a3006161 0160 02f93c00".replacing(" ", with: ""),
    "a2006161 04 f6".replacing(" ", with: ""), "a2006161 08 60".replacing(" ", with: ""),
    "a3006161 02f93c00 20 6161".replacing(" ", with: ""),
    "a2006120 02f93c00".replacing(" ", with: ""),
  ])
  func `refuses maps that are not resolved records`(encoding: String) throws {
    let value = try CBOR.decode(bytes(encoding))
    #expect(throws: SenMLError.self) { try SenMLRecord(cbor: value) }
  }
}

@Suite struct DisclosureTests {
  @Test func `has the published digest`() throws {
    let disclosure = try Sample.disclosures(5)[2]
    #expect(
      Hexadecimal.encode(disclosure.bytes)
        == "8250dbd07a968251ba525071c33987a193a5a400782175726e3a6465763a6d61633a303032346265666666"
        + "653830346666313a667265710162487a02fb4048fd70a3d70a3d06fb41d954fc41400000")
    #expect(
      disclosure.digest.description
        == "3aefc205cca26e46dda8d3cac9be627eb52b46588bb0940a193494687c7dab51")
    #expect(try Disclosure(parsing: disclosure.bytes) == disclosure)
  }

  @Test func `every one-bit change is refused or has another digest`() throws {
    let disclosure = try Sample.disclosures(5)[2]
    for position in disclosure.bytes.indices {
      for bit in 0..<8 {
        var changed = disclosure.bytes
        changed[position] ^= 1 << UInt8(bit)
        guard let parsed = try? Disclosure(parsing: changed) else { continue }
        #expect(parsed.bytes == changed)
        #expect(parsed.digest != disclosure.digest)
      }
    }
  }

  @Test func `salts are 16 bytes and come from the generator`() throws {
    let record = try Sample.records(1)[0]
    var generator = SplitMix(state: 4)
    let first = try Disclosure(record: record, using: &generator)
    let second = try Disclosure(record: record, using: &generator)
    #expect(first.salt.count == 16)
    #expect(first.digest != second.digest)
    for count in [0, 15, 17] {
      let salt = [UInt8](repeating: 0, count: count)
      #expect(throws: DisclosureError.saltByteCount(count)) {
        try Disclosure(salt: salt, record: record)
      }
      #expect(throws: DisclosureError.saltByteCount(count)) {
        try Disclosure.decoyDigest(salt: salt)
      }
    }
    let decoy = try Disclosure.decoyDigest(salt: first.salt)
    #expect(decoy == .digest(of: [0x81, 0x50] + first.salt))
  }
}
