/// The short identifier of a note key: four bytes that say which key a signature is meant for.
///
/// Source: c2sp.org/signed-note: SHA-256(name || 0x0A || type || key)[:4]. It is a hint and no
/// fingerprint: a colliding key is cheap to make and only leads to a failed verification.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
  /// The four bytes as a big-endian number.
  public let value: UInt32

  /// The identifier with a value.
  public init(value: UInt32) { self.value = value }

  /// The identifier in four bytes, or nil when there are not exactly four.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 4 else { return nil }
    value = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The identifier of a key under a name and with a signature type byte.
  public init(name: String, type: UInt8, publicKey: [UInt8]) {
    let digest = Hash.digest(of: Array(name.utf8) + [0x0A, type] + publicKey)
    value = digest.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The four bytes, most significant first.
  public var bytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) }
  }

  /// Eight lower-case hexadecimal digits.
  public var description: String { Hexadecimal.encode(bytes) }
}
