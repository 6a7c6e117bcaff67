import Crypto

extension Hash {
  /// The root of the tree without leaves: SHA-256 of nothing (RFC 9162 section 2.1.1).
  public static let empty = Hash.digest(of: [])

  /// SHA-256 of bytes, without any prefix.
  public static func digest(of bytes: [UInt8]) -> Hash {
    var hasher = SHA256()
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return Hash(hasher.finalize())
  }

  /// The leaf hash of an entry: SHA-256(0x00 || entry) (RFC 9162 section 2.1.1).
  public static func leaf(_ entry: [UInt8]) -> Hash {
    entry.withUnsafeBytes { leaf(raw: $0) }
  }

  /// The leaf hash of an entry that lies inside a larger array, without copying it.
  public static func leaf(_ entry: ArraySlice<UInt8>) -> Hash {
    entry.withUnsafeBytes { leaf(raw: $0) }
  }

  /// The leaf hash of an entry in borrowed memory.
  public static func leaf(_ entry: Span<UInt8>) -> Hash {
    entry.withUnsafeBytes { leaf(raw: $0) }
  }

  private static func leaf(raw: UnsafeRawBufferPointer) -> Hash {
    var hasher = LeafHasher()
    hasher.update(raw: raw)
    return hasher.finalize()
  }

  /// The hash of an inner node: SHA-256(0x01 || left || right) (RFC 9162 section 2.1.1).
  public static func node(_ left: Hash, _ right: Hash) -> Hash {
    // One update over 65 contiguous bytes on the stack: two SHA-256 blocks and no array.
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 8) { buffer in
      buffer[0] = 0x01
      buffer.storeBytes(of: left, toByteOffset: 1, as: Hash.self)
      buffer.storeBytes(of: right, toByteOffset: 1 + byteCount, as: Hash.self)
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return Hash(hasher.finalize())
    }
  }

  fileprivate init(_ digest: SHA256Digest) {
    self = digest.withUnsafeBytes { Hash(raw: $0) }
  }
}

/// Computes a leaf hash from an entry that arrives in pieces.
public struct LeafHasher: Sendable {
  private var hasher = SHA256()

  /// A hasher that has seen the leaf prefix 0x00 and nothing else.
  public init() {
    withUnsafeBytes(of: UInt8(0x00)) { hasher.update(bufferPointer: $0) }
  }

  /// Adds the next bytes of the entry.
  public mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBytes { update(raw: $0) }
  }

  mutating func update(raw: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: raw)
  }

  /// The leaf hash of the bytes added so far.
  public func finalize() -> Hash { Hash(hasher.finalize()) }
}
