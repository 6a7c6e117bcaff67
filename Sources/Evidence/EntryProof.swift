public import MerkleLog

/// A self-contained proof of an entry: the entry, disclosures of its hidden records, its inclusion.
///
/// A ``TlogProof`` whose `extra` is the CBOR array `[entry, [disclosure, ...]]`, both as byte strings.
public struct EntryProof: Hashable, Sendable {
  /// The entry.
  public let entry: SignedEntry
  /// What opens some of the entry's hidden records.
  public let disclosures: [Disclosure]
  /// The inclusion proof and the checkpoint.
  public let proof: TlogProof

  /// A proof of an entry at an index under a checkpoint.
  public init(
    entry: SignedEntry, disclosures: [Disclosure], index: UInt64, path: [Hash],
    checkpoint: SignedNote
  ) {
    self.entry = entry
    self.disclosures = disclosures
    var encoder = CBOREncoder(reservingByteCount: entry.bytes.count + 16)
    encoder.appendArrayHead(count: 2)
    encoder.appendBytes(entry.bytes)
    encoder.appendArrayHead(count: disclosures.count)
    for disclosure in disclosures { encoder.appendBytes(disclosure.bytes) }
    proof = TlogProof(extra: encoder.bytes, index: index, path: path, checkpoint: checkpoint)
  }

  /// The proof in a file's text.
  ///
  /// - Throws: ``EntryProofError`` saying what is malformed.
  public init(parsing text: String) throws(EntryProofError) {
    do {
      proof = try TlogProof(parsing: text)
    } catch {
      throw .proof(error)
    }
    guard let extra = proof.extra else { throw .extra }
    let value: CBOR
    do {
      value = try CBOR.decode(extra)
    } catch {
      throw .malformedExtra(error)
    }
    guard let parts = value.arrayValue, parts.count == 2, let entryBytes = parts[0].bytesValue,
      let items = parts[1].arrayValue
    else { throw .extra }
    do {
      entry = try SignedEntry(parsing: entryBytes)
    } catch {
      throw .entry(error)
    }
    var disclosures: [Disclosure] = []
    for item in items {
      guard let bytes = item.bytesValue else { throw .extra }
      do {
        disclosures.append(try Disclosure(parsing: bytes))
      } catch {
        throw .disclosure(error)
      }
    }
    self.disclosures = disclosures
  }

  /// The file's text.
  public var text: String { proof.description }

  /// Checks everything, offline: checkpoint, cosignatures, inclusion, entry, disclosures.
  ///
  /// - Parameters:
  ///   - log: The identity whose log it must be.
  ///   - witnesses: The witnesses that are trusted.
  ///   - quorum: How many different ones of them must have cosigned.
  /// - Throws: ``EntryProofError`` saying what does not hold.
  public func verify(
    log: DIDKey, witnesses: [NoteVerifier] = [], quorum: Int = 0
  ) throws(EntryProofError) -> VerifiedCheckpoint {
    let opened: VerifiedCheckpoint
    do {
      opened = try proof.verify(
        leafHash: entry.leafHash, log: log.noteVerifier, witnesses: witnesses)
    } catch {
      throw .proof(error)
    }
    guard opened.witnessCount >= quorum else {
      throw .tooFewWitnesses(found: opened.witnessCount, needed: quorum)
    }
    // The entry must be good by itself, at the place in the log that the proof gives it.
    var verifier = LogVerifier(
      did: log, nextSequence: proof.index, previous: entry.entry.previous)
    if proof.index == 0 { verifier = LogVerifier(did: log) }
    if let fault = verifier.check(entry.bytes).faults.first { throw .fault(fault) }
    guard !disclosures.isEmpty else { return opened }
    let digests: Set<Hash>
    do {
      digests = Set(try entry.entry.dataBody().digests)
    } catch {
      throw .entry(error)
    }
    for (position, disclosure) in disclosures.enumerated()
    where !digests.contains(disclosure.digest) {
      throw .foreignDisclosure(position: position)
    }
    return opened
  }
}

/// Why a file does not prove an entry.
public enum EntryProofError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The proof file is malformed, its checkpoint is not trusted, or the inclusion does not hold.
  case proof(TlogProofError)
  /// The extra data is not `[entry, [disclosure, ...]]`.
  case extra
  /// The extra data is not deterministic CBOR.
  case malformedExtra(CBORError)
  /// The entry is malformed.
  case entry(EntryError)
  /// A disclosure is malformed.
  case disclosure(DisclosureError)
  /// The entry is not a good one of this log.
  case fault(EntryFault)
  /// A disclosure opens none of the entry's hidden records.
  case foreignDisclosure(position: Int)
  /// Not enough trusted witnesses have cosigned.
  case tooFewWitnesses(found: Int, needed: Int)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .proof(let error): "\(error)"
    case .extra: "the proof's extra data is not [entry, [disclosure, ...]]"
    case .malformedExtra(let error): "the proof's extra data: \(error)"
    case .entry(let error): "the proof's entry: \(error)"
    case .disclosure(let error): "the proof's extra data: \(error)"
    case .fault(let fault): "\(fault)"
    case .foreignDisclosure(let position):
      "disclosure \(position) opens none of the entry's hidden records"
    case .tooFewWitnesses(let found, let needed):
      "\(found) trusted witnesses cosigned the checkpoint, \(needed) are needed"
    }
  }
}
