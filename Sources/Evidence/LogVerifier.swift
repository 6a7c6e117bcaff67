public import MerkleLog

/// Checks a log's entries one after the other.
///
/// Pure: whoever walks the files gives the bytes and says where they are from. It goes on after a
/// fault with the bytes that were there, so that one bad entry is one report.
public struct LogVerifier: Sendable {
  /// The identity whose log it is.
  public let did: DIDKey
  /// The sequence number that the next entry must have.
  public private(set) var nextSequence: UInt64
  /// The leaf hash that the next entry must name, zero at the start of the log.
  public private(set) var previous: Hash
  private var isClosed = false

  /// A verifier at the start of a log.
  public init(did: DIDKey) {
    self.init(did: did, nextSequence: 0, previous: .zero)
  }

  /// A verifier that goes on after entries which have been checked before.
  public init(did: DIDKey, nextSequence: UInt64, previous: Hash) {
    self.did = did
    self.nextSequence = nextSequence
    self.previous = previous
  }

  /// A verifier that goes on after an entry which has been checked before.
  public init(did: DIDKey, after entry: SignedEntry) {
    self.init(did: did, nextSequence: entry.entry.sequence + 1, previous: entry.leafHash)
    isClosed = entry.entry.type == .close
  }

  /// What checking an entry gave.
  public struct Verdict: Hashable, Sendable {
    /// The index of the entry that was checked.
    public let sequence: UInt64
    /// The hash of its bytes, to append to the tree whatever the faults are.
    public let leafHash: Hash
    /// The entry, nil when its bytes are malformed.
    public let entry: SignedEntry?
    /// What is wrong; nothing when the entry is good.
    public let faults: [EntryFault]
  }

  /// Checks the next entry: form, signature, identity, sequence, link and body.
  public mutating func check(_ bytes: [UInt8]) -> Verdict {
    let signed: SignedEntry
    do {
      signed = try SignedEntry(parsing: bytes, knownIssuer: did)
    } catch {
      return advance(bytes, entry: nil, reasons: [.malformed(error)])
    }
    return check(signed, hasValidSignature: signed.hasValidSignature)
  }

  /// Checks the next entry when its signature has been checked already, perhaps on another core.
  public mutating func check(_ signed: SignedEntry, hasValidSignature: Bool) -> Verdict {
    var reasons: [EntryFault.Reason] = []
    if !hasValidSignature { reasons.append(.badSignature) }
    if signed.issuer != did { reasons.append(.wrongIssuer(signed.issuer)) }
    if !signed.hasIssuersKeyID { reasons.append(.wrongKeyID(signed.keyID)) }
    let entry = signed.entry
    if entry.sequence != nextSequence { reasons.append(.wrongSequence(entry.sequence)) }
    if entry.previous != previous {
      reasons.append(.wrongPrevious(expected: previous, found: entry.previous))
    }
    if (entry.type == .genesis) != (nextSequence == 0) { reasons.append(.misplacedGenesis) }
    if isClosed { reasons.append(.afterClose) }
    if signed.isUndeclaredSimulation { reasons.append(.undeclaredSimulation) }
    do {
      try entry.checkBody()
    } catch {
      reasons.append(.malformed(error))
    }
    if entry.type == .close { isClosed = true }
    return advance(signed.bytes, entry: signed, reasons: reasons)
  }

  private mutating func advance(
    _ bytes: [UInt8], entry: SignedEntry?, reasons: [EntryFault.Reason]
  ) -> Verdict {
    let sequence = nextSequence
    let leafHash = Hash.leaf(bytes)
    nextSequence += 1
    previous = leafHash
    return Verdict(
      sequence: sequence, leafHash: leafHash, entry: entry,
      faults: reasons.map { EntryFault(sequence: sequence, reason: $0) })
  }
}

/// Something wrong with an entry of a log.
public struct EntryFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What can be wrong.
  public enum Reason: Hashable, Sendable {
    /// The bytes are no entry, or its body does not have its type's shape.
    case malformed(EntryError)
    /// The signature does not verify under the issuer's key.
    case badSignature
    /// The issuer is not the identity whose log it is.
    case wrongIssuer(DIDKey)
    /// The header's key identifier is not the issuer's.
    case wrongKeyID(KeyID)
    /// The entry says that it is at another place in the log.
    case wrongSequence(UInt64)
    /// The entry does not follow the one before it.
    case wrongPrevious(expected: Hash, found: Hash)
    /// The first entry is no genesis entry, or a later one is.
    case misplacedGenesis
    /// The entry stands after the log's close entry.
    case afterClose
    /// The clock is simulated and the subject does not say so.
    case undeclaredSimulation
  }

  /// The index of the entry in the log.
  public let sequence: UInt64
  /// What is wrong with it.
  public let reason: Reason

  /// A fault of the entry at an index.
  public init(sequence: UInt64, reason: Reason) {
    self.sequence = sequence
    self.reason = reason
  }

  /// What is wrong, in a sentence.
  public var description: String { "entry \(sequence): \(reasonText)" }

  private var reasonText: String {
    switch reason {
    case .malformed(let error): "\(error)"
    case .badSignature: "the signature does not verify"
    case .wrongIssuer(let did): "it is issued by \(did), not by the log's identity"
    case .wrongKeyID(let keyID): "its key ID \(keyID) is not the issuer's"
    case .wrongSequence(let sequence): "it says that it is entry \(sequence)"
    case .wrongPrevious(let expected, let found):
      "it follows an entry with hash \(found), but the one before it has \(expected)"
    case .misplacedGenesis: "the first entry, and no other, must be the genesis entry"
    case .afterClose: "it stands after the log's close entry"
    case .undeclaredSimulation:
      "its clock is simulated but its subject does not end in \(SignedEntry.simulatedSuffix)"
    }
  }
}
