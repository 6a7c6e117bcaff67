import MerkleLog

/// The parts of COSE (RFC 9052) that entries and receipts use.
enum COSE {
  /// The tag of a COSE_Sign1.
  static let sign1Tag: UInt64 = 18
  /// EdDSA, which is written; RFC 9864 deprecates it, but not every verifier knows -19 yet.
  static let edDSA = CBOR.integer(-8)
  /// Ed25519 by its own number, which is read as well.
  static let ed25519 = CBOR.integer(-19)

  /// The header labels.
  enum Label {
    static let algorithm: UInt64 = 1
    static let contentType: UInt64 = 3
    static let keyID: UInt64 = 4
    static let claims: UInt64 = 15
    static let verifiableDataStructure: UInt64 = 395
    static let verifiableDataProofs: UInt64 = 396
    static let receipts: UInt64 = 394
  }

  /// The claims in a CWT claims header (RFC 9597).
  enum Claim {
    static let issuer: UInt64 = 1
    static let subject: UInt64 = 2
  }

  /// application/cbor.
  static let contentTypeCBOR: UInt64 = 60

  /// What is signed: `["Signature1", protected, h'', payload]` (RFC 9052 section 4.4).
  static func signatureInput(protected: [UInt8], payload: [UInt8]) -> [UInt8] {
    var encoder = CBOREncoder(reservingByteCount: protected.count + payload.count + 24)
    encoder.appendArrayHead(count: 4)
    encoder.appendText("Signature1")
    encoder.appendBytes(protected)
    encoder.appendBytes([])
    encoder.appendBytes(payload)
    return encoder.bytes
  }
}
