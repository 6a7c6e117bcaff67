import Evidence
import MerkleLog
import Testing

@Suite struct CBORFloatTests {
  struct Vector: CustomTestStringConvertible, Sendable {
    let value: Double
    let encoding: String
    var testDescription: String { "\(value) is \(encoding)" }
  }

  // RFC 8949 appendix A, IEEE 754, and values at the borders of the three widths.
  private static let vectors = [
    Vector(value: 0.0, encoding: "f90000"), Vector(value: 1.0, encoding: "f93c00"),
    Vector(value: 1.5, encoding: "f93e00"), Vector(value: 22.125, encoding: "f94d88"),
    Vector(value: 65504.0, encoding: "f97bff"), Vector(value: -4.0, encoding: "f9c400"),
    Vector(value: -65504.0, encoding: "f9fbff"),
    Vector(value: 5.960464477539063e-08, encoding: "f90001"),
    Vector(value: -5.960464477539063e-08, encoding: "f98001"),
    Vector(value: 6.103515625e-05, encoding: "f90400"),
    Vector(value: 6.097555160522461e-05, encoding: "f903ff"),
    Vector(value: 65505.0, encoding: "fa477fe100"), Vector(value: 65536.0, encoding: "fa47800000"),
    Vector(value: 100000.0, encoding: "fa47c35000"),
    Vector(value: 3.4028234663852886e+38, encoding: "fa7f7fffff"),
    Vector(value: 0x1p-25, encoding: "fa33000000"),
    Vector(value: 1.401298464324817e-45, encoding: "fa00000001"),
    Vector(value: 8.940696716308594e-08, encoding: "fa33c00000"),
    Vector(value: 0.333251953125, encoding: "f93555"),
    Vector(value: 1.0009765625, encoding: "f93c01"),
    Vector(value: 1.00048828125, encoding: "fa3f801000"),
    Vector(value: 1.1, encoding: "fb3ff199999999999a"),
    Vector(value: -4.1, encoding: "fbc010666666666666"),
    Vector(value: 1.0e+300, encoding: "fb7e37e43c8800759c"),
    Vector(value: 0x1p-150, encoding: "fb3690000000000000"),
    Vector(value: .leastNonzeroMagnitude, encoding: "fb0000000000000001"),
    Vector(value: 23.1, encoding: "fb403719999999999a"),
    Vector(value: 49.98, encoding: "fb4048fd70a3d70a3d"),
    Vector(value: 231.2, encoding: "fb406ce66666666666"),
    Vector(value: 1_700_000_005.0, encoding: "fb41d954fc41400000"),
  ]

  @Test(arguments: vectors) func `codes floats in their shortest form`(vector: Vector) throws {
    let encoding = try bytes(vector.encoding)
    #expect(try CBOR.float(vector.value).encoded() == encoding)
    #expect(try CBOR.decode(encoding) == .float(vector.value))
  }

  @Test func `writes negative zero as zero`() throws {
    #expect(try CBOR.float(-0.0).encoded() == [0xF9, 0, 0])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
  func `refuses to write what is not finite`(value: Double) {
    #expect(throws: CBOREncodingError.notFinite) { try CBOR.float(value).encoded() }
  }

  @Test func `every 16-bit float is read exactly when it would be written`() throws {
    var readable = 0
    for bits in UInt16.min ... .max {
      let encoding = [0xF9, UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)]
      guard let value = try? CBOR.decode(encoding) else { continue }
      readable += 1
      #expect(try value.encoded() == encoding)
    }
    // All but negative zero, the two infinities and the NaNs.
    #expect(readable == 65_536 - 1 - 2 * 1024)
  }

  @Test func `floats of random bits are written and read back`() throws {
    var generator = SplitMix(state: 1)
    for _ in 0..<20_000 {
      let bits = generator.next()
      for value in [
        Double(bitPattern: bits), Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))),
      ] where value.isFinite {
        let encoding = try CBOR.float(value).encoded()
        #expect(try CBOR.decode(encoding) == .float(value))
        let isSingle = Double(Float(value)) == value
        #expect(encoding.count <= (isSingle ? 5 : 9))
        #expect(isSingle || encoding.count == 9)
      }
    }
  }
}

/// A small generator of fixed numbers, so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

@Suite struct CBORTests {
  // RFC 8949 appendix A: every example that deterministic encoding and this log's subset allow.
  private static let vectors: [(CBOR, String)] = [
    (.unsigned(0), "00"), (.unsigned(1), "01"), (.unsigned(10), "0a"), (.unsigned(23), "17"),
    (.unsigned(24), "1818"), (.unsigned(25), "1819"), (.unsigned(100), "1864"),
    (.unsigned(255), "18ff"), (.unsigned(256), "190100"), (.unsigned(1000), "1903e8"),
    (.unsigned(65535), "19ffff"), (.unsigned(65536), "1a00010000"),
    (.unsigned(1_000_000), "1a000f4240"), (.unsigned(4_294_967_295), "1affffffff"),
    (.unsigned(4_294_967_296), "1b0000000100000000"),
    (.unsigned(1_000_000_000_000), "1b000000e8d4a51000"), (.unsigned(.max), "1bffffffffffffffff"),
    (.negative(.max), "3bffffffffffffffff"), (.integer(-1), "20"), (.integer(-10), "29"),
    (.integer(-24), "37"), (.integer(-25), "3818"), (.integer(-100), "3863"),
    (.integer(-1000), "3903e7"), (.integer(.min), "3b7fffffffffffffff"),
    (.boolean(false), "f4"), (.boolean(true), "f5"), (.null, "f6"),
    (.tagged(1, .unsigned(1_363_896_240)), "c11a514b67b0"),
    (.tagged(23, .bytes([1, 2, 3, 4])), "d74401020304"),
    (
      .tagged(32, .text("http://www.example.com")),
      "d82076687474703a2f2f7777772e6578616d706c652e636f6d"
    ),
    (.bytes([]), "40"), (.bytes([1, 2, 3, 4]), "4401020304"), (.text(""), "60"),
    (.text("a"), "6161"), (.text("IETF"), "6449455446"), (.text("\"\\"), "62225c"),
    (.text("\u{FC}"), "62c3bc"), (.text("\u{6C34}"), "63e6b0b4"),
    (.text("\u{10151}"), "64f0908591"), (.array([]), "80"),
    (.array([.unsigned(1), .unsigned(2), .unsigned(3)]), "83010203"),
    (
      .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)])]), "8201820203"
    ),
    (.map([]), "a0"),
    (.map([.init(.unsigned(1), .unsigned(2)), .init(.unsigned(3), .unsigned(4))]), "a201020304"),
    (
      .map([
        .init(.text("a"), .unsigned(1)), .init(.text("b"), .array([.unsigned(2), .unsigned(3)])),
      ]), "a26161016162820203"
    ),
  ]

  @Test func `codes the examples of RFC 8949`() throws {
    for (value, encoding) in Self.vectors {
      #expect(try value.encoded() == bytes(encoding))
      #expect(try CBOR.decode(bytes(encoding)) == value)
    }
  }

  // RFC 8949 section 4.2.1: the example of bytewise lexicographic order.
  @Test func `sorts map keys by their encodings`() throws {
    let keys: [CBOR] = [
      .unsigned(10), .unsigned(100), .integer(-1), .text("z"), .text("aa"),
      .array([.unsigned(100)]), .array([.integer(-1)]), .boolean(false),
    ]
    let encoded = try bytes("a80af61864f620f6617af6626161f6811864f68120f6f4f6")
    #expect(try CBOR.map(keys.reversed().map { .init($0, .null) }).encoded() == encoded)
    #expect(try CBOR.decode(encoded) == .map(keys.map { .init($0, .null) }))
  }

  // RFC 8428 section 6, the example with a base name.
  @Test func `codes the SenML example with negative labels`() throws {
    let pack = CBOR.array([
      .map([
        .init(.integer(-2), .text("urn:dev:ow:10e2073a01080063:")),
        .init(.unsigned(0), .text("voltage")), .init(.unsigned(1), .text("V")),
        .init(.unsigned(2), .float(120.1)),
      ]),
      .map([
        .init(.unsigned(0), .text("current")), .init(.unsigned(1), .text("A")),
        .init(.unsigned(2), .float(1.2)),
      ]),
    ])
    #expect(
      try Hexadecimal.encode(pack.encoded())
        == "82a40067766f6c7461676501615602fb405e06666666666621781c75726e3a6465763a6f773a31306532"
        + "303733613031303830303633" + "3aa3006763757272656e7401614102fb3ff3333333333333")
  }

  struct Bad: CustomTestStringConvertible, Sendable {
    let encoding: String
    let reason: CBORError.Reason
    let offset: Int
    var testDescription: String { encoding.isEmpty ? "nothing" : encoding }

    init(_ encoding: String, _ reason: CBORError.Reason, at offset: Int) {
      self.encoding = encoding
      self.reason = reason
      self.offset = offset
    }
  }

  private static let bad = [
    Bad("", .truncated, at: 0), Bad("18", .truncated, at: 1), Bad("1901", .truncated, at: 1),
    Bad("1a000000", .truncated, at: 1), Bad("1b00000000000000", .truncated, at: 1),
    Bad("41", .truncated, at: 1), Bad("5affffffff00", .truncated, at: 5),
    Bad("5bffffffffffffffff", .truncated, at: 9), Bad("62c3", .truncated, at: 1),
    Bad("81", .truncated, at: 1), Bad("9bffffffffffffffff00", .truncated, at: 9),
    Bad("bbffffffffffffffff0000", .truncated, at: 9), Bad("a101", .truncated, at: 1),
    Bad("c1", .truncated, at: 1), Bad("f9", .truncated, at: 1), Bad("fa000000", .truncated, at: 1),
    Bad("0000", .trailingBytes, at: 1), Bad("8000", .trailingBytes, at: 1),
    Bad("1800", .notShortest, at: 0), Bad("1817", .notShortest, at: 0),
    Bad("1900ff", .notShortest, at: 0), Bad("1a0000ffff", .notShortest, at: 0),
    Bad("1b00000000ffffffff", .notShortest, at: 0), Bad("3817", .notShortest, at: 0),
    Bad("580100", .notShortest, at: 0), Bad("780161", .notShortest, at: 0),
    Bad("9801f6", .notShortest, at: 0), Bad("b80100f6", .notShortest, at: 0),
    Bad("d801f6", .notShortest, at: 0), Bad("821817f6", .notShortest, at: 1),
    Bad("5f4100ff", .indefiniteLength, at: 0), Bad("7f6161ff", .indefiniteLength, at: 0),
    Bad("9fff", .indefiniteLength, at: 0), Bad("bfff", .indefiniteLength, at: 0),
    Bad("ff", .indefiniteLength, at: 0), Bad("1f", .indefiniteLength, at: 0),
    Bad("1c", .reserved, at: 0), Bad("1d", .reserved, at: 0), Bad("1e", .reserved, at: 0),
    Bad("fc", .unknownSimpleValue, at: 0), Bad("f7", .unknownSimpleValue, at: 0),
    Bad("f0", .unknownSimpleValue, at: 0), Bad("e0", .unknownSimpleValue, at: 0),
    Bad("f820", .unknownSimpleValue, at: 0), Bad("f815", .unknownSimpleValue, at: 0),
    Bad("f98000", .forbiddenFloat, at: 0), Bad("f97c00", .forbiddenFloat, at: 0),
    Bad("f9fc00", .forbiddenFloat, at: 0), Bad("f97e00", .forbiddenFloat, at: 0),
    Bad("fa7f800000", .forbiddenFloat, at: 0), Bad("fa7fc00000", .forbiddenFloat, at: 0),
    Bad("fa80000000", .forbiddenFloat, at: 0), Bad("fb7ff8000000000000", .forbiddenFloat, at: 0),
    Bad("fb8000000000000000", .forbiddenFloat, at: 0),
    Bad("fbfff0000000000000", .forbiddenFloat, at: 0), Bad("fa7f800001", .forbiddenFloat, at: 0),
    Bad("fa00000000", .notShortest, at: 0), Bad("fa3f800000", .notShortest, at: 0),
    Bad("fa33800000", .notShortest, at: 0), Bad("fb3ff0000000000000", .notShortest, at: 0),
    Bad("fb40f86a0000000000", .notShortest, at: 0), Bad("fb36a0000000000000", .notShortest, at: 0),
    Bad("fb0000000000000000", .notShortest, at: 0),
    Bad("61ff", .invalidUTF8, at: 0), Bad("62c328", .invalidUTF8, at: 0),
    Bad("63eda080", .invalidUTF8, at: 0), Bad("62c080", .invalidUTF8, at: 0),
    Bad("64f4908080", .invalidUTF8, at: 0), Bad("8161ff", .invalidUTF8, at: 1),
    Bad("a201f600f6", .unsortedKeys, at: 3), Bad("a220f600f6", .unsortedKeys, at: 3),
    Bad("a262616101617a01", .unsortedKeys, at: 5), Bad("a200f600f6", .repeatedKey, at: 3),
    Bad("a3 00f6 01f6 01f6".replacing(" ", with: ""), .repeatedKey, at: 5),
    Bad(String(repeating: "81", count: 17) + "f6", .tooDeep, at: 16),
    Bad(String(repeating: "c1", count: 17) + "f6", .tooDeep, at: 16),
    Bad(String(repeating: "a100", count: 17) + "f6", .tooDeep, at: 32),
    Bad(String(repeating: "81", count: 16) + "80", .tooDeep, at: 16),
  ]

  @Test(arguments: bad) func `refuses what is not deterministic, and says where`(bad: Bad) throws {
    let expected = bad
    do {
      let value = try CBOR.decode(bytes(bad.encoding))
      Issue.record("read as \(value)")
    } catch let error as CBORError {
      #expect(error.reason == expected.reason)
      #expect(error.byteOffset == expected.offset)
    }
  }

  @Test func `takes nesting of 16 both ways and no more`() throws {
    let encoding = try bytes(String(repeating: "81", count: 16) + "f6")
    let value = try CBOR.decode(encoding)
    #expect(try value.encoded() == encoding)
    #expect(throws: CBOREncodingError.tooDeep) { try CBOR.array([value]).encoded() }
    #expect(throws: CBOREncodingError.tooDeep) { try CBOR.tagged(1, value).encoded() }
    #expect(throws: CBOREncodingError.tooDeep) {
      try CBOR.map([.init(.unsigned(0), value)]).encoded()
    }
  }

  @Test func `refuses to write a map with a key twice`() {
    #expect(throws: CBOREncodingError.repeatedKey(encodedKey: [0])) {
      try CBOR.map([.init(.unsigned(0), .null), .init(.unsigned(0), .null)]).encoded()
    }
  }

  @Test func `every encoding of up to three bytes is read exactly when it would be written`() throws
  {
    func check(_ encoding: [UInt8]) throws {
      guard let value = try? CBOR.decode(encoding) else { return }
      #expect(try value.encoded() == encoding)
    }
    for first in UInt8.min ... .max {
      try check([first])
      for second in UInt8.min ... .max {
        try check([first, second])
        for third: UInt8 in [0x00, 0x01, 0x17, 0x18, 0x20, 0x40, 0x60, 0x61, 0x80, 0xA0, 0xF6] {
          try check([first, second, third])
        }
      }
    }
  }

  @Test func `random bytes are refused or given back`() throws {
    var generator = SplitMix(state: 2)
    var readable = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...40, using: &generator)
      let encoding = (0..<count).map { _ in
        UInt8(truncatingIfNeeded: generator.next() >> 7) & 0xBF
      }
      guard let value = try? CBOR.decode(encoding) else { continue }
      readable += 1
      #expect(try value.encoded() == encoding)
    }
    #expect(readable > 100)
  }

  @Test func `texts that look equal but have other bytes are different`() throws {
    #expect(CBOR.text("\u{E9}") != CBOR.text("e\u{301}"))
    let value = CBOR.map([
      .init(.text("\u{E9}"), .unsigned(1)), .init(.text("e\u{301}"), .unsigned(2)),
    ])
    #expect(try CBOR.decode(value.encoded())[.text("e\u{301}")] == .unsigned(2))
  }

  @Test func `prints diagnostic notation`() throws {
    let value = CBOR.tagged(
      18,
      .array([
        .bytes([0xAB]), .map([.init(.unsigned(1), .integer(-8))]), .null, .float(1.5),
        .text("a\"\n\u{1}"), .negative(.max), .boolean(true),
      ]))
    #expect(
      value.description
        == #"18([h'ab', {1: -8}, null, 1.5, "a\"\n\u0001", -18446744073709551616, true])"#)
  }
}
