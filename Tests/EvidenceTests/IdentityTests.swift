import Evidence
import MerkleLog
import Testing

@Suite struct DIDKeyTests {
  // The did:key method's Ed25519 example, and the key of RFC 8032 section 7.1 test 1.
  @Test(
    arguments: zip(
      [
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
        "did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd",
      ],
      [
        "2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
      ]))
  func `writes and reads published identities`(text: String, key: String) throws {
    let did = try DIDKey(parsing: text)
    #expect(did.publicKey.description == key)
    let publicKey = try #require(Ed25519PublicKey(bytes: bytes(key)))
    #expect(DIDKey(publicKey: publicKey).description == text)
    #expect(text.utf8.count == "did:key:".utf8.count + 48)
    #expect(try DIDKey(publicKeyPEM: did.publicKeyPEM) == did)
    #expect(try NoteVerifier(parsing: did.vkey) == did.noteVerifier)
    #expect(did.noteVerifier.keyID == did.keyID)
  }

  @Test(arguments: [
    "", "did:key:", "did:key:z", "did:key:z6Mk", "did:web:example.com",
    "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "did:key:Z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "did:key:z16MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK ",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK#z6Mk",
    "DID:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
    // A P-256 key of the did:key method's examples.
    "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
  ])
  func `refuses what is not the identity of a log`(text: String) {
    #expect(throws: DIDKeyError.self) { try DIDKey(parsing: text) }
  }

  @Test func `every one-character change is refused or another identity`() throws {
    let text = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    let did = try DIDKey(parsing: text)
    for position in Array(text.utf8).indices {
      for byte in UInt8(0x20)...0x7E where byte != Array(text.utf8)[position] {
        var changed = Array(text.utf8)
        changed[position] = byte
        let other = String(decoding: changed, as: UTF8.self)
        guard let parsed = try? DIDKey(parsing: other) else { continue }
        #expect(parsed != did)
        #expect(parsed.publicKey != did.publicKey)
        #expect(parsed.description == other)
      }
    }
  }

  @Test func `refuses long texts quickly`() {
    let text = "did:key:z" + String(repeating: "6", count: 1_000_000)
    #expect(throws: DIDKeyError.malformed) { try DIDKey(parsing: text) }
  }

  @Test func `refuses the identity of a key of small order`() throws {
    // The identity point under the multicodec prefix, in base58 as other tools write it.
    #expect(throws: DIDKeyError.badPublicKey) {
      try DIDKey(parsing: "did:key:z6MkeXATEjyXENzBXBxgC5EHk2JE5aqd7qMGGtDpLUH1e2Sj")
    }
  }

  @Test func `every truncation and change of a PEM is refused or another key`() throws {
    let did = try Sample.identity().did
    let pem = Array(did.publicKeyPEM.utf8)
    for position in pem.indices {
      var shorter = pem
      shorter.remove(at: position)
      let text = String(decoding: shorter, as: UTF8.self)
      #expect(throws: DIDKeyError.self) { try DIDKey(publicKeyPEM: text) }
      for bit in 0..<7 {
        var changed = pem
        changed[position] ^= 1 << UInt8(bit)
        let text = String(decoding: changed, as: UTF8.self)
        if let parsed = try? DIDKey(publicKeyPEM: text) { #expect(parsed != did) }
      }
    }
  }
}

@Suite struct IdentityTests {
  // RFC 8032 section 7.1, tests 1 to 3.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func `signs as RFC 8032 does, the same every time`(
    seed: String, message: String, signature: String
  ) throws {
    let identity = try Identity(seed: bytes(seed))
    let message = try bytes(message)
    for _ in 0..<3 {
      #expect(try Hexadecimal.encode(identity.signature(over: message)) == signature)
    }
  }

  @Test func `a generated identity is new and comes back from its seed`() throws {
    let first = try Identity.generate()
    let second = try Identity.generate()
    #expect(first.did != second.did)
    #expect(first.seed.count == 32)
    #expect(try Identity(seed: first.seed).did == first.did)
  }

  @Test func `a seed has 32 bytes`() {
    for count in [0, 31, 33, 64] {
      #expect(throws: SigningError.self) { try Identity(seed: [UInt8](repeating: 1, count: count)) }
    }
  }

  @Test func `never shows the key`() throws {
    let identity = try Sample.identity()
    var dumped = ""
    dump(identity, to: &dumped)
    dump([identity], to: &dumped)
    let texts = [
      "\(identity)", String(reflecting: identity), String(describing: [identity]),
      String(reflecting: ["key": identity]), String(describing: Optional(identity)), dumped,
    ]
    let secret = Hexadecimal.encode(Sample.seed)
    for text in texts {
      #expect(text.contains("redacted"))
      #expect(!text.contains(secret))
      #expect(!text.lowercased().contains("seed"))
      #expect(!text.contains("PrivateKey"))
      #expect(!text.contains("30, 31"))
    }
  }

  @Test func `a signer that makes wrong signatures gets nothing into the log`() throws {
    struct Faulty: Signer {
      let identity: Identity
      var did: DIDKey { identity.did }
      func signature(over message: [UInt8]) throws(SigningError) -> [UInt8] {
        var signature = try identity.signature(over: message)
        signature[40] ^= 1
        return signature
      }
    }
    let faulty = Faulty(identity: try Sample.identity())
    #expect(throws: SigningError.self) { try faulty.checkpoint(at: .empty) }
    #expect(throws: EntryError.self) {
      try SignedEntry(
        signing: Sample.entry(0, previous: .zero), subject: Sample.subject, by: faulty)
    }
  }

  @Test func `a log has a name on a chain`() throws {
    let did = try Sample.identity().did
    #expect(did.logID == .digest(of: Array(did.description.utf8)))
  }
}
