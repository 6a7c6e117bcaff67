import Evidence
import Foundation
import MerkleLog
import Testing

@Suite struct SampleLogTests {
  @Test func `makes the sample's keys and names`() throws {
    let identity = try Sample.identity()
    let vectors = try Sample.vectors()
    #expect(identity.did.publicKey.description == vectors.publicKey)
    #expect(identity.did.description == vectors.did)
    #expect(identity.did.keyID.description == vectors.keyID)
    #expect(identity.vkey == vectors.vkey)
    #expect(try identity.did.description == Sample.text("origin"))
    #expect(try identity.vkey + "\n" == Sample.text("log.vkey"))
    #expect(try identity.did.publicKeyPEM == Sample.text("log.pub.pem"))
    #expect(try DIDKey(publicKeyPEM: Sample.text("log.pub.pem")) == identity.did)
    #expect(try Sample.witness().verifier.description == vectors.witnessVkey)
    #expect(try Sample.witness().verifier.description + "\n" == Sample.text("witness.vkey"))
  }

  @Test func `makes the sample's entries byte for byte`() throws {
    let vectors = try Sample.vectors()
    let entries = try Sample.signedEntries()
    #expect(entries.count == 8)
    for (sequence, entry) in entries.enumerated() {
      let file = try Sample.bytes("entry.\(sequence).cose")
      #expect(entry.bytes == file)
      #expect(Hexadecimal.encode(file) == vectors.entries[sequence])
      #expect(entry.leafHash.description == vectors.leafHashes[sequence])
      let parsed = try SignedEntry(parsing: file)
      #expect(parsed == entry)
      #expect(parsed.hasValidSignature)
      #expect(parsed.hasIssuersKeyID)
      #expect(try parsed.entry.encoded() == parsed.payload)
      #expect(
        try Sample.disclosures(sequence).map { Hexadecimal.encode($0.bytes) }
          == vectors.disclosures[sequence])
    }
  }

  @Test func `makes the sample's checkpoints byte for byte`() throws {
    let identity = try Sample.identity()
    let vectors = try Sample.vectors()
    let leaves = try Sample.signedEntries().map(\.leafHash)
    for size in 0...8 {
      let root = Hash.root(leafHashes: leaves[..<size])
      #expect(root.description == vectors.roots[size])
      let note = try identity.checkpoint(at: TreeHead(size: UInt64(size), root: root))
      #expect(try note.bytes == Sample.bytes("checkpoint.\(size)"))
      #expect(note.description == vectors.checkpoints["\(size)"])
      let opened = try Checkpoint.opening(note, log: identity.did.noteVerifier)
      #expect(opened.checkpoint.head == TreeHead(size: UInt64(size), root: root))
    }
    #expect(try Sample.cosignedCheckpoint().bytes == Sample.bytes("checkpoint"))
    #expect(try Sample.cosignedCheckpoint().bytes == Sample.bytes("log/checkpoint"))
  }

  @Test func `makes the sample's tiles byte for byte`() throws {
    let entries = try Sample.signedEntries()
    var tree = GrowingTree()
    for entry in entries { tree.append(leaf: entry.leafHash) }
    let tiles = tree.takeChangedTiles()
    #expect(tiles.count == 1)
    for tile in tiles {
      #expect(try tile.bytes == Sample.bytes("log/\(TilePath.hashes(tile.tile))"))
      let bundle = try EntryBundle(entries: entries.map(\.bytes))
      let file = try Sample.bytes("log/\(TilePath.entries(tile.tile))")
      #expect(bundle.encoded == file)
      #expect(try EntryBundle(decoding: file, width: tile.tile.width) == bundle)
    }
  }

  @Test func `makes the sample's proofs as the vectors have them`() throws {
    let vectors = try Sample.vectors()
    let device = try Sample.signedEntries().map(\.leafHash)
    let standard = try vectors.standardTree.leaves.map { Hash.leaf(try bytes($0)) }
    #expect(standard.map(\.description) == vectors.standardTree.leafHashes)
    for (leaves, inclusion, consistency, roots) in [
      (device, vectors.inclusion, vectors.consistency, vectors.roots),
      (
        standard, vectors.standardTree.inclusion, vectors.standardTree.consistency,
        vectors.standardTree.roots
      ),
    ] {
      #expect(inclusion.count == 36)
      #expect(consistency.count == 36)
      for size in 1...8 {
        let some = Array(leaves.prefix(size))
        #expect(Hash.root(leafHashes: some).description == roots[size])
        for index in 0..<size {
          let proof = try InclusionProof(index: UInt64(index), leafHashes: some)
          #expect(proof.path.map(\.description) == inclusion["\(index),\(size)"])
          try proof.verify(leafHash: leaves[index], root: Hash.root(leafHashes: some))
          let older = try ConsistencyProof(oldSize: UInt64(index + 1), leafHashes: some)
          #expect(older.path.map(\.description) == consistency["\(index + 1),\(size)"])
        }
      }
    }
  }

  @Test func `makes the sample's proof file and receipt byte for byte`() throws {
    let identity = try Sample.identity()
    let entries = try Sample.signedEntries()
    let leaves = entries.map(\.leafHash)
    let inclusion = try InclusionProof(index: 5, leafHashes: leaves)
    let proof = EntryProof(
      entry: entries[5], disclosures: [try Sample.disclosures(5)[2]], index: 5,
      path: inclusion.path, checkpoint: try Sample.cosignedCheckpoint())
    let file = try Sample.text("reading.5.tlog-proof")
    #expect(proof.text == file)
    #expect(try EntryProof(parsing: file) == proof)

    let root = Hash.root(leafHashes: leaves)
    let receipt = try Receipt(
      proof: inclusion, root: root, subject: Sample.subject, by: identity)
    #expect(try receipt.bytes == Sample.bytes("reading.5.receipt"))
    #expect(Hexadecimal.encode(receipt.bytes) == (try Sample.vectors().receipt))
    let parsed = try Receipt(parsing: receipt.bytes)
    #expect(parsed == receipt)
    #expect(try parsed.isValid(forEntry: entries[5].bytes))
    #expect(try !parsed.isValid(forEntry: entries[4].bytes))
  }

  @Test func `makes the sample's SenML packs`() throws {
    let records = [try Sample.records(5)[0], try Sample.records(5)[2]]
    #expect(try SenMLRecord.encodePack(records) == Sample.bytes("senml.cbor"))
    #expect(try Sample.vectors().senMLCBOR == Hexadecimal.encode(Sample.bytes("senml.cbor")))
    // The sample's JSON differs in white space only.
    let file = try Sample.text("senml.json")
    #expect(SenMLJSON.encode(records) == file.replacing(" ", with: ""))
  }

  @Test func `checks the sample's entries one after the other`() throws {
    let identity = try Sample.identity()
    var verifier = LogVerifier(did: identity.did)
    var tree = Frontier()
    for sequence in 0..<8 {
      let verdict = verifier.check(try Sample.bytes("entry.\(sequence).cose"))
      #expect(verdict.faults.isEmpty)
      #expect(verdict.sequence == UInt64(sequence))
      tree.append(leaf: verdict.leafHash)
    }
    let note = try SignedNote(parsing: Sample.bytes("log/checkpoint"))
    let witness = try NoteVerifier(
      parsing: Sample.text("witness.vkey").trimmingCharacters(in: .newlines))
    let opened = try Checkpoint.opening(
      note, log: identity.did.noteVerifier, witnesses: [witness])
    #expect(opened.checkpoint.head == tree.head)
    #expect(opened.cosignatures.map(\.unixSeconds) == [1_700_000_100])
  }
}

@Suite struct SampleMutationTests {
  @Test func `every one-bit change of a checkpoint is refused`() throws {
    let log = try Sample.identity().did.noteVerifier
    let witness = try Sample.witness().verifier
    let file = try Sample.bytes("checkpoint")
    #expect(
      try Checkpoint.opening(SignedNote(parsing: file), log: log, witnesses: [witness])
        .witnessCount == 1)
    for position in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[position] ^= 1 << UInt8(bit)
        // A changed name or identifier makes the witness unknown: then its vote must be gone.
        let votes = try? Checkpoint.opening(
          SignedNote(parsing: changed), log: log, witnesses: [witness]
        ).witnessCount
        #expect(votes ?? 0 == 0, "byte \(position), bit \(bit)")
      }
    }
  }

  @Test(arguments: [0, 5]) func `every one-bit change of an entry is refused`(sequence: Int) throws
  {
    let did = try Sample.identity().did
    let file = try Sample.bytes("entry.\(sequence).cose")
    let previous = try SignedEntry(parsing: file).entry.previous
    let fresh = LogVerifier(did: did, nextSequence: UInt64(sequence), previous: previous)
    var untouched = fresh
    #expect(untouched.check(file).faults.isEmpty)
    for position in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[position] ^= 1 << UInt8(bit)
        var verifier = fresh
        #expect(!verifier.check(changed).faults.isEmpty, "byte \(position), bit \(bit)")
      }
    }
  }

  @Test func `every truncation of an entry and every byte after it is refused`() throws {
    let file = try Sample.bytes("entry.5.cose")
    for count in 0..<file.count {
      #expect(throws: EntryError.self) { try SignedEntry(parsing: Array(file.prefix(count))) }
    }
    for byte in UInt8.min ... .max {
      #expect(throws: EntryError.self) { try SignedEntry(parsing: file + [byte]) }
    }
  }

  @Test func `every one-bit change of a proof file is refused`() throws {
    let did = try Sample.identity().did
    let witness = try Sample.witness().verifier
    let file = try Sample.bytes("reading.5.tlog-proof")
    func verify(_ bytes: [UInt8]) throws {
      let text = try #require(String(validating: bytes, as: UTF8.self))
      let proof = try EntryProof(parsing: text)
      _ = try proof.verify(log: did, witnesses: [witness], quorum: 1)
    }
    try verify(file)
    for position in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[position] ^= 1 << UInt8(bit)
        guard String(validating: changed, as: UTF8.self) != nil else { continue }
        #expect(isRefused { try verify(changed) }, "byte \(position), bit \(bit)")
      }
    }
  }

  @Test func `every one-bit change of a receipt is refused`() throws {
    let did = try Sample.identity().did
    let entry = try Sample.bytes("entry.5.cose")
    let file = try Sample.bytes("reading.5.receipt")
    let receipt = try Receipt(parsing: file)
    for position in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[position] ^= 1 << UInt8(bit)
        // The unprotected proof may name another size of the same shape; root and signature hold.
        guard let parsed = try? Receipt(parsing: changed), parsed.issuer == did,
          (try? parsed.isValid(forEntry: entry)) == true
        else { continue }
        #expect(parsed.proof.path == receipt.proof.path)
        #expect(parsed.proof != receipt.proof)
      }
    }
  }
}
