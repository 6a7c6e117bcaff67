/// A public key that checks signatures of notes under a name.
///
/// Its text form is the verifier key (vkey) `<name>+<key ID>+<base64(type || public key)>`. The text
/// is split at the first two `+`: base64 may contain more of them.
public struct NoteVerifier: Hashable, Sendable, CustomStringConvertible {
  /// What kind of signature a key makes: the type byte of c2sp.org/signed-note.
  public enum Algorithm: UInt8, Hashable, Sendable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// A witness's timestamped Ed25519 cosignature, c2sp.org/tlog-cosignature `cosignature/v1`.
    case cosignature = 0x04
  }

  /// The key's name.
  public let name: String
  /// The kind of signature that the key makes.
  public let algorithm: Algorithm
  /// The public key.
  public let publicKey: Ed25519PublicKey
  /// The key's identifier, which follows from the other three.
  public let keyID: KeyID

  /// A key under a name, or nil when the name is empty or has a space, a `+` or a control character.
  public init?(name: String, algorithm: Algorithm, publicKey: Ed25519PublicKey) {
    guard NoteVerifier.isName(name) else { return nil }
    self.init(checkedName: name, algorithm: algorithm, publicKey: publicKey)
  }

  package init(checkedName name: String, algorithm: Algorithm, publicKey: Ed25519PublicKey) {
    self.name = name
    self.algorithm = algorithm
    self.publicKey = publicKey
    keyID = KeyID(name: name, type: algorithm.rawValue, publicKey: publicKey.bytes)
  }

  /// The key in a vkey text.
  ///
  /// - Throws: ``NoteVerifierError`` for a malformed text, a type this module does not know, or a key
  ///   identifier that does not belong to the key.
  public init(parsing text: String) throws(NoteVerifierError) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, NoteVerifier.isName(String(parts[0])),
      let idBytes = Hexadecimal.decode(String(parts[1])), let written = KeyID(bytes: idBytes),
      let material = Base64.decode(String(parts[2])), let type = material.first
    else { throw .malformed }
    guard let algorithm = Algorithm(rawValue: type) else { throw .unknownAlgorithm(type: type) }
    guard let publicKey = Ed25519PublicKey(bytes: Array(material.dropFirst())) else {
      throw .badPublicKey
    }
    self.init(checkedName: String(parts[0]), algorithm: algorithm, publicKey: publicKey)
    guard keyID == written else { throw .keyIDMismatch(written: written, computed: keyID) }
    guard description.utf8.elementsEqual(text.utf8) else { throw .malformed }
  }

  /// The vkey text.
  public var description: String {
    "\(name)+\(keyID)+\(Base64.encode([algorithm.rawValue] + publicKey.bytes))"
  }

  /// Whether a text may be a key name: not empty, no Unicode space, no `+`, no control character.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
      }
  }

  /// Whether a signature line was made with this key: name and key identifier are both its own.
  public func isNamed(by signature: NoteSignature) -> Bool {
    keyID == signature.keyID && name.utf8.elementsEqual(signature.name.utf8)
  }

  /// Whether a signature line is this key's signature of a text.
  public func isValid(_ signature: NoteSignature, for text: String) -> Bool {
    guard isNamed(by: signature) else { return false }
    switch algorithm {
    case .ed25519:
      return publicKey.isValidSignature(signature.payload, for: Array(text.utf8))
    case .cosignature:
      guard let seconds = signature.cosignatureUnixSeconds else { return false }
      return publicKey.isValidSignature(
        Array(signature.payload.dropFirst(8)),
        for: NoteSignature.cosignedMessage(text: text, unixSeconds: seconds))
    }
  }
}

/// Why a text is not a verifier key.
public enum NoteVerifierError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text is not `<name>+<8 hexadecimal digits>+<base64>`.
  case malformed
  /// The signature type byte is neither 0x01 nor 0x04.
  case unknownAlgorithm(type: UInt8)
  /// The public key is not 32 bytes of an Ed25519 key fit to be trusted.
  case badPublicKey
  /// The key identifier in the text is not the key's.
  case keyIDMismatch(written: KeyID, computed: KeyID)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed:
      "not a verifier key: write <name>+<8 hexadecimal digits>+<base64 of type and key>"
    case .unknownAlgorithm(let type):
      "signature type \(type) is not supported: 1 (Ed25519) and 4 (cosignature/v1) are"
    case .badPublicKey:
      "the verifier key does not hold a usable 32-byte Ed25519 public key"
    case .keyIDMismatch(let written, let computed):
      "the verifier key says key ID \(written), but its key has \(computed)"
    }
  }
}
