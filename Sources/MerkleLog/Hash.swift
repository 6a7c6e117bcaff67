/// A SHA-256 value: a leaf hash, a node hash, a root, or a digest.
///
/// The 32 bytes are kept in place, in their order, so that neither a hash nor an array of hashes
/// allocates per element and a tile is one contiguous block.
public struct Hash: Hashable, Sendable {
  /// The number of bytes in a hash.
  public static let byteCount = 32

  // The words are never read as numbers: they are the 32 bytes as they lie in memory.
  private let word0: UInt64
  private let word1: UInt64
  private let word2: UInt64
  private let word3: UInt64

  /// Thirty-two zero bytes: what stands where a previous hash is required and there is none.
  public static let zero = Hash(word0: 0, word1: 0, word2: 0, word3: 0)

  private init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  init(raw: UnsafeRawBufferPointer) {
    precondition(raw.count == Hash.byteCount, "bad math in Hash.init(raw:): \(raw.count) bytes")
    self.init(
      word0: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      word1: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      word2: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
      word3: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
  }

  /// The hash with these 32 bytes, or nil when there are not exactly 32.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Hash.byteCount else { return nil }
    self = bytes.withUnsafeBytes { Hash(raw: $0) }
  }

  /// The hash with these 32 bytes, or nil when there are not exactly 32.
  public init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == Hash.byteCount else { return nil }
    self = bytes.withUnsafeBytes { Hash(raw: $0) }
  }

  /// The hash written as 64 lower-case hexadecimal digits, or nil for any other text.
  public init?(hexadecimal: String) {
    guard let bytes = Hexadecimal.decode(hexadecimal) else { return nil }
    self.init(bytes: bytes)
  }

  /// The hash written in canonical standard base64, or nil for any other text.
  public init?(base64: String) {
    guard let bytes = Base64.decode(base64) else { return nil }
    self.init(bytes: bytes)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// The hash in standard base64 with padding.
  public var base64: String { Base64.encode(bytes) }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: self, body)
  }
}

extension Hash: CustomStringConvertible {
  /// The hash as 64 lower-case hexadecimal digits.
  public var description: String { Hexadecimal.encode(bytes) }
}

extension Hash {
  /// The hashes in a tile's bytes, or nil when their number is not a multiple of 32.
  public static func array(tileBytes: [UInt8]) -> [Hash]? {
    guard tileBytes.count.isMultiple(of: byteCount) else { return nil }
    let count = tileBytes.count / byteCount
    return tileBytes.withUnsafeBytes { raw in
      [Hash](unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
          let start = index * byteCount
          (buffer.baseAddress.map { $0 + index })?.initialize(
            to: Hash(raw: UnsafeRawBufferPointer(rebasing: raw[start..<start + byteCount])))
        }
        initialized = count
      }
    }
  }

  /// The bytes of a tile that holds these hashes.
  public static func tileBytes(_ hashes: some Collection<Hash>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * byteCount)
    for hash in hashes {
      hash.withBytes { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
