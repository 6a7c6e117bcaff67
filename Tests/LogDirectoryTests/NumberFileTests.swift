import Evidence
import Testing

@testable import LogDirectory

@Suite struct NumberFileTests {
  @Test func `a number stands before its CRC-32C`() {
    // CRC-32C of "123456789" is 0xE3069283, the check value of every catalogue of CRCs.
    #expect(NumberFile.text(123_456_789) == "123456789 e3069283\n")
    #expect(NumberFile.number(Array("123456789 e3069283\n".utf8)) == 123_456_789)
  }

  @Test(arguments: [0, 1, 9, 10, 255, 65_536, UInt64(Int64.max)])
  func `what was written is read`(number: UInt64) {
    let bytes = Array(NumberFile.text(number).utf8)
    #expect(NumberFile.number(bytes) == number)
  }

  @Test(arguments: [0, 7, 70_000, UInt64(Int64.max)])
  func `every other byte, cut and addition is refused`(number: UInt64) {
    let bytes = Array(NumberFile.text(number).utf8)
    for position in bytes.indices {
      for value in UInt8.min...UInt8.max where value != bytes[position] {
        var changed = bytes
        changed[position] = value
        #expect(NumberFile.number(changed) == nil)
      }
      #expect(NumberFile.number(Array(bytes[..<position])) == nil)
      #expect(NumberFile.number(Array(bytes[(position + 1)...])) == nil)
    }
    for addition in [[0x0A], [0x20], [0x30], [0x00]] as [[UInt8]] {
      #expect(NumberFile.number(bytes + addition) == nil)
      #expect(NumberFile.number(addition + bytes) == nil)
    }
  }

  @Test func `another spelling of a number is refused though its check is right`() {
    for digits in ["+7", "07", "7.0", "-1", "0x7", "9223372036854775808", ""] {
      var crc = CRC32C()
      crc.update(digits.utf8)
      let check = String(crc.value, radix: 16)
      let padded = String(repeating: "0", count: 8 - check.utf8.count) + check
      #expect(NumberFile.number(Array("\(digits) \(padded)\n".utf8)) == nil)
      #expect(NumberFile.number(Array("\(digits) \(padded.uppercased())\n".utf8)) == nil)
    }
  }

  @Test func `a cursor that is missing, damaged or empty is 0, and a kept one is kept`() throws {
    let directory = try TemporaryDirectory()
    let cursor = CursorFile(stateDirectory: directory.path)
    #expect(cursor.load() == 0)
    cursor.save(4711)
    #expect(cursor.load() == 4711)
    #expect(try Files.list(directory.path) == ["cursor"])
    try Files.write(Array("4712 00000000\n".utf8), to: directory.path + "/cursor")
    #expect(cursor.load() == 0)
    try Files.write([], to: directory.path + "/cursor")
    #expect(cursor.load() == 0)
  }

  @Test func `a damaged count of starts is a failure, not a zero`() throws {
    let directory = try TemporaryDirectory()
    let file = NumberFile(path: directory.path + "/boot")
    #expect(try file.read() == nil)
    try Files.write(Array("4 00000000\n".utf8), to: file.path)
    #expect(throws: LogFailure.contradiction("\(file.path) is damaged")) { try file.read() }
  }
}
