public import MerkleLog

/// A log entry as it is stored, published and hashed: one COSE_Sign1 (RFC 9052), tag 18.
///
/// `18([protected, {}, payload, signature])` with protected `{1: -8, 3: 60, 4: kid, 15: {1: DID, 2:
/// subject}}`. The unprotected header is always empty, for the leaf hash covers it.
public struct SignedEntry: Hashable, Sendable {
  /// The most bytes that an entry may have: its length is a uint16 in entry bundles.
  public static let maximumByteCount = EntryBundle.maximumEntryByteCount
  /// What the subject of a simulated board ends in.
  public static let simulatedSuffix = ":simulated"

  /// The whole entry.
  public let bytes: [UInt8]
  /// What the entry states.
  public let entry: Entry
  /// The identity that claims to have signed it.
  public let issuer: DIDKey
  /// The key identifier in the header, which must be the issuer's.
  public let keyID: KeyID
  /// The name of the installation, `urn:dev:…`.
  public let subject: String
  private let protectedRange: Range<Int>
  private let payloadRange: Range<Int>
  private let signatureRange: Range<Int>

  /// The entry in bytes, which must be exactly its encoding; the signature is not checked.
  ///
  /// - Parameters:
  ///   - bytes: The entry.
  ///   - known: An identity that need not be parsed again when it is the issuer.
  /// - Throws: ``EntryError`` with the byte offset or the field.
  public init(parsing bytes: [UInt8], knownIssuer known: DIDKey? = nil) throws(EntryError) {
    guard bytes.count <= SignedEntry.maximumByteCount else {
      throw .tooLong(byteCount: bytes.count)
    }
    let parts: (Range<Int>, Range<Int>, Range<Int>)
    let header: CBOR
    let payload: CBOR
    do {
      parts = try SignedEntry.split(bytes)
      header = try SignedEntry.value(in: bytes, parts.0)
      payload = try SignedEntry.value(in: bytes, parts.1)
    } catch {
      throw .malformed(error)
    }
    guard parts.2.count == Ed25519PublicKey.signatureByteCount else {
      throw .field("signature", "has \(parts.2.count) bytes, not 64")
    }
    (protectedRange, payloadRange, signatureRange) = parts
    self.bytes = bytes
    (issuer, keyID, subject) = try SignedEntry.header(header, known: known)
    entry = try Entry(cbor: payload)
  }

  private static func split(
    _ bytes: [UInt8]
  ) throws(CBORError) -> (protected: Range<Int>, payload: Range<Int>, signature: Range<Int>) {
    var reader = CBORReader(bytes)
    guard try reader.readTag() == COSE.sign1Tag else {
      throw CBORError(byteOffset: 0, reason: .expected("tag 18 (COSE_Sign1)"))
    }
    guard try reader.readArrayCount() == 4 else {
      throw CBORError(byteOffset: 1, reason: .expected("an array of four"))
    }
    let protected = try reader.readByteStringRange()
    let unprotectedOffset = reader.offset
    guard try reader.readMapPairCount() == 0 else {
      throw CBORError(
        byteOffset: unprotectedOffset, reason: .expected("an empty unprotected header"))
    }
    let payload = try reader.readByteStringRange()
    let signature = try reader.readByteStringRange()
    try reader.requireEnd()
    return (protected, payload, signature)
  }

  private static func value(in bytes: [UInt8], _ range: Range<Int>) throws(CBORError) -> CBOR {
    var reader = CBORReader(bytes, range: range)
    let value = try reader.readValue()
    try reader.requireEnd()
    return value
  }

  private static func header(
    _ header: CBOR, known: DIDKey?
  ) throws(EntryError) -> (issuer: DIDKey, keyID: KeyID, subject: String) {
    guard header.mapValue?.count == 4 else {
      throw .field("protected header", "is not a map of labels 1, 3, 4 and 15")
    }
    guard let algorithm = header[COSE.Label.algorithm],
      [COSE.edDSA, COSE.ed25519].contains(algorithm)
    else { throw .field("header 1 (alg)", "is neither -8 nor -19") }
    guard header[COSE.Label.contentType] == .unsigned(COSE.contentTypeCBOR) else {
      throw .field("header 3 (content type)", "is not \(COSE.contentTypeCBOR)")
    }
    guard let keyID = header[COSE.Label.keyID]?.bytesValue.flatMap({ KeyID(bytes: $0) }) else {
      throw .field("header 4 (kid)", "is not 4 bytes")
    }
    guard let claims = header[COSE.Label.claims], claims.mapValue?.count == 2,
      let issuerText = claims[COSE.Claim.issuer]?.textValue,
      let subject = claims[COSE.Claim.subject]?.textValue, !subject.isEmpty
    else { throw .field("header 15 (claims)", "is not {1: issuer, 2: subject}") }
    if let known, known.description.utf8.elementsEqual(issuerText.utf8) {
      return (known, keyID, subject)
    }
    do {
      return (try DIDKey(parsing: issuerText), keyID, subject)
    } catch {
      throw .field("header 15 (claims) 1 (iss)", "is no identity: \(error)")
    }
  }

  /// The payload's bytes, which the signature covers.
  public var payload: [UInt8] { Array(bytes[payloadRange]) }

  /// The 64-byte signature.
  public var signature: [UInt8] { Array(bytes[signatureRange]) }

  /// The entry's hash in the tree, and the next entry's ``Entry/previous``.
  public var leafHash: Hash { .leaf(bytes) }

  /// Whether the header's key identifier is the issuer's.
  public var hasIssuersKeyID: Bool { keyID == issuer.keyID }

  /// Whether the issuer signed the entry.
  public var hasValidSignature: Bool {
    issuer.publicKey.isValidSignature(
      signature,
      for: COSE.signatureInput(protected: Array(bytes[protectedRange]), payload: payload))
  }

  /// Whether the entry states a simulated time under a subject that does not say so.
  public var isUndeclaredSimulation: Bool {
    entry.clock?.source == .simulated && !subject.hasSuffix(SignedEntry.simulatedSuffix)
  }

  /// Whether the subject says that the board is simulated: such an entry is never evidence.
  public var isDeclaredSimulation: Bool { subject.hasSuffix(SignedEntry.simulatedSuffix) }
}

extension SignedEntry {
  /// Signs a statement.
  ///
  /// The signature is verified before the entry is returned.
  ///
  /// - Throws: ``EntryError`` when the statement cannot be encoded, is longer than 65535 bytes, has a
  ///   simulated clock under a subject that does not end in `:simulated`, or cannot be signed.
  public init(
    signing entry: Entry, subject: String, by signer: some Signer
  ) throws(EntryError) {
    let did = signer.did
    let protected = SignedEntry.protectedHeader(did: did, subject: subject)
    try entry.checkBody()
    let payload = try entry.encoded()
    let signature: [UInt8]
    do {
      signature = try signer.checkedSignature(
        over: COSE.signatureInput(protected: protected, payload: payload))
    } catch {
      throw .signing(error)
    }
    var encoder = CBOREncoder(reservingByteCount: protected.count + payload.count + 80)
    encoder.appendTag(COSE.sign1Tag)
    encoder.appendArrayHead(count: 4)
    encoder.appendBytes(protected)
    encoder.appendMapHead(pairCount: 0)
    encoder.appendBytes(payload)
    encoder.appendBytes(signature)
    // Reading back what was written is what every verifier will do; nothing less is stored.
    try self.init(parsing: encoder.bytes, knownIssuer: did)
    guard !isUndeclaredSimulation else { throw .undeclaredSimulation(subject: subject) }
  }

  private static func protectedHeader(did: DIDKey, subject: String) -> [UInt8] {
    var encoder = CBOREncoder(reservingByteCount: 128)
    encoder.appendMapHead(pairCount: 4)
    encoder.appendUnsigned(COSE.Label.algorithm)
    encoder.appendInteger(-8)
    encoder.appendUnsigned(COSE.Label.contentType)
    encoder.appendUnsigned(COSE.contentTypeCBOR)
    encoder.appendUnsigned(COSE.Label.keyID)
    encoder.appendBytes(did.keyID.bytes)
    encoder.appendUnsigned(COSE.Label.claims)
    encoder.appendMapHead(pairCount: 2)
    encoder.appendUnsigned(COSE.Claim.issuer)
    encoder.appendText(did.description)
    encoder.appendUnsigned(COSE.Claim.subject)
    encoder.appendText(subject)
    return encoder.bytes
  }
}
