import Crypto
import MerkleLog
import Testing

/// The example of c2sp.org/signed-note's Go package documentation.
private enum SpecificationNote {
  static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  static let text = "This is an example message.\n"
  static let signature =
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
  static let note = "\(text)\n\u{2014} example.com/foo \(signature)\n"
}

/// A key of a fixed seed under a name.
struct TestKey {
  let verifier: NoteVerifier
  private let key: Curve25519.Signing.PrivateKey

  init(_ name: String, seed: UInt8, algorithm: NoteVerifier.Algorithm = .ed25519) throws {
    key = try Curve25519.Signing.PrivateKey(
      rawRepresentation: [UInt8](repeating: seed, count: 32))
    let publicKey = try #require(Ed25519PublicKey(bytes: Array(key.publicKey.rawRepresentation)))
    verifier = try #require(
      NoteVerifier(name: name, algorithm: algorithm, publicKey: publicKey))
  }

  func signature(of text: String) throws -> NoteSignature {
    try NoteSignature.signing(text, as: verifier) { Array(try key.signature(for: $0)) }
  }

  func cosignature(of text: String, unixSeconds: UInt64) throws -> NoteSignature {
    try NoteSignature.cosigning(text, unixSeconds: unixSeconds, as: verifier) {
      Array(try key.signature(for: $0))
    }
  }
}

@Suite struct NoteVerifierTests {
  @Test func `reads and writes the specification's key`() throws {
    let verifier = try NoteVerifier(parsing: SpecificationNote.vkey)
    #expect(verifier.name == "example.com/foo")
    #expect(verifier.algorithm == .ed25519)
    #expect(verifier.keyID.description == "530d903a")
    #expect(verifier.keyID.bytes == [0x53, 0x0D, 0x90, 0x3A])
    #expect(verifier.description == SpecificationNote.vkey)
  }

  @Test func `every substring of a key is refused`() {
    let key = Array(SpecificationNote.vkey.utf8)
    for start in key.indices {
      for end in start...key.count where end - start < key.count {
        let text = String(decoding: key[start..<end], as: UTF8.self)
        #expect(throws: NoteVerifierError.self) { try NoteVerifier(parsing: text) }
      }
    }
  }

  @Test func `every one-byte change of a key is refused`() {
    let key = Array(SpecificationNote.vkey.utf8)
    for position in key.indices {
      for byte in UInt8(0)...127 where byte != key[position] {
        var changed = key
        changed[position] = byte
        let text = String(decoding: changed, as: UTF8.self)
        #expect(throws: NoteVerifierError.self) { try NoteVerifier(parsing: text) }
      }
    }
  }

  @Test(arguments: ["", " ", "a b", "a+b", "a\nb", "a\u{A0}b", "a\u{2003}b", "a\u{85}b", "\t"])
  func `refuses names that cannot stand in a note`(name: String) throws {
    let key = try NoteVerifier(parsing: SpecificationNote.vkey).publicKey
    #expect(NoteVerifier(name: name, algorithm: .ed25519, publicKey: key) == nil)
  }

  @Test func `says what is wrong with a key`() {
    #expect(
      throws: NoteVerifierError.keyIDMismatch(
        written: KeyID(value: 0x530d_903b), computed: KeyID(value: 0x530d_903a))
    ) {
      try NoteVerifier(
        parsing: SpecificationNote.vkey.replacing("530d903a", with: "530d903b"))
    }
    #expect(throws: NoteVerifierError.unknownAlgorithm(type: 2)) {
      try NoteVerifier(
        parsing: "a+00000000+" + Base64.encode([2] + [UInt8](repeating: 3, count: 32)))
    }
    #expect(throws: NoteVerifierError.badPublicKey) {
      try NoteVerifier(
        parsing: "a+00000000+" + Base64.encode([1] + [UInt8](repeating: 3, count: 31)))
    }
  }

  // The eight points of small order of edwards25519, both signs, and coordinates not below the
  // field's prime; RFC 8032 section 5.1.3 and 5.1.7.
  @Test(arguments: [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ])
  func `refuses keys under which signatures mean nothing`(hexadecimal: String) throws {
    #expect(Ed25519PublicKey(bytes: try #require(Hexadecimal.decode(hexadecimal))) == nil)
  }

  // RFC 8032 section 7.1, tests 1 to 3.
  @Test(arguments: [
    (
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func `verifies the signatures of RFC 8032`(key: String, message: String, signature: String) throws
  {
    let keyBytes = try #require(Hexadecimal.decode(key))
    let publicKey = try #require(Ed25519PublicKey(bytes: keyBytes))
    let message = try #require(Hexadecimal.decode(message))
    var signature = try #require(Hexadecimal.decode(signature))
    #expect(publicKey.isValidSignature(signature, for: message))
    #expect(!publicKey.isValidSignature(signature, for: message + [0]))
    #expect(!publicKey.isValidSignature(Array(signature.dropLast()), for: message))
    #expect(!publicKey.isValidSignature(signature + [0], for: message))
    signature[0] ^= 1
    #expect(!publicKey.isValidSignature(signature, for: message))
  }
}

@Suite struct SignedNoteTests {
  @Test func `opens the specification's note`() throws {
    let note = try SignedNote(parsing: SpecificationNote.note)
    let verified = try note.verified(by: [NoteVerifier(parsing: SpecificationNote.vkey)])
    #expect(verified.text == SpecificationNote.text)
    #expect(verified.signatures.map(\.key.name) == ["example.com/foo"])
    #expect(note.description == SpecificationNote.note)
    #expect(note.bytes == Array(SpecificationNote.note.utf8))
  }

  @Test func `every one-bit change of a note is refused`() throws {
    let verifier = try NoteVerifier(parsing: SpecificationNote.vkey)
    let bytes = Array(SpecificationNote.note.utf8)
    for position in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[position] ^= 1 << UInt8(bit)
        #expect(throws: NoteError.self) {
          try SignedNote(parsing: changed).verified(by: [verifier])
        }
      }
    }
  }

  @Test func `every truncation and every insertion of a byte is refused`() throws {
    let verifier = try NoteVerifier(parsing: SpecificationNote.vkey)
    let bytes = Array(SpecificationNote.note.utf8)
    for count in 0..<bytes.count {
      #expect(throws: NoteError.self) {
        try SignedNote(parsing: Array(bytes.prefix(count))).verified(by: [verifier])
      }
    }
    for position in 0...bytes.count {
      for byte: UInt8 in [0x0A, 0x20, 0x41, 0x00, 0xFF] {
        var changed = bytes
        changed.insert(byte, at: position)
        #expect(throws: NoteError.self) {
          try SignedNote(parsing: changed).verified(by: [verifier])
        }
      }
    }
  }

  @Test(arguments: [
    "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n\n", "text\n\n\u{2014} a AAAAAAA=",
    "text\n\n\u{2014} a AAAAAAA=\n\n", "text\n\n- a AAAAAAA=\n", "text\n\n\u{2014}a AAAAAAA=\n",
    "text\n\n\u{2014}  AAAAAAA=\n", "text\n\n\u{2014} a  AAAAAAA=\n",
    "text\n\n\u{2014} a AAAAAAA\n",
    "text\n\n\u{2014} a AAAAAAB=\n", "text\n\n\u{2014} a AAAAAA==\n",
    "text\n\n\u{2014} a+b AAAAAAA=\n",
    "te\u{1}xt\n\n\u{2014} a AAAAAAA=\n", "text\r\n\n\u{2014} a AAAAAAA=\n",
    "text\n\n\u{2014} a AAAAAAA= \n", "text\n\n\u{2014} a AAAAAAA=\ntext\n",
  ])
  func `refuses what is not a note`(text: String) {
    #expect(throws: NoteError.self) { try SignedNote(parsing: text) }
  }

  @Test func `refuses bytes that are not UTF-8`() {
    let bytes = Array("text\n\n\u{2014} a AAAAAAA=\n".utf8)
    #expect(throws: Never.self) { try SignedNote(parsing: bytes) }
    for position in bytes.indices {
      var changed = bytes
      changed.insert(0x80, at: position)
      #expect(throws: NoteError.self) { try SignedNote(parsing: changed) }
    }
  }

  @Test func `the last empty line separates, so a text may have its own`() throws {
    let key = try TestKey("key.example", seed: 1)
    let text = "one\n\ntwo\n\n\n"
    let note = try SignedNote(text: text, signatures: [key.signature(of: text)])
    #expect(try SignedNote(parsing: note.description) == note)
    #expect(try note.verified(by: [key.verifier]).text == text)
  }

  @Test func `ignores unknown keys, also when they share a name or an identifier`() throws {
    let known = try TestKey("key.example", seed: 1)
    let sameName = try TestKey("key.example", seed: 2)
    let text = "text\n"
    let sameID = try #require(
      NoteSignature(
        name: "other.example", keyID: known.verifier.keyID,
        payload: [UInt8](repeating: 0, count: 64)
      ))
    let note = try SignedNote(
      text: text,
      signatures: [sameName.signature(of: "other\n"), sameID, known.signature(of: text)])
    #expect(try note.verified(by: [known.verifier]).signatures.count == 1)
    let unknown = try TestKey("unknown.example", seed: 3)
    #expect(throws: NoteError.noKnownSignature) { try note.verified(by: [unknown.verifier]) }
    #expect(throws: NoteError.noKnownSignature) { try note.verified(by: []) }
  }

  @Test func `a bad signature of a known key rejects the whole note`() throws {
    let first = try TestKey("first.example", seed: 1)
    let second = try TestKey("second.example", seed: 2)
    let note = try SignedNote(
      text: "text\n",
      signatures: [first.signature(of: "text\n"), second.signature(of: "other\n")])
    #expect(throws: Never.self) { try note.verified(by: [first.verifier]) }
    #expect(
      throws: NoteError.badSignature(name: "second.example", keyID: second.verifier.keyID)
    ) {
      try note.verified(by: [first.verifier, second.verifier])
    }
  }

  @Test func `takes 100 signatures and not one more`() throws {
    let key = try TestKey("key.example", seed: 1)
    let signature = try key.signature(of: "text\n")
    var note = try SignedNote(text: "text\n", signatures: [signature])
    for _ in 1..<100 { note = try note.adding(signature) }
    #expect(try SignedNote(parsing: note.description).signatures.count == 100)
    #expect(throws: NoteError.self) { try note.adding(signature) }
    #expect(throws: NoteError.self) { try SignedNote(parsing: note.description + "\(signature)\n") }
  }

  @Test func `a text that looks equal but has other bytes is another text`() throws {
    // The same letter composed and decomposed: equal as Swift strings, not as bytes.
    let composed = "caf\u{E9}\n"
    let decomposed = "cafe\u{301}\n"
    let key = try TestKey("key.example", seed: 1)
    let signature = try key.signature(of: composed)
    let note = try SignedNote(text: composed, signatures: [signature])
    let other = try SignedNote(text: decomposed, signatures: [signature])
    #expect(note != other)
    #expect(throws: Never.self) { try note.verified(by: [key.verifier]) }
    #expect(throws: NoteError.self) { try other.verified(by: [key.verifier]) }
  }
}
