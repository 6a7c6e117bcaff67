import Evidence
import MerkleLog
import Testing

/// Entries written byte by byte (RFC 9052 section 4.2, RFC 8949 section 4.2.1), without the package's
/// encoder: fast, and a second opinion.
struct HandmadeEntry {
  let identity: Identity
  private let protected: [UInt8]

  static let subject = "urn:dev:mac:0024befffe804ff1"

  init(_ identity: Identity, subject: String = HandmadeEntry.subject) {
    self.identity = identity
    protected =
      [0xA4, 0x01, 0x27, 0x03, 0x18, 0x3C, 0x04, 0x44] + identity.did.keyID.bytes
      + [0x0F, 0xA2, 0x01, 0x78, 56] + Array(identity.did.description.utf8)
      + [0x02, 0x78, UInt8(subject.utf8.count)] + Array(subject.utf8)
  }

  /// The genesis entry for place 0, a reading for any other; `salt` gives another reading.
  func bytes(at seq: UInt64, after previous: Hash, boot: UInt64 = 1, salt: UInt64 = 0) -> [UInt8] {
    var body: [UInt8] = [0x80]
    if seq > 0 {
      // {0: name, 1: "Cel", 2: half-precision value}; any finite positive half is its own encoding. cbor2 5.9
      // writes those from 32768 on (0x7800) in 32 bits, so that they are left out.
      let value = UInt16((seq &* 31 &+ salt) % 0x77FF) + 1
      body =
        [0x81, 0xA3, 0x00, 0x61, 0x74, 0x01, 0x63] + Array("Cel".utf8)
        + [0x02, 0xF9, UInt8(value >> 8), UInt8(value & 0xFF)]
    }
    return bytes(type: seq == 0 ? 0 : 1, seq, previous, boot, body)
  }

  func bytes(
    type: UInt64, _ seq: UInt64, _ previous: Hash, _ boot: UInt64, _ body: [UInt8]
  ) -> [UInt8] {
    let payload =
      [0xA8, 0x01, 0x01, 0x02] + head(0, type) + [0x03] + head(0, seq) + [0x04, 0x58, 0x20]
      + previous.bytes + [0x05] + head(0, boot) + [0x06] + head(0, seq * 1000)
      + [0x07, 0xF6, 0x08] + body
    let signed =
      [0x84, 0x6A] + Array("Signature1".utf8) + head(2, UInt64(protected.count)) + protected
      + [0x40] + head(2, UInt64(payload.count)) + payload
    let signature = (try? identity.signature(over: signed)) ?? []
    return [0xD2, 0x84] + head(2, UInt64(protected.count)) + protected + [0xA0]
      + head(2, UInt64(payload.count)) + payload + [0x58, 0x40] + signature
  }

  private func head(_ major: UInt8, _ value: UInt64) -> [UInt8] {
    let major = major << 5
    switch value {
    case 0..<24: return [major | UInt8(value)]
    case 24..<0x100: return [major | 24, UInt8(value)]
    case 0x100..<0x1_0000: return [major | 25, UInt8(value >> 8), UInt8(value & 0xFF)]
    default:
      let width = value < 0x1_0000_0000 ? 4 : 8
      return [major | (width == 4 ? 26 : 27)]
        + (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
  }
}

@Suite struct HandmadeEntryTests {
  @Test func `an entry written by hand is the one that the package writes`() throws {
    let identity = try Identity(seed: Array(0..<32))
    let handmade = HandmadeEntry(identity)
    let genesis = handmade.bytes(at: 0, after: .zero)
    let entry = Entry(
      type: .genesis, sequence: 0, previous: .zero, boot: 1, monotonicMilliseconds: 0,
      body: .array([]))
    #expect(
      try SignedEntry(signing: entry, subject: HandmadeEntry.subject, by: identity).bytes == genesis
    )
    let reading = handmade.bytes(at: 300, after: .leaf(genesis), boot: 7)
    let record = CBOR.map([
      .init(.unsigned(0), .text("t")), .init(.unsigned(1), .text("Cel")),
      .init(.unsigned(2), .float(Double(Float16(bitPattern: 300 * 31 + 1)))),
    ])
    let second = Entry(
      type: .data, sequence: 300, previous: .leaf(genesis), boot: 7,
      monotonicMilliseconds: 300_000, body: .array([record]))
    #expect(
      try SignedEntry(signing: second, subject: HandmadeEntry.subject, by: identity).bytes
        == reading)
  }
}
