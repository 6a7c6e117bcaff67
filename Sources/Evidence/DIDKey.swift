public import MerkleLog

/// A board's identity: its Ed25519 public key as a `did:key`.
///
/// `did:key:z` + base58btc(0xED 0x01 || 32-byte key). The text is also the log's origin and the name
/// of its note key: one key, one DID, one log.
public struct DIDKey: Hashable, Sendable, CustomStringConvertible {
  private static let prefix = "did:key:z"
  /// The multicodec code 0xED (ed25519-pub) as a varint.
  private static let multicodec: [UInt8] = [0xED, 0x01]

  /// The public key.
  public let publicKey: Ed25519PublicKey
  /// The DID's text.
  public let description: String
  /// The key identifier in checkpoints, and the `kid` of entries.
  public let keyID: KeyID

  /// The identity of a public key.
  public init(publicKey: Ed25519PublicKey) {
    self.publicKey = publicKey
    description = DIDKey.prefix + Base58.encode(DIDKey.multicodec + publicKey.bytes)
    keyID = KeyID(
      name: description, type: NoteVerifier.Algorithm.ed25519.rawValue,
      publicKey: publicKey.bytes)
  }

  /// The identity in a DID's text.
  ///
  /// - Throws: ``DIDKeyError`` unless the text is exactly the DID of a usable Ed25519 key.
  public init(parsing text: String) throws(DIDKeyError) {
    guard text.utf8.starts(with: DIDKey.prefix.utf8),
      let bytes = Base58.decode(text.dropFirst(DIDKey.prefix.count))
    else { throw .malformed }
    guard bytes.starts(with: DIDKey.multicodec) else { throw .notEd25519 }
    guard let key = Ed25519PublicKey(bytes: Array(bytes.dropFirst(DIDKey.multicodec.count)))
    else { throw .badPublicKey }
    self.init(publicKey: key)
    guard description.utf8.elementsEqual(text.utf8) else { throw .malformed }
  }

  /// The key that checks the log's checkpoints; its name is the DID.
  public var noteVerifier: NoteVerifier {
    // Base58 text has neither spaces nor plus signs, so the DID is always a key name.
    guard let verifier = NoteVerifier(name: description, algorithm: .ed25519, publicKey: publicKey)
    else { preconditionFailure("bad name in DIDKey.noteVerifier: \(description)") }
    return verifier
  }

  /// The log's verifier key text.
  public var vkey: String { noteVerifier.description }

  /// The log's name on a chain: SHA-256 of the origin.
  public var logID: Hash { .digest(of: Array(description.utf8)) }
}

/// Why a text is not an identity of a log.
public enum DIDKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is not `did:key:z` and base58btc.
  case malformed
  /// The DID is of another kind of key.
  case notEd25519
  /// The key is not 32 bytes of an Ed25519 key fit to be trusted.
  case badPublicKey

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed: "not a DID of a log: write did:key:z6Mk… (base58btc)"
    case .notEd25519: "the DID is not of an Ed25519 key; those start with did:key:z6Mk"
    case .badPublicKey: "the DID does not hold a usable 32-byte Ed25519 public key"
    }
  }
}
