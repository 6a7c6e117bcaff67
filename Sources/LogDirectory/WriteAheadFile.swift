import Evidence
import Glibc

/// The tail of the log in frames, synchronised in groups: every entry of the bundle that the signed
/// head ends in, and every entry after it.
///
/// ```text
/// header  "CAIRNWAL" | u32 version 1 | u64 seq of the first entry
///         | u64 bytes that the file was made with | u32 crc32c of these 28 bytes
/// frame   u32 length of the entry | u32 crc32c of the header's crc and all the rest of the frame
///         | u64 bytes of the file that were durable before this frame's group | entry
/// ```
///
/// Numbers are big-endian. A frame that does not check ends the file: it is what a loss of power
/// leaves of a group that was never acknowledged. It is damage, and no torn tail, where the file was
/// made with that place (it then took its name in one go) or where a later frame says that the place
/// had been durable. What cannot be told from a torn tail is damage in the very last group.
struct WriteAheadFile: ~Copyable {
  static let headerByteCount = 32
  static let frameHeaderByteCount = 16
  static let entryByteCounts = 1...SignedEntry.maximumByteCount
  private static let magic = Array("CAIRNWAL".utf8)

  private let file: OpenFile
  /// The seq of the first entry in the file.
  let firstSeq: UInt64
  /// The header's check, which every frame's check starts from: frames of another file do not pass.
  private let headerCheck: UInt32
  private var ranges: [Range<Int>]
  private var durableByteCount: Int

  /// The seq of the entry that will be appended next.
  var nextSeq: UInt64 { firstSeq + UInt64(ranges.count) }

  /// Makes a file with entries from a seq on, in the place of the one that may be there.
  ///
  /// All of it is durable under its name when this returns; before, it is the old file.
  static func create(
    at path: String, firstSeq: UInt64, entries: some Collection<[UInt8]> = [[UInt8]]()
  ) throws(LogFailure) -> WriteAheadFile {
    let byteCount = entries.reduce(headerByteCount) { $0 + frameHeaderByteCount + $1.count }
    var bytes = header(firstSeq: firstSeq, byteCount: UInt64(byteCount))
    let headerCheck = check(ofHeader: bytes)
    bytes.reserveCapacity(byteCount)
    var ranges: [Range<Int>] = []
    for entry in entries {
      try ensureFits(entry)
      bytes += frame(entry, durableByteCount: bytes.count, headerCheck)
      ranges.append(bytes.count - entry.count..<bytes.count)
    }
    try DurableFiles.replace(path, with: bytes, mode: 0o600)
    try DurableFiles.synchronizeDirectory(DurableFiles.parent(of: path))
    return WriteAheadFile(
      file: try OpenFile(path, O_RDWR), firstSeq: firstSeq, headerCheck: headerCheck,
      ranges: ranges, durableByteCount: byteCount)
  }

  private init(
    file: consuming OpenFile, firstSeq: UInt64, headerCheck: UInt32, ranges: [Range<Int>],
    durableByteCount: Int
  ) {
    self.file = file
    self.firstSeq = firstSeq
    self.headerCheck = headerCheck
    self.ranges = ranges
    self.durableByteCount = durableByteCount
  }

  /// Appends entries as one group; they are durable when this returns.
  ///
  /// After a failure other than `LogFailure.full` the file must not be used again: what is on the
  /// disk is unknown.
  mutating func append(_ entries: [[UInt8]]) throws(LogFailure) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + Self.frameHeaderByteCount })
    var appended: [Range<Int>] = []
    for entry in entries {
      try Self.ensureFits(entry)
      bytes += Self.frame(entry, durableByteCount: durableByteCount, headerCheck)
      let end = durableByteCount + bytes.count
      appended.append(end - entry.count..<end)
    }
    do throws(LogFailure) {
      try file.write(bytes, at: durableByteCount)
    } catch {
      guard case .system(_, _, error: OpenFile.noSpace) = error else { throw error }
      // Nobody was told of these bytes; where they cannot be taken back, the file is given up.
      try file.truncate(to: durableByteCount)
      try file.synchronizeData()
      throw .full("there is no room on the disk for \(bytes.count) bytes more in \(file.path)")
    }
    try file.synchronizeData()
    durableByteCount += bytes.count
    ranges += appended
  }

  /// The entry with a seq that is in the file, after its check.
  func entry(at seq: UInt64) throws(LogFailure) -> [UInt8] {
    guard seq >= firstSeq, seq < nextSeq else {
      throw .notFound("entry \(seq) is not in \(file.path)")
    }
    let range = ranges[Int(seq - firstSeq)]
    let start = range.lowerBound - Self.frameHeaderByteCount
    let bytes = try file.read(range.upperBound - start, at: start)
    guard let frame = Self.frame(in: bytes, at: 0, of: start, headerCheck),
      frame.entry.count == range.count
    else { throw .contradiction("\(file.path) is damaged at byte \(start), in entry \(seq)") }
    return Array(bytes[frame.entry])
  }

  private static func ensureFits(_ entry: [UInt8]) throws(LogFailure) {
    guard entryByteCounts.contains(entry.count) else {
      throw .contradiction(
        "an entry of \(entry.count) bytes cannot be kept; it has 1 to \(entryByteCounts.upperBound)"
      )
    }
  }

  // MARK: Format

  private static func header(firstSeq: UInt64, byteCount: UInt64) -> [UInt8] {
    var bytes = magic + bigEndian(UInt32(1)) + bigEndian(firstSeq) + bigEndian(byteCount)
    var crc = CRC32C()
    crc.update(bytes)
    bytes += bigEndian(crc.value)
    return bytes
  }

  private static func check(ofHeader bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64(bigEndian: bytes[headerByteCount - 4..<headerByteCount]))
  }

  private static func frame(
    _ entry: [UInt8], durableByteCount: Int, _ headerCheck: UInt32
  ) -> [UInt8] {
    let length = bigEndian(UInt32(entry.count))
    let durable = bigEndian(UInt64(durableByteCount))
    var crc = CRC32C()
    crc.update(bigEndian(headerCheck))
    crc.update(length)
    crc.update(durable)
    crc.update(entry)
    return length + bigEndian(crc.value) + durable + entry
  }

  /// What a file's bytes hold.
  struct Scan {
    /// The seq of the first entry.
    var firstSeq: UInt64
    /// Where the entries lie.
    var ranges: [Range<Int>]
    /// Where the last whole frame ends; what follows is a torn tail.
    var validByteCount: Int
    /// The seq that follows the last entry.
    var nextSeq: UInt64 { firstSeq + UInt64(ranges.count) }
  }

  /// Finds the frames of a file's bytes, up to a torn tail.
  ///
  /// - Throws: `LogFailure.contradiction` where the damage is not a torn tail.
  static func scan(_ bytes: [UInt8], path: String) throws(LogFailure) -> Scan {
    guard bytes.count >= headerByteCount, bytes.starts(with: magic) else {
      throw .contradiction("\(path) is not a write-ahead file")
    }
    let firstSeq = UInt64(bigEndian: bytes[12..<20])
    let madeByteCount = UInt64(bigEndian: bytes[20..<28])
    guard bytes.starts(with: header(firstSeq: firstSeq, byteCount: madeByteCount)),
      firstSeq <= UInt64(Int64.max), firstSeq.isMultiple(of: 256)
    else { throw .contradiction("\(path) has a damaged header") }
    let headerCheck = check(ofHeader: bytes)
    var scan = Scan(firstSeq: firstSeq, ranges: [], validByteCount: headerByteCount)
    while let frame = frame(in: bytes, at: scan.validByteCount, of: 0, headerCheck) {
      scan.ranges.append(frame.entry)
      scan.validByteCount = frame.entry.upperBound
    }
    guard madeByteCount <= UInt64(scan.validByteCount) else {
      throw damage(path, scan.validByteCount)
    }
    for offset in scan.validByteCount..<max(scan.validByteCount, bytes.count - frameHeaderByteCount)
    {
      guard let frame = frame(in: bytes, at: offset, of: 0, headerCheck) else { continue }
      if frame.durableByteCount > scan.validByteCount { throw damage(path, scan.validByteCount) }
    }
    return scan
  }

  private static func damage(_ path: String, _ offset: Int) -> LogFailure {
    .contradiction("\(path) is damaged at byte \(offset), which had been durable")
  }

  /// The frame at an offset of bytes that lie in the file from a place on.
  private static func frame(
    in bytes: [UInt8], at offset: Int, of place: Int, _ headerCheck: UInt32
  ) -> (entry: Range<Int>, durableByteCount: Int)? {
    let start = offset + frameHeaderByteCount
    guard start <= bytes.count else { return nil }
    let length = Int(UInt64(bigEndian: bytes[offset..<offset + 4]))
    let durable = UInt64(bigEndian: bytes[offset + 8..<start])
    guard entryByteCounts.contains(length), start + length <= bytes.count,
      durable <= UInt64(place + offset)
    else { return nil }
    var crc = CRC32C()
    crc.update(bigEndian(headerCheck))
    crc.update(bytes[offset..<offset + 4])
    crc.update(bytes[offset + 8..<start + length])
    guard UInt64(crc.value) == UInt64(bigEndian: bytes[offset + 4..<offset + 8]) else { return nil }
    return (start..<start + length, Int(durable))
  }
}

func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

extension UInt64 {
  /// The number in big-endian bytes, eight at the most.
  init(bigEndian bytes: ArraySlice<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
