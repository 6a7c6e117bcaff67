import MerkleLog

extension DIDKey {
  /// The DER of a SubjectPublicKeyInfo up to the key's bytes (RFC 8410 section 4).
  private static let derPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  private static let pemHeader = "-----BEGIN PUBLIC KEY-----\n"
  private static let pemFooter = "\n-----END PUBLIC KEY-----\n"

  /// The public key as a SubjectPublicKeyInfo in PEM (RFC 8410, RFC 7468), as OpenSSL reads it.
  public var publicKeyPEM: String {
    DIDKey.pemHeader + Base64.encode(DIDKey.derPrefix + publicKey.bytes) + DIDKey.pemFooter
  }

  /// The identity of the public key in a PEM text, which must be exactly what ``publicKeyPEM`` writes.
  ///
  /// - Throws: ``DIDKeyError``.
  public init(publicKeyPEM text: String) throws(DIDKeyError) {
    guard text.hasPrefix(DIDKey.pemHeader), text.hasSuffix(DIDKey.pemFooter),
      text.count > DIDKey.pemHeader.count + DIDKey.pemFooter.count
    else { throw .malformed }
    let body = text.dropFirst(DIDKey.pemHeader.count).dropLast(DIDKey.pemFooter.count)
    guard let der = Base64.decode(String(body)) else { throw .malformed }
    guard der.starts(with: DIDKey.derPrefix) else { throw .notEd25519 }
    guard let key = Ed25519PublicKey(bytes: Array(der.dropFirst(DIDKey.derPrefix.count))) else {
      throw .badPublicKey
    }
    self.init(publicKey: key)
    guard publicKeyPEM.utf8.elementsEqual(text.utf8) else { throw .malformed }
  }
}
