public import Evidence
import Glibc

/// What opens the hidden records of a log: files beside it, one for each bundle of 256 entries.
///
/// ```text
/// frame   u32 length of the disclosure | u32 crc32c of the rest of the frame | u64 seq | disclosure
/// ```
///
/// Numbers are big-endian. A disclosure is durable before the entry that holds its digest, so that no
/// entry hides what nobody can open. One whose entry never came, since power was lost between the two,
/// opens nothing and does no harm. A frame that does not check is skipped.
public struct DisclosureStore: Sendable {
  /// The directory of the files.
  public let path: String

  /// The store of a state directory.
  public init(stateDirectory: String) {
    path = stateDirectory + "/disclosures"
  }

  /// Whether there is anything in it.
  public var exists: Bool { DurableFiles.isDirectory(path) }

  private func file(of seq: UInt64) -> String { "\(path)/\(seq / 256)" }

  /// Keeps what opens records of entries; it is durable when this returns.
  ///
  /// - Parameter end: Where the last file written ends, so that it is read once only.
  func append(
    _ disclosures: [(seq: UInt64, bytes: [UInt8])], end: inout (index: UInt64, offset: Int)?
  ) throws(LogFailure) {
    if !exists { try DurableFiles.makeDirectory(path, mode: 0o700) }
    var byFile: [UInt64: [UInt8]] = [:]
    for disclosure in disclosures {
      byFile[disclosure.seq / 256, default: []] += Self.frame(disclosure.bytes, disclosure.seq)
    }
    for (index, bytes) in byFile.sorted(by: { $0.key < $1.key }) {
      let file = try OpenFile(file(of: index * 256), O_RDWR | O_CREAT, mode: 0o600)
      let start: Int
      if let end, end.index == index {
        start = end.offset
      } else {
        // What a loss of power left of a frame is written over.
        start = Self.scan(try file.read(file.byteCount, at: 0)).end
        try file.truncate(to: start)
      }
      end = nil
      do throws(LogFailure) {
        try file.write(bytes, at: start)
      } catch {
        guard case .system(_, _, error: OpenFile.noSpace) = error else { throw error }
        try file.truncate(to: start)
        throw .full("there is no room on the disk for \(bytes.count) bytes more in \(file.path)")
      }
      try file.synchronizeData()
      if start == 0 { try DurableFiles.synchronizeDirectory(path) }
      end = (index, start + bytes.count)
    }
  }

  /// Deletes what opens records of a bundle of entries, when the bundle itself goes.
  func remove(bundle index: UInt64) throws(LogFailure) {
    try DurableFiles.remove(file(of: index * 256))
  }

  /// What opens records of an entry, as far as it was not deleted.
  ///
  /// What was kept for an entry that never came, in the same place, does not open this one and is left
  /// out.
  public func disclosures(of entry: SignedEntry) throws(LogFailure) -> [Disclosure] {
    guard exists, let digests = try? entry.entry.dataBody().digests, !digests.isEmpty else {
      return []
    }
    let seq = entry.entry.sequence
    let bytes = try DurableFiles.read(file(of: seq), limit: .max) ?? []
    return Self.scan(bytes).frames.filter { $0.seq == seq }.compactMap {
      try? Disclosure(parsing: Array(bytes[$0.range]))
    }.filter { digests.contains($0.digest) }
  }

  /// Deletes what meets a condition, for good; gives how many records can't be opened any more.
  ///
  /// Each file is written anew without it and put in the old one's place; then the old one's bytes are
  /// overwritten. What was measured while nothing was signed (SpoolFile) is not touched. Flash memory and file systems that copy on write may keep a block for a while.
  ///
  /// - Throws: `LogFailure.heldByAnother` while a board runs.
  public static func redact(
    stateDirectory: String, where condition: (UInt64, Disclosure) -> Bool
  ) throws(LogFailure) -> Int {
    let store = DisclosureStore(stateDirectory: stateDirectory)
    guard store.exists else { return 0 }
    let lock = try WriterLock(stateDirectory: stateDirectory)
    defer { _ = lock.isHeld }
    var count = 0
    for name in try DurableFiles.names(in: store.path) {
      let path = store.path + "/" + name
      guard UInt64(name) != nil else {
        // What a crash left of an earlier redaction.
        try DurableFiles.remove(path)
        continue
      }
      let bytes = try DurableFiles.read(path, limit: .max) ?? []
      var kept: [UInt8] = []
      var deleted: [Range<Int>] = []
      for frame in scan(bytes).frames {
        let isDeleted =
          (try? Disclosure(parsing: Array(bytes[frame.range]))).map { condition(frame.seq, $0) }
          ?? false
        if isDeleted {
          deleted.append(frame.range)
        } else {
          kept += bytes[frame.range.lowerBound - headerByteCount..<frame.range.upperBound]
        }
      }
      guard !deleted.isEmpty else { continue }
      count += deleted.count
      let old = try OpenFile(path, O_RDWR)
      try DurableFiles.replace(path, with: kept, mode: 0o600)
      try DurableFiles.synchronizeDirectory(store.path)
      for range in deleted {
        try old.write([UInt8](repeating: 0, count: range.count), at: range.lowerBound)
      }
      try old.synchronize()
    }
    try DurableFiles.synchronizeDirectory(store.path)
    return count
  }

  // MARK: Format

  private static let headerByteCount = 16

  private static func frame(_ bytes: [UInt8], _ seq: UInt64) -> [UInt8] {
    var crc = CRC32C()
    crc.update(bigEndian(seq))
    crc.update(bytes)
    return bigEndian(UInt32(bytes.count)) + bigEndian(crc.value) + bigEndian(seq) + bytes
  }

  static func scan(
    _ bytes: [UInt8]
  ) -> (frames: [(seq: UInt64, range: Range<Int>)], end: Int) {
    var frames: [(seq: UInt64, range: Range<Int>)] = []
    var end = 0
    var offset = 0
    while offset + headerByteCount <= bytes.count {
      let count = Int(UInt64(bigEndian: bytes[offset..<offset + 4]))
      let start = offset + headerByteCount
      guard (1...SignedEntry.maximumByteCount).contains(count), start + count <= bytes.count,
        isWhole(bytes, offset, start + count)
      else {
        // What is damaged costs itself and nothing behind it.
        offset += 1
        continue
      }
      frames.append((UInt64(bigEndian: bytes[offset + 8..<start]), start..<start + count))
      offset = start + count
      end = offset
    }
    return (frames, end)
  }
}

extension DisclosureStore {
  private static func isWhole(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    var crc = CRC32C()
    crc.update(bytes[start + 8..<end])
    return UInt64(crc.value) == UInt64(bigEndian: bytes[start + 4..<start + 8])
  }
}

extension LogDirectory {
  /// Keeps what opens records of entries that are about to be appended; it is durable when this returns.
  public func keep(_ disclosures: [[Disclosure]], from seq: UInt64) throws(LogFailure) {
    var all: [(seq: UInt64, bytes: [UInt8])] = []
    for (offset, group) in disclosures.enumerated() {
      all += group.map { (seq + UInt64(offset), $0.bytes) }
    }
    guard !all.isEmpty else { return }
    try ensureOpen()
    do throws(LogFailure) {
      try DisclosureStore(stateDirectory: path).append(all, end: &disclosureEnd)
    } catch {
      disclosureEnd = nil
      throw error
    }
  }

  /// What opens records of an entry.
  public func disclosures(of seq: UInt64) throws(LogFailure) -> [Disclosure] {
    let store = DisclosureStore(stateDirectory: path)
    guard store.exists, let entry = try? SignedEntry(parsing: try entry(at: seq)) else { return [] }
    return try store.disclosures(of: entry)
  }
}
