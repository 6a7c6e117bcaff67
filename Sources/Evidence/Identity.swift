import Crypto
import MerkleLog

/// A log's private key in memory, with the identity it makes.
///
/// It is not `Codable` and neither printing nor mirroring it shows the key. ``seed`` is the one way
/// out, for the file that keeps it.
public struct Identity: Signer {
  /// The number of bytes in a seed.
  public static let seedByteCount = 32

  /// The identity.
  public let did: DIDKey
  private let key: Curve25519.Signing.PrivateKey

  private init(key: Curve25519.Signing.PrivateKey) throws(SigningError) {
    guard let publicKey = Ed25519PublicKey(bytes: Array(key.publicKey.rawRepresentation)) else {
      throw SigningError("the seed does not make a usable Ed25519 key")
    }
    did = DIDKey(publicKey: publicKey)
    self.key = key
  }

  /// The identity of a 32-byte Ed25519 seed (RFC 8032 section 5.1.5).
  ///
  /// - Throws: ``SigningError`` when there are not exactly 32 bytes.
  public init(seed: [UInt8]) throws(SigningError) {
    guard seed.count == Identity.seedByteCount,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { throw SigningError("a seed has 32 bytes, not \(seed.count)") }
    try self.init(key: key)
  }

  /// A new identity from the system's cryptographically secure generator.
  ///
  /// - Throws: ``SigningError`` when the generated key is not usable, which does not happen.
  public static func generate() throws(SigningError) -> Identity {
    try Identity(key: Curve25519.Signing.PrivateKey())
  }

  /// The 32 secret bytes, for writing them to the key file and for nothing else.
  public var seed: [UInt8] { Array(key.rawRepresentation) }

  /// The log's verifier key text.
  public var vkey: String { did.vkey }

  /// The 64-byte Ed25519 signature over a message.
  ///
  /// - Throws: ``SigningError`` when the cryptography library fails.
  public func signature(over message: [UInt8]) throws(SigningError) -> [UInt8] {
    do {
      return Array(try key.signature(for: message))
    } catch {
      throw SigningError("Ed25519 signing failed")
    }
  }
}

extension Identity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The DID, and a word that says that the key is not shown.
  public var description: String { "\(did) (private key redacted)" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// A mirror that has the DID and not the key.
  public var customMirror: Mirror { Mirror(self, children: ["did": did]) }
}
