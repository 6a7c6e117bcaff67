import Evidence
import Glibc

/// The tail of the log: every entry since the last full bundle, in frames, synchronised in groups.
///
/// ```text
/// header  "CAIRNWAL" | u32 version 1 | u64 seq of the first entry | u32 crc32c of the 20 bytes
/// frame   u32 length of the entry | u32 crc32c of all the rest of the frame
///         | u64 bytes of the file that were durable before this frame's group | entry
/// ```
///
/// Numbers are big-endian. The third field of a frame tells a torn tail from a damaged file: where a
/// later frame says that a broken place had been durable, the file was damaged after the fact.
struct WriteAheadFile: ~Copyable {
  static let headerByteCount = 24
  static let frameHeaderByteCount = 16
  private static let magic = Array("CAIRNWAL".utf8)

  private let file: OpenFile
  /// The seq of the first entry in the file.
  let firstSeq: UInt64
  private var frames: [Range<Int>] = []
  private var durableByteCount: Int

  /// The number of entries in the file.
  var count: Int { frames.count }
  /// The seq of the entry that will be appended next.
  var nextSeq: UInt64 { firstSeq + UInt64(frames.count) }

  /// Makes a file with entries from a seq on, durable under its name when it returns.
  static func create(
    at path: String, firstSeq: UInt64, entries: [[UInt8]] = []
  ) throws(LogFailure) -> WriteAheadFile {
    var bytes = header(firstSeq: firstSeq)
    for entry in entries { bytes += frame(entry, durableByteCount: headerByteCount) }
    try DurableFiles.replace(path, with: bytes, mode: 0o600)
    try DurableFiles.synchronizeDirectory(DurableFiles.parent(of: path))
    return try WriteAheadFile(opening: path, repairing: false)
  }

  /// Opens a file; with `repairing`, a torn tail is cut off, otherwise it is left and passed over.
  init(opening path: String, repairing: Bool) throws(LogFailure) {
    let file = try OpenFile(path, repairing ? O_RDWR : O_RDWR)
    let bytes = try file.read(try file.byteCount, at: 0)
    let scan = try Self.scan(bytes, path: path)
    if repairing, scan.validByteCount < bytes.count {
      try file.truncate(to: scan.validByteCount)
      try file.synchronize()
    }
    self.file = file
    firstSeq = scan.firstSeq
    frames = scan.frames
    durableByteCount = scan.validByteCount
  }

  /// Appends entries as one group; they are durable when this returns.
  mutating func append(_ entries: [[UInt8]]) throws(LogFailure) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + Self.frameHeaderByteCount })
    var ranges: [Range<Int>] = []
    for entry in entries {
      let start = durableByteCount + bytes.count + Self.frameHeaderByteCount
      bytes += Self.frame(entry, durableByteCount: durableByteCount)
      ranges.append(start..<start + entry.count)
    }
    try file.write(bytes, at: durableByteCount)
    try file.synchronizeData()
    durableByteCount += bytes.count
    frames += ranges
  }

  /// The entry with a seq that is in the file.
  func entry(at seq: UInt64) throws(LogFailure) -> [UInt8] {
    guard seq >= firstSeq, seq < nextSeq else {
      throw .notFound("entry \(seq) is not in \(file.path)")
    }
    let range = frames[Int(seq - firstSeq)]
    let bytes = try file.read(range.count, at: range.lowerBound)
    guard bytes.count == range.count else {
      throw .contradiction("\(file.path) ends inside entry \(seq)")
    }
    return bytes
  }

  // MARK: Format

  private static func header(firstSeq: UInt64) -> [UInt8] {
    var bytes = magic + bigEndian(UInt32(1)) + bigEndian(firstSeq)
    var crc = CRC32C()
    crc.update(bytes)
    bytes += bigEndian(crc.value)
    return bytes
  }

  private static func frame(_ entry: [UInt8], durableByteCount: Int) -> [UInt8] {
    let length = bigEndian(UInt32(entry.count))
    let durable = bigEndian(UInt64(durableByteCount))
    var crc = CRC32C()
    crc.update(length)
    crc.update(durable)
    crc.update(entry)
    return length + bigEndian(crc.value) + durable + entry
  }

  struct Scan {
    var firstSeq: UInt64
    var frames: [Range<Int>]
    var validByteCount: Int
  }

  /// Finds the frames of a file's bytes, up to a torn tail.
  ///
  /// - Throws: `LogFailure.contradiction` where the damage is not a torn tail.
  static func scan(_ bytes: [UInt8], path: String) throws(LogFailure) -> Scan {
    guard bytes.count >= headerByteCount, Array(bytes[..<8]) == magic else {
      throw .contradiction("\(path) is not a write-ahead file")
    }
    let firstSeq = UInt64(bigEndian: bytes[12..<20])
    guard Array(bytes[..<headerByteCount]) == header(firstSeq: firstSeq) else {
      throw .contradiction("\(path) has a damaged header")
    }
    var scan = Scan(firstSeq: firstSeq, frames: [], validByteCount: headerByteCount)
    while let frame = frame(in: bytes, at: scan.validByteCount) {
      scan.frames.append(frame.entry)
      scan.validByteCount = frame.entry.upperBound
    }
    for offset in scan.validByteCount..<max(scan.validByteCount, bytes.count - frameHeaderByteCount)
    {
      guard let frame = frame(in: bytes, at: offset) else { continue }
      if frame.durableByteCount > scan.validByteCount {
        throw .contradiction(
          "\(path) is damaged at byte \(scan.validByteCount), which had been durable")
      }
    }
    return scan
  }

  private static func frame(
    in bytes: [UInt8], at offset: Int
  ) -> (entry: Range<Int>, durableByteCount: Int)? {
    let start = offset + frameHeaderByteCount
    guard start <= bytes.count else { return nil }
    let length = Int(UInt64(bigEndian: bytes[offset..<offset + 4]))
    let durable = UInt64(bigEndian: bytes[offset + 8..<start])
    guard length > 0, length <= 65_535, start + length <= bytes.count, durable <= UInt64(offset)
    else { return nil }
    var crc = CRC32C()
    crc.update(bytes[offset..<offset + 4])
    crc.update(bytes[offset + 8..<start + length])
    guard crc.value == UInt32(UInt64(bigEndian: bytes[offset + 4..<offset + 8])) else { return nil }
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
