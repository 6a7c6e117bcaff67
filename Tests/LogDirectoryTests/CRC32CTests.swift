import Testing

@testable import LogDirectory

/// Vectors of RFC 3720 appendix B.4, where the check's bytes are listed as they go out: low byte first.
@Suite struct CRC32CTests {
  struct Vector: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let listed: [UInt8]
    var testDescription: String { name }
  }

  static let vectors = [
    Vector(
      name: "32 bytes of zeroes", bytes: Array(repeating: 0, count: 32),
      listed: [0xAA, 0x36, 0x91, 0x8A]),
    Vector(
      name: "32 bytes of ones", bytes: Array(repeating: 0xFF, count: 32),
      listed: [0x43, 0xAB, 0xA8, 0x62]),
    Vector(
      name: "32 bytes of incrementing 00..1f", bytes: Array(0..<32),
      listed: [0x4E, 0x79, 0xDD, 0x46]),
    Vector(
      name: "32 bytes of decrementing 1f..00", bytes: Array((0..<32).reversed()),
      listed: [0x5C, 0xDB, 0x3F, 0x11]),
    Vector(
      name: "an iSCSI SCSI Read (10) command PDU",
      bytes: [
        0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00,
        0x00, 0x18, 0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00,
      ],
      listed: [0x56, 0x3A, 0x96, 0xD9]),
  ]

  @Test(arguments: vectors)
  func `gives the checks of RFC 3720`(vector: Vector) {
    var crc = CRC32C()
    crc.update(vector.bytes)
    #expect(crc.value == vector.listed.reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }

  @Test func `does not mind how the bytes are cut into pieces`() {
    var whole = CRC32C()
    whole.update(0..<100)
    for cut in 0...100 as ClosedRange<UInt8> {
      var pieces = CRC32C()
      pieces.update(0..<cut)
      pieces.update(cut..<100)
      #expect(pieces.value == whole.value)
    }
  }
}
