import Crypto

/// An Ed25519 public key (RFC 8032) that is fit to be trusted.
///
/// Keys of small order and keys with a non-canonical coordinate are refused: under the former one
/// signature fits many messages, under the latter one key has two spellings.
public struct Ed25519PublicKey: Hashable, Sendable, CustomStringConvertible {
  /// The number of bytes in a key.
  public static let byteCount = 32
  /// The number of bytes in a signature.
  public static let signatureByteCount = 64

  /// The key's 32 bytes.
  public let bytes: [UInt8]
  private let key: Curve25519.Signing.PublicKey

  /// The key with these bytes, or nil unless they are 32 bytes of a key fit to be trusted.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Ed25519PublicKey.byteCount,
      !Ed25519PublicKey.hasNonCanonicalCoordinate(bytes),
      !Ed25519PublicKey.hasSmallOrder(bytes),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    else { return nil }
    self.bytes = bytes
    self.key = key
  }

  /// Whether 64 bytes are this key's signature of a message.
  public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    signature.count == Ed25519PublicKey.signatureByteCount
      && key.isValidSignature(signature, for: message)
  }

  /// The key in hexadecimal.
  public var description: String { Hexadecimal.encode(bytes) }

  /// Two keys are equal when their bytes are.
  public static func == (left: Ed25519PublicKey, right: Ed25519PublicKey) -> Bool {
    left.bytes == right.bytes
  }

  /// Hashes the key's bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  /// Whether the coordinate, which is stored modulo 2^255, is not below 2^255 - 19.
  private static func hasNonCanonicalCoordinate(_ bytes: [UInt8]) -> Bool {
    bytes[31] & 0x7F == 0x7F && bytes[1..<31].allSatisfy { $0 == 0xFF } && bytes[0] >= 0xED
  }

  private static func hasSmallOrder(_ bytes: [UInt8]) -> Bool {
    var coordinate = bytes
    coordinate[31] &= 0x7F
    return smallOrderCoordinates.contains(coordinate)
  }

  /// The y coordinates of the eight points whose order divides 8, each for both signs of x.
  private static let smallOrderCoordinates: [[UInt8]] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ].compactMap { Hexadecimal.decode($0) }
}
