import Evidence
import Foundation
import Testing

@testable import LogDirectory

/// The frames, torn and damaged; a header has 32 bytes, a frame 16 before its entry.
@Suite struct WriteAheadFileTests {
  /// Groups of entries, the offsets where the file ended after each of them, and its bytes.
  struct Written {
    let groups: [[[UInt8]]]
    let ends: [Int]
    let bytes: [UInt8]

    /// The entries that a file holds which reaches to an offset and no further.
    func entries(upTo end: Int) -> [[UInt8]] {
      var offset = 32
      return groups.joined().prefix { entry in
        offset += 16 + entry.count
        return offset <= end
      }.map { $0 }
    }
  }

  static func write(
    _ groups: [[[UInt8]]], made: [[UInt8]] = [], firstSeq: UInt64 = 0
  ) throws -> Written {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/wal"
    var file = try WriteAheadFile.create(at: path, firstSeq: firstSeq, entries: made)
    var ends: [Int] = []
    for group in groups {
      try file.append(group)
      ends.append(try Files.read(path).count)
    }
    return Written(
      groups: (made.isEmpty ? [] : [made]) + groups, ends: ends, bytes: try Files.read(path))
  }

  static func entries(of bytes: [UInt8]) throws -> [[UInt8]] {
    try WriteAheadFile.scan(bytes, path: "wal").ranges.map { Array(bytes[$0]) }
  }

  static func entry(_ seed: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed &* 13) }
  }

  @Test func `the format is what it says it is`() throws {
    let written = try Self.write([[[0xAA, 0xBB]]], firstSeq: 512)
    var expected = Array("CAIRNWAL".utf8) + [0, 0, 0, 1]
    expected += [0, 0, 0, 0, 0, 0, 2, 0] + [0, 0, 0, 0, 0, 0, 0, 32]
    var header = CRC32C()
    header.update(expected)
    expected += bigEndian(header.value)
    let length: [UInt8] = [0, 0, 0, 2]
    let durable: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 32]
    var frame = CRC32C()
    frame.update(bigEndian(header.value) + length + durable + [0xAA, 0xBB])
    expected += length + bigEndian(frame.value) + durable + [0xAA, 0xBB]
    #expect(written.bytes == expected)
  }

  @Test func `a file cut anywhere in its last three groups holds the entries before the cut`()
    throws
  {
    let written = try Self.write([
      [Self.entry(1, 40)], [Self.entry(2, 30), Self.entry(3, 1)], [Self.entry(4, 25)],
      [Self.entry(5, 33), Self.entry(6, 50)], [Self.entry(7, 20)],
    ])
    for cut in written.ends[1]...written.bytes.count {
      let bytes = Array(written.bytes[..<cut])
      #expect(try Self.entries(of: bytes) == written.entries(upTo: cut), "cut at \(cut)")
    }
  }

  @Test func `a byte changed in the last group ends the file there, in an earlier one is damage`()
    throws
  {
    let written = try Self.write([
      [Self.entry(1, 40)], [Self.entry(2, 30)], [Self.entry(4, 25), Self.entry(5, 33)],
      [Self.entry(7, 20), Self.entry(8, 5)],
    ])
    for position in written.ends[0]..<written.bytes.count {
      for mask in [0x01, 0x80, 0xFF] as [UInt8] {
        var bytes = written.bytes
        bytes[position] ^= mask
        if position < written.ends[2] {
          #expect(throws: LogFailure.self, "byte \(position)") { try Self.entries(of: bytes) }
        } else {
          #expect(try Self.entries(of: bytes) == written.entries(upTo: position))
        }
      }
    }
  }

  @Test func `a hole in a group is a torn tail, whatever of the group lies after it`() throws {
    let written = try Self.write([
      [Self.entry(1, 40)], [Self.entry(2, 30), Self.entry(3, 30), Self.entry(4, 30)],
    ])
    for hole in stride(from: written.ends[0], to: written.bytes.count, by: 16) {
      var bytes = written.bytes
      for position in hole..<min(hole + 16, bytes.count) { bytes[position] = 0 }
      #expect(try Self.entries(of: bytes) == written.entries(upTo: hole))
    }
  }

  @Test func `what a file was made with is never a torn tail`() throws {
    let written = try Self.write(
      [[Self.entry(3, 10)]], made: [Self.entry(1, 40), Self.entry(2, 30)])
    let made = written.bytes.count - 26
    for cut in 0..<made {
      #expect(throws: LogFailure.self) { try Self.entries(of: Array(written.bytes[..<cut])) }
    }
    for position in 0..<made {
      var bytes = Array(written.bytes[..<made])
      bytes[position] ^= 0x10
      #expect(throws: LogFailure.self) { try Self.entries(of: bytes) }
    }
    #expect(try Self.entries(of: Array(written.bytes[..<made])).count == 2)
  }

  @Test func `every bit of the header counts`() throws {
    let written = try Self.write([[Self.entry(1, 40)]])
    for position in 0..<32 {
      for bit in 0..<8 as Range<UInt8> {
        var bytes = written.bytes
        bytes[position] ^= 1 << bit
        #expect(throws: LogFailure.self) { try Self.entries(of: bytes) }
      }
    }
    #expect(throws: LogFailure.self) { try Self.entries(of: []) }
  }

  @Test func `frames of another file do not pass`() throws {
    // Some file systems show after a crash what a block held before: perhaps an older file.
    let old = try Self.write([[Self.entry(1, 40)], [Self.entry(2, 40)]], firstSeq: 0)
    let new = try Self.write([[Self.entry(3, 40)]], firstSeq: 256)
    let bytes = new.bytes + old.bytes[old.ends[0]...]
    #expect(try Self.entries(of: bytes) == [Self.entry(3, 40)])
  }

  @Test func `an entry that holds a frame is not taken for one`() throws {
    let inner = try Self.write([[Self.entry(1, 40)]])
    let entry = Array(inner.bytes[32...])
    let written = try Self.write([[entry], [entry + entry]])
    #expect(try Self.entries(of: written.bytes) == [entry, entry + entry])
    let torn = Array(written.bytes.dropLast())
    #expect(try Self.entries(of: torn) == [entry])
  }

  @Test(arguments: [0, 65_536])
  func `an entry that could not be read back is not written`(byteCount: Int) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/wal"
    var file = try WriteAheadFile.create(at: path, firstSeq: 0)
    #expect(throws: LogFailure.self) {
      try file.append([[1], [UInt8](repeating: 7, count: byteCount)])
    }
    #expect(try Files.read(path).count == 32)
    #expect(throws: LogFailure.self) {
      _ = try WriteAheadFile.create(
        at: path + "2", firstSeq: 0, entries: [[UInt8](repeating: 7, count: byteCount)])
    }
  }

  @Test func `the shortest and the longest entry are read back`() throws {
    let group = [[9], [UInt8](repeating: 7, count: 65_535)] as [[UInt8]]
    let written = try Self.write([group])
    #expect(try Self.entries(of: written.bytes) == group)
  }

  @Test func `an entry that was damaged after it was written is not given out`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/wal"
    var file = try WriteAheadFile.create(at: path, firstSeq: 0, entries: [Self.entry(1, 20)])
    try file.append([Self.entry(2, 20)])
    #expect(try file.entry(at: 0) == Self.entry(1, 20))
    #expect(try file.entry(at: 1) == Self.entry(2, 20))
    let bytes = try Files.read(path)
    for position in 68..<104 {
      var changed = bytes
      changed[position] ^= 0x04
      try Files.write(changed, to: path)
      #expect(throws: LogFailure.self) { try file.entry(at: 1) }
      #expect(try file.entry(at: 0) == Self.entry(1, 20))
    }
    try Files.write(bytes[..<100], to: path)
    #expect(throws: LogFailure.self) { try file.entry(at: 1) }
    #expect(throws: LogFailure.notFound("entry 2 is not in \(path)")) { try file.entry(at: 2) }
  }

  @Test(arguments: 0..<40)
  func `random groups, cut and damaged at random, give the durable prefix or a failure`(
    seed: UInt64
  ) throws {
    var random = SplitMix(state: seed)
    let groups = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      (0..<Int.random(in: 1...5, using: &random)).map { _ in
        (0..<Int.random(in: 1...90, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      }
    }
    let made = (0..<Int.random(in: 0...2, using: &random)).map { Self.entry($0, 11) }
    let written = try Self.write(groups, made: made)
    let lastGroup = written.ends.count > 1 ? written.ends[written.ends.count - 2] : 0
    #expect(try Self.entries(of: written.bytes) == written.groups.flatMap { $0 })
    for _ in 0..<60 {
      let cut = Int.random(in: 0...written.bytes.count, using: &random)
      if let entries = try? Self.entries(of: Array(written.bytes[..<cut])) {
        #expect(entries == written.entries(upTo: cut))
      } else {
        #expect(cut < 32 + made.count * 27)
      }
      var bytes = written.bytes
      let position = Int.random(in: 0..<bytes.count, using: &random)
      bytes[position] ^= UInt8.random(in: 1...255, using: &random)
      if let entries = try? Self.entries(of: bytes) {
        #expect(position >= lastGroup, "seed \(seed): byte \(position) of \(bytes.count)")
        #expect(entries == written.entries(upTo: position))
      }
    }
  }
}

/// A small generator with a seed, so that a failure can be had again (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
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
