import Board
import Evidence

/// What a retention policy has to do now.
enum RetentionPlan: Hashable, Sendable {
  /// Entries before one go, and why.
  case drop(before: UInt64, cause: String)
  /// The disk is nearly full and nothing may go, and how full it is.
  case stop(cause: String)
}

extension RetentionSettings {
  /// The bytes that stay free for a last event and head: a twentieth of the disk, 256 KiB to 64 MiB.
  static func reserve(ofCapacity bytes: Int) -> Int { min(64 << 20, max(256 << 10, bytes / 20)) }

  /// What is to be done; nil where nothing is.
  ///
  /// Only whole bundles under the signed head go of which the broker has every entry, the oldest
  /// first. Age counts from the time that a bundle's last entry states; one that states none is as
  /// old as the next that does.
  func plan(
    _ storage: LogStorage, acknowledged: UInt64, unixMilliseconds now: UInt64?,
    bundle: (UInt64) throws(LogFailure) -> StoredBundle
  ) throws(LogFailure) -> RetentionPlan? {
    let reserve = Self.reserve(ofCapacity: storage.capacityBytes)
    let missing = reserve - storage.freeBytes
    let beyondSize = size.map { storage.bundleBytes - $0 } ?? 0
    let limit = min(storage.mostDroppable, acknowledged) / 256 * 256
    var excess = max(beyondSize, whenFull == .dropOldest ? missing : 0)
    var end = storage.firstKept
    var next = end
    var cause = excess > 0 && excess == missing ? "the disk is full" : "beyond the size to keep"
    while next < limit {
      let stored = try bundle(next)
      next += 256
      if excess > 0 {
        excess -= stored.byteCount
        end = next
      } else if let age, let now, let made = stored.claimedMilliseconds {
        guard made + UInt64(age.nanoseconds / 1_000_000) < now else { break }
        if end == storage.firstKept { cause = "beyond the age to keep" }
        end = next
      } else if age == nil {
        break
      }
    }
    if end > storage.firstKept { return .drop(before: end, cause: cause) }
    guard missing > 0 else { return nil }
    return .stop(
      cause: "the disk has \(storage.freeBytes) bytes left, fewer than the \(reserve) in reserve")
  }
}
