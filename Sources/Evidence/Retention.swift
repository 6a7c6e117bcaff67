/// How much room a log takes and has.
public struct LogStorage: Hashable, Sendable {
  /// The first entry that is kept.
  public let firstKept: UInt64
  /// The first entry that must be kept: those before it are in full bundles under the signed head.
  public let mostDroppable: UInt64
  /// The bytes of the full bundles that are kept.
  public let bundleBytes: Int
  /// The bytes that are free on the disk.
  public let freeBytes: Int
  /// The bytes that the disk has.
  public let capacityBytes: Int

  /// What a log takes and has.
  public init(
    firstKept: UInt64, mostDroppable: UInt64, bundleBytes: Int, freeBytes: Int, capacityBytes: Int
  ) {
    self.firstKept = firstKept
    self.mostDroppable = mostDroppable
    self.bundleBytes = bundleBytes
    self.freeBytes = freeBytes
    self.capacityBytes = capacityBytes
  }
}

/// A full bundle of 256 entries, as retention sees it.
public struct StoredBundle: Hashable, Sendable {
  /// The bytes of its file.
  public let byteCount: Int
  /// When its last entry was made by the board's claim, in milliseconds since 1970; nil where it had
  /// no clock.
  public let claimedMilliseconds: UInt64?

  /// A bundle of a size and age.
  public init(byteCount: Int, claimedMilliseconds: UInt64?) {
    self.byteCount = byteCount
    self.claimedMilliseconds = claimedMilliseconds
  }
}
