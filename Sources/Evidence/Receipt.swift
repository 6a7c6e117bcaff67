public import MerkleLog

/// An inclusion receipt for users of COSE and SCITT (RFC 9942): the log's signature over a root,
/// with the path from an entry to it.
///
/// `18([{1: -8, 4: kid, 15: {1: DID, 2: subject}, 395: 1}, {396: {-1: [proof]}}, null, signature])`
/// where proof is the encoding of `[size, index, [hash, ...]]` and the payload is the detached root.
public struct Receipt: Hashable, Sendable {
  /// The tree algorithm RFC9162_SHA256 in the registry of verifiable data structures.
  private static let rfc9162SHA256: UInt64 = 1
  /// The label of inclusion proofs.
  private static let inclusionProofs = CBOR.integer(-1)

  /// The whole receipt.
  public let bytes: [UInt8]
  /// The identity that claims to have signed it.
  public let issuer: DIDKey
  /// The name of the installation.
  public let subject: String
  /// The inclusion proof.
  public let proof: InclusionProof
  private let protected: [UInt8]
  private let signature: [UInt8]

  /// Signs a receipt for an inclusion proof under a root.
  ///
  /// The root must be one that the log has signed a checkpoint of.
  ///
  /// - Throws: ``SigningError``.
  public init(
    proof: InclusionProof, root: Hash, subject: String, by signer: some Signer
  ) throws(SigningError) {
    let did = signer.did
    let protectedHeader = CBOR.map([
      CBOR.Pair(COSE.Label.algorithm, COSE.edDSA),
      CBOR.Pair(COSE.Label.keyID, .bytes(did.keyID.bytes)),
      CBOR.Pair(
        COSE.Label.claims,
        .map([
          CBOR.Pair(COSE.Claim.issuer, .text(did.description)),
          CBOR.Pair(COSE.Claim.subject, .text(subject)),
        ])),
      CBOR.Pair(COSE.Label.verifiableDataStructure, .unsigned(Receipt.rfc9162SHA256)),
    ])
    do {
      protected = try protectedHeader.encoded()
      signature = try signer.checkedSignature(
        over: COSE.signatureInput(protected: protected, payload: root.bytes))
      let path = CBOR.array(proof.path.map { .bytes($0.bytes) })
      let encodedProof = try CBOR.array([
        .unsigned(proof.size), .unsigned(proof.index), path,
      ]).encoded()
      let unprotected = CBOR.map([
        CBOR.Pair(
          COSE.Label.verifiableDataProofs,
          .map([CBOR.Pair(Receipt.inclusionProofs, .array([.bytes(encodedProof)]))]))
      ])
      bytes = try CBOR.tagged(
        COSE.sign1Tag, .array([.bytes(protected), unprotected, .null, .bytes(signature)])
      ).encoded()
    } catch let error as SigningError {
      throw error
    } catch {
      preconditionFailure("bad value in Receipt.init: \(error)")
    }
    issuer = did
    self.subject = subject
    self.proof = proof
  }

  /// A signed statement with the receipt attached (RFC 9942 section 4, header 394), as SCITT has it.
  ///
  /// - Throws: ``EntryError`` where the entry cannot be read again.
  public func attached(to entry: SignedEntry) throws(EntryError) -> [UInt8] {
    do {
      guard case .tagged(COSE.sign1Tag, let message) = try CBOR.decode(entry.bytes),
        let parts = message.arrayValue, parts.count == 4
      else { throw EntryError.field("statement", "is no COSE_Sign1") }
      let receipts = CBOR.map([CBOR.Pair(COSE.Label.receipts, .array([.bytes(bytes)]))])
      return try CBOR.tagged(
        COSE.sign1Tag, .array([parts[0], receipts, parts[2], parts[3]])
      ).encoded()
    } catch let error as EntryError {
      throw error
    } catch let error as CBORError {
      throw .malformed(error)
    } catch {
      throw .field("statement", "cannot be encoded: \(error)")
    }
  }

  /// The receipt in bytes, which must be exactly its encoding; the signature is not checked.
  ///
  /// - Throws: ``EntryError/malformed(_:)`` or ``EntryError/field(_:_:)``.
  public init(parsing bytes: [UInt8]) throws(EntryError) {
    let header: CBOR
    let proofValue: CBOR
    do {
      guard case .tagged(COSE.sign1Tag, let message) = try CBOR.decode(bytes),
        let parts = message.arrayValue, parts.count == 4, let protected = parts[0].bytesValue,
        parts[1].mapValue?.count == 1,
        let proofs = parts[1][COSE.Label.verifiableDataProofs], proofs.mapValue?.count == 1,
        let list = proofs[Receipt.inclusionProofs]?.arrayValue, list.count == 1,
        let encodedProof = list[0].bytesValue, parts[2] == .null,
        let signature = parts[3].bytesValue
      else { throw EntryError.field("receipt", "is no COSE_Sign1 with one inclusion proof") }
      self.protected = protected
      self.signature = signature
      header = try CBOR.decode(protected)
      proofValue = try CBOR.decode(encodedProof)
    } catch let error as CBORError {
      throw .malformed(error)
    } catch let error as EntryError {
      throw error
    } catch {
      preconditionFailure("bad error in Receipt.init(parsing:): \(error)")
    }
    guard header.mapValue?.count == 4,
      let algorithm = header[COSE.Label.algorithm],
      [COSE.edDSA, COSE.ed25519].contains(algorithm),
      let keyID = header[COSE.Label.keyID]?.bytesValue.flatMap({ KeyID(bytes: $0) }),
      header[COSE.Label.verifiableDataStructure] == .unsigned(Receipt.rfc9162SHA256),
      let claims = header[COSE.Label.claims], claims.mapValue?.count == 2,
      let issuerText = claims[COSE.Claim.issuer]?.textValue,
      let issuer = try? DIDKey(parsing: issuerText), issuer.keyID == keyID,
      let subject = claims[COSE.Claim.subject]?.textValue
    else { throw .field("receipt header", "is not one of a log of this format") }
    guard let parts = proofValue.arrayValue, parts.count == 3,
      let size = parts[0].unsignedValue, let index = parts[1].unsignedValue,
      let hashes = parts[2].arrayValue
    else { throw .field("receipt proof", "is not [size, index, [hash, ...]]") }
    let path = hashes.compactMap(\.hash32)
    guard path.count == hashes.count else { throw .field("receipt proof", "has a bad hash") }
    self.bytes = bytes
    self.issuer = issuer
    self.subject = subject
    proof = InclusionProof(index: index, size: size, path: path)
  }

  /// Whether the log signed the root that the proof leads to from an entry's bytes.
  ///
  /// - Throws: ``ProofError`` when the path does not fit the index and size.
  public func isValid(forEntry entry: [UInt8]) throws(ProofError) -> Bool {
    let root = try proof.root(leafHash: .leaf(entry))
    return issuer.publicKey.isValidSignature(
      signature, for: COSE.signatureInput(protected: protected, payload: root.bytes))
  }
}
