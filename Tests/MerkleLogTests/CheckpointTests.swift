import MerkleLog
import Testing

@Suite struct CheckpointTests {
  private static let head = TreeHead(size: 8, root: Hash.leaf([1]))

  @Test func `a witness's cosignature carries its time and no log signature replaces it`() throws {
    let log = try TestKey("log.example", seed: 1)
    let witness = try TestKey("witness.example", seed: 2, algorithm: .cosignature)
    let checkpoint = try #require(Checkpoint(origin: "log.example", head: Self.head))
    let text = checkpoint.description
    let note = try SignedNote(
      text: text,
      signatures: [
        log.signature(of: text), witness.cosignature(of: text, unixSeconds: 1_700_000_100),
      ])
    let opened = try Checkpoint.opening(
      note, log: log.verifier, witnesses: [witness.verifier])
    #expect(opened.checkpoint == checkpoint)
    #expect(opened.cosignatures.map(\.unixSeconds) == [1_700_000_100])
    #expect(opened.witnessCount == 1)
    let unsigned = try SignedNote(text: text, signatures: [note.signatures[1]])
    #expect(throws: CheckpointError.note(.noKnownSignature)) {
      try Checkpoint.opening(unsigned, log: log.verifier, witnesses: [witness.verifier])
    }
  }

  @Test func `one witness counts once however often it signs`() throws {
    let log = try TestKey("log.example", seed: 1)
    let witness = try TestKey("witness.example", seed: 2, algorithm: .cosignature)
    let text = try #require(Checkpoint(origin: "log.example", head: Self.head)).description
    let note = try SignedNote(
      text: text,
      signatures: [
        log.signature(of: text), witness.cosignature(of: text, unixSeconds: 1),
        witness.cosignature(of: text, unixSeconds: 2),
      ])
    let opened = try Checkpoint.opening(note, log: log.verifier, witnesses: [witness.verifier])
    #expect(opened.cosignatures.count == 2)
    #expect(opened.witnessCount == 1)
  }

  @Test func `a cosignature with its time changed, or beyond 2^63, is refused`() throws {
    let witness = try TestKey("witness.example", seed: 2, algorithm: .cosignature)
    let good = try witness.cosignature(of: "text\n", unixSeconds: 5)
    #expect(witness.verifier.isValid(good, for: "text\n"))
    for position in 0..<8 {
      var payload = good.payload
      payload[position] ^= 0x80
      let changed = try #require(
        NoteSignature(name: good.name, keyID: good.keyID, payload: payload))
      #expect(!witness.verifier.isValid(changed, for: "text\n"))
    }
  }

  @Test func `the origin must be the name of the log's key`() throws {
    let log = try TestKey("log.example", seed: 1)
    let text = try #require(Checkpoint(origin: "other.example", head: Self.head)).description
    let note = try SignedNote(text: text, signatures: [log.signature(of: text)])
    #expect(
      throws: CheckpointError.originMismatch(origin: "other.example", keyName: "log.example")
    ) {
      try Checkpoint.opening(note, log: log.verifier)
    }
  }

  @Test func `reads extension lines and gives them back`() throws {
    let text = "log.example\n0\n\(Hash.empty.base64)\nextension\n"
    let checkpoint = try Checkpoint(parsing: text)
    #expect(checkpoint.extensionLines == ["extension"])
    #expect(checkpoint.head == .empty)
    #expect(checkpoint.description == text)
  }

  @Test(arguments: [
    "", "\n", "log\n", "log\n1\n", "log\n1\nROOT", "log\n01\nROOT\n", "log\n+1\nROOT\n",
    "log\n-1\nROOT\n", "log\n\nROOT\n", "log\n1\n\n", "\n1\nROOT\n", "log\n1\nROOT\n\n",
    "log\n1 \nROOT\n", "log\n1\n ROOT\n", "log\n1\nROOT\nx\n\n", "log\n1\nROOT\n\nx\n",
    "log\n9223372036854775808\nROOT\n", "log\n99999999999999999999\nROOT\n", "log\n0x1\nROOT\n",
    "log\n1\nAAAA\n", "log\n1\nROOT\u{0}\n", "lo\tg\n1\nROOT\n", "log\r\n1\r\nROOT\r\n",
  ])
  func `refuses what is not a checkpoint`(template: String) {
    let text = template.replacing("ROOT", with: Hash.leaf([1]).base64)
    #expect(throws: CheckpointError.self) { try Checkpoint(parsing: text) }
  }

  @Test func `takes the largest size that everybody can read`() throws {
    let text = "log\n9223372036854775807\n\(Hash.zero.base64)\n"
    #expect(try Checkpoint(parsing: text).head.size == 9_223_372_036_854_775_807)
  }
}

@Suite struct TlogProofTests {
  @Test func `writes what it reads, with and without extra data`() throws {
    let key = try TestKey("log.example", seed: 1)
    let leaves = numberedLeaves(7)
    let head = TreeHead(size: 7, root: Hash.root(leafHashes: leaves))
    let text = try #require(Checkpoint(origin: "log.example", head: head)).description
    let note = try SignedNote(text: text, signatures: [key.signature(of: text)])
    for index in leaves.indices {
      let path = try InclusionProof(index: UInt64(index), leafHashes: leaves).path
      for extra in [nil, [1, 2, 3]] as [[UInt8]?] {
        let proof = TlogProof(extra: extra, index: UInt64(index), path: path, checkpoint: note)
        #expect(try TlogProof(parsing: proof.description) == proof)
        let opened = try proof.verify(leafHash: leaves[index], log: key.verifier)
        #expect(opened.checkpoint.head == head)
        #expect(throws: TlogProofError.self) {
          try proof.verify(leafHash: leaves[index].flipped, log: key.verifier)
        }
      }
    }
    #expect(TlogProof(extra: [], index: 0, path: [], checkpoint: note).extra == nil)
  }

  @Test(arguments: [
    "", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 0\n",
    "c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE", "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nextra A\nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex 00\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex  0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex -1\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex 0\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex 0\n\n", "\nc2sp.org/tlog-proof@v1\nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nNOTE",
  ])
  func `refuses what is not a proof file`(template: String) {
    let text = template.replacing("NOTE", with: "text\n\n\u{2014} a AAAAAAA=\n")
    #expect(throws: TlogProofError.self) { try TlogProof(parsing: text) }
  }
}
