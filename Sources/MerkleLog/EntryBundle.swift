/// Up to 256 consecutive log entries in one file.
///
/// Source: c2sp.org/tlog-tiles, "Log entries": every entry after its length as a big-endian uint16.
public struct EntryBundle: Hashable, Sendable {
  /// The largest entry that a bundle can carry, in bytes.
  public static let maximumEntryByteCount = 65535

  /// The entries in the order of the log.
  public private(set) var entries: [[UInt8]]

  /// A bundle of entries.
  ///
  /// - Throws: ``EntryBundleError`` for no entry, more than 256, or an entry over 65535 bytes.
  public init(entries: [[UInt8]]) throws(EntryBundleError) {
    guard 1...Tile.fullWidth ~= entries.count else { throw .count(entries.count) }
    for (position, entry) in entries.enumerated()
    where entry.count > EntryBundle.maximumEntryByteCount {
      throw .entryTooLong(position: position, byteCount: entry.count)
    }
    self.entries = entries
  }

  /// The bundle in a file's bytes, which must hold exactly as many entries as the tile is wide.
  ///
  /// - Throws: ``EntryBundleError`` for a truncated entry, trailing bytes, or another number.
  public init(decoding bytes: [UInt8], width: Int) throws(EntryBundleError) {
    let ranges = try EntryBundle.ranges(in: bytes)
    guard ranges.count == width, 1...Tile.fullWidth ~= width else { throw .count(ranges.count) }
    entries = ranges.map { Array(bytes[$0]) }
  }

  /// The places of the entries in a bundle's bytes, for reading them without a copy.
  ///
  /// - Throws: ``EntryBundleError/truncated(byteOffset:)`` when the last entry is cut short.
  public static func ranges(in bytes: [UInt8]) throws(EntryBundleError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var offset = 0
    while offset < bytes.count {
      guard bytes.count - offset >= 2 else { throw .truncated(byteOffset: offset) }
      let count = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
      guard bytes.count - offset - 2 >= count else { throw .truncated(byteOffset: offset) }
      ranges.append(offset + 2..<offset + 2 + count)
      offset += 2 + count
    }
    return ranges
  }

  /// The bundle's bytes.
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + 2 + $1.count })
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }
}

/// Why bytes or entries are not an entry bundle.
public enum EntryBundleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are no entries, more than 256, or not as many as the tile is wide.
  case count(Int)
  /// An entry has more than 65535 bytes.
  case entryTooLong(position: Int, byteCount: Int)
  /// The bytes end inside the entry that starts at this offset.
  case truncated(byteOffset: Int)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .count(let count):
      "the entry bundle holds \(count) entries, which is not what its path says (1 to 256)"
    case .entryTooLong(let position, let byteCount):
      "entry \(position) of the bundle has \(byteCount) bytes; a bundle carries at most 65535"
    case .truncated(let offset):
      "the entry bundle ends inside the entry at byte \(offset)"
    }
  }
}
