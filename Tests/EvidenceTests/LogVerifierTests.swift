import Evidence
import MerkleLog
import Testing

@Suite struct LogVerifierTests {
  private static func sign(
    _ type: EntryType, _ sequence: UInt64, after previous: Hash, by identity: Identity
  ) throws -> [UInt8] {
    let entry = Entry(
      type: type, sequence: sequence, previous: previous, boot: 1,
      monotonicMilliseconds: sequence, body: .array([]))
    return try SignedEntry(signing: entry, subject: Sample.subject, by: identity).bytes
  }

  private static func reasons(_ verdict: LogVerifier.Verdict) -> [EntryFault.Reason] {
    verdict.faults.map(\.reason)
  }

  @Test func `names an entry that is missing, repeated or out of order`() throws {
    let files = try (0..<8).map { try Sample.bytes("entry.\($0).cose") }
    let did = try Sample.identity().did
    var verifier = LogVerifier(did: did)
    #expect(verifier.check(files[0]).faults.isEmpty)
    let skipped = verifier.check(files[2])
    #expect(skipped.faults.map(\.sequence) == [1, 1])
    #expect(
      Self.reasons(skipped) == [
        .wrongSequence(2), .wrongPrevious(expected: .leaf(files[0]), found: .leaf(files[1])),
      ])
    #expect(verifier.nextSequence == 2)
    #expect(verifier.previous == .leaf(files[2]))
    let again = verifier.check(files[2])
    #expect(
      Self.reasons(again) == [
        .wrongPrevious(expected: .leaf(files[2]), found: .leaf(files[1]))
      ])
    let onward = verifier.check(files[3])
    #expect(onward.faults.isEmpty)
  }

  @Test func `names another identity`() throws {
    let did = try Sample.identity().did
    let other = try Sample.witness().identity
    var verifier = LogVerifier(did: did)
    let verdict = verifier.check(try Self.sign(.genesis, 0, after: .zero, by: other))
    #expect(Self.reasons(verdict) == [.wrongIssuer(other.did)])
  }

  @Test func `names a bad signature and a foreign key identifier`() throws {
    let did = try Sample.identity().did
    var file = try Sample.bytes("entry.0.cose")
    file[file.count - 1] ^= 0x10
    var verifier = LogVerifier(did: did)
    #expect(Self.reasons(verifier.check(file)) == [.badSignature])

    file = try Sample.bytes("entry.0.cose")
    let keyID = try bytes("5db70e48")
    let start = try #require(
      (0..<file.count - 4).first { Array(file[$0..<$0 + 4]) == keyID })
    file[start] = 0x5C
    verifier = LogVerifier(did: did)
    #expect(
      Self.reasons(verifier.check(file)) == [
        .badSignature, .wrongKeyID(KeyID(value: 0x5cb7_0e48)),
      ])
  }

  @Test func `names what is malformed and goes on`() throws {
    let did = try Sample.identity().did
    var verifier = LogVerifier(did: did)
    let verdict = verifier.check([0xD2, 0x84])
    #expect(verdict.entry == nil)
    #expect(verdict.leafHash == .leaf([0xD2, 0x84]))
    #expect(
      Self.reasons(verdict) == [
        .malformed(
          .malformed(CBORError(byteOffset: 2, reason: .expected("a byte string"))))
      ])
    #expect(
      verdict.faults.first?.description
        == "entry 0: malformed CBOR at byte 2: expected a byte string")
    #expect(verifier.nextSequence == 1)
  }

  @Test func `the first entry and no other is the genesis`() throws {
    let identity = try Sample.identity()
    var verifier = LogVerifier(did: identity.did)
    let first = try Self.sign(.boot, 0, after: .zero, by: identity)
    #expect(Self.reasons(verifier.check(first)) == [.misplacedGenesis])
    let second = try Self.sign(.genesis, 1, after: .leaf(first), by: identity)
    #expect(Self.reasons(verifier.check(second)) == [.misplacedGenesis])
  }

  @Test func `the first entry follows nothing`() throws {
    let identity = try Sample.identity()
    var verifier = LogVerifier(did: identity.did)
    let first = try Self.sign(.genesis, 0, after: .leaf([1]), by: identity)
    #expect(
      Self.reasons(verifier.check(first)) == [
        .wrongPrevious(expected: .zero, found: .leaf([1]))
      ])
  }

  @Test func `nothing comes after the close entry`() throws {
    let identity = try Sample.identity()
    var verifier = LogVerifier(did: identity.did, nextSequence: 5, previous: .leaf([4]))
    let close = try Self.sign(.close, 5, after: .leaf([4]), by: identity)
    #expect(verifier.check(close).faults.isEmpty)
    let after = try Self.sign(.data, 6, after: .leaf(close), by: identity)
    #expect(Self.reasons(verifier.check(after)) == [.afterClose])
  }

  @Test func `an unknown type is checked like any other`() throws {
    let identity = try Sample.identity()
    var verifier = LogVerifier(did: identity.did, nextSequence: 5, previous: .leaf([4]))
    let unknown = try Self.sign(EntryType(rawValue: 7), 5, after: .leaf([4]), by: identity)
    let verdict = verifier.check(unknown)
    #expect(verdict.faults.isEmpty)
    #expect(verdict.entry?.entry.type.isKnown == false)
  }

  @Test func `takes a signature that was checked elsewhere`() throws {
    let did = try Sample.identity().did
    let signed = try SignedEntry(parsing: Sample.bytes("entry.0.cose"))
    var verifier = LogVerifier(did: did)
    #expect(verifier.check(signed, hasValidSignature: true).faults.isEmpty)
    verifier = LogVerifier(did: did)
    #expect(
      Self.reasons(verifier.check(signed, hasValidSignature: false)) == [.badSignature])
  }
}

@Suite struct EntryProofTests {
  @Test func `says what does not hold`() throws {
    let did = try Sample.identity().did
    let witness = try Sample.witness()
    let file = try Sample.text("reading.5.tlog-proof")
    let proof = try EntryProof(parsing: file)
    let opened = try proof.verify(log: did, witnesses: [witness.verifier], quorum: 1)
    #expect(opened.checkpoint.head.size == 8)
    #expect(proof.disclosures.map(\.record.name) == ["\(Sample.subject):freq"])

    #expect(throws: EntryProofError.tooFewWitnesses(found: 1, needed: 2)) {
      try proof.verify(log: did, witnesses: [witness.verifier], quorum: 2)
    }
    #expect(throws: EntryProofError.tooFewWitnesses(found: 0, needed: 1)) {
      try proof.verify(log: did, quorum: 1)
    }
    #expect(throws: EntryProofError.self) { try proof.verify(log: witness.identity.did) }

    let foreign = EntryProof(
      entry: proof.entry, disclosures: proof.disclosures + [try Sample.disclosures(4)[2]],
      index: 5, path: proof.proof.path, checkpoint: proof.proof.checkpoint)
    #expect(throws: EntryProofError.foreignDisclosure(position: 1)) {
      try foreign.verify(log: did)
    }
    let elsewhere = EntryProof(
      entry: try SignedEntry(parsing: Sample.bytes("entry.4.cose")), disclosures: [], index: 5,
      path: proof.proof.path, checkpoint: proof.proof.checkpoint)
    #expect(throws: EntryProofError.self) { try elsewhere.verify(log: did) }
  }

  @Test func `every entry of the sample can be proved`() throws {
    let did = try Sample.identity().did
    let entries = try Sample.signedEntries()
    let checkpoint = try Sample.cosignedCheckpoint()
    let leaves = entries.map(\.leafHash)
    for (index, entry) in entries.enumerated() {
      let path = try InclusionProof(index: UInt64(index), leafHashes: leaves).path
      let disclosures = try Sample.disclosures(index).dropFirst()
      let proof = EntryProof(
        entry: entry, disclosures: Array(disclosures), index: UInt64(index), path: path,
        checkpoint: checkpoint)
      let parsed = try EntryProof(parsing: proof.text)
      #expect(parsed == proof)
      #expect(throws: Never.self) { try parsed.verify(log: did) }
    }
  }
}
