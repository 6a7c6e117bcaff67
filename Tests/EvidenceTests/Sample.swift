import Evidence
import Foundation
import MerkleLog
import Testing

/// The published sample log: files that another implementation made from fixed seeds and salts.
enum Sample {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Vectors/sample")

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: directory.appending(path: name)))
  }

  static func text(_ name: String) throws -> String {
    try #require(String(validating: bytes(name), as: UTF8.self))
  }

  /// A text of one line, without its newline.
  static func line(_ name: String) throws -> String {
    String(try text(name).prefix { $0 != "\n" })
  }

  /// The seeds 00..1f of the device and 20..3f of the witness.
  static let seed = (0..<32).map { UInt8($0) }
  static let witnessSeed = (32..<64).map { UInt8($0) }
  static let subject = "urn:dev:mac:0024befffe804ff1"
  static let witnessName = "witness.example/w1"
  static let startSeconds = 1_700_000_000

  static func identity() throws -> Identity { try Identity(seed: seed) }

  static func witness() throws -> (identity: Identity, verifier: NoteVerifier) {
    let identity = try Identity(seed: witnessSeed)
    let verifier = try #require(
      NoteVerifier(
        name: witnessName, algorithm: .cosignature, publicKey: identity.did.publicKey))
    return (identity, verifier)
  }

  static func salt(_ sequence: Int, _ position: Int) -> [UInt8] {
    Array(Hash.digest(of: Array("test salt \(sequence) \(position)".utf8)).bytes.prefix(16))
  }

  static func records(_ sequence: Int) throws -> [SenMLRecord] {
    let time = Double(startSeconds + sequence)
    return [
      try SenMLRecord(
        name: "\(subject):temp", unit: "Cel", timeSeconds: time,
        value: .number(21.5 + Double(sequence) / 8)),
      try SenMLRecord(
        name: "\(subject):rh", unit: "%RH", timeSeconds: time, value: .number(48.3)),
      try SenMLRecord(
        name: "\(subject):freq", unit: "Hz", timeSeconds: time, value: .number(49.98)),
      try SenMLRecord(
        name: "\(subject):volt", unit: "V", timeSeconds: time, value: .number(231.2)),
    ]
  }

  static func disclosures(_ sequence: Int) throws -> [Disclosure] {
    guard sequence > 0 else { return [] }
    return try records(sequence).enumerated().map { position, record in
      try Disclosure(salt: salt(sequence, position), record: record)
    }
  }

  static func entry(_ sequence: Int, previous: Hash) throws -> Entry {
    var elements: [BodyElement] = []
    if sequence > 0 {
      // The temperature is public, the rest is hidden.
      elements = [.record(try records(sequence)[0])]
      elements += try disclosures(sequence).dropFirst().map { .redacted($0.digest) }
    }
    return Entry(
      type: sequence == 0 ? .genesis : .data, sequence: UInt64(sequence), previous: previous,
      boot: 1, monotonicMilliseconds: UInt64(1000 * sequence),
      clock: ClockReading(
        unixMilliseconds: UInt64(1000 * (startSeconds + sequence)), errorMilliseconds: 250,
        source: .ntp),
      body: DataBody(elements).cbor)
  }

  static func signedEntries() throws -> [SignedEntry] {
    let identity = try identity()
    var previous = Hash.zero
    var entries: [SignedEntry] = []
    for sequence in 0..<8 {
      let entry = try SignedEntry(
        signing: entry(sequence, previous: previous), subject: subject, by: identity)
      entries.append(entry)
      previous = entry.leafHash
    }
    return entries
  }

  static func cosignedCheckpoint() throws -> SignedNote {
    let leaves = try signedEntries().map(\.leafHash)
    let note = try identity().checkpoint(
      at: TreeHead(size: 8, root: Hash.root(leafHashes: leaves)))
    let witness = try witness()
    let cosignature = try NoteSignature.cosigning(
      note.unverifiedText, unixSeconds: 1_700_000_100, as: witness.verifier
    ) { try witness.identity.signature(over: $0) }
    return try note.adding(cosignature)
  }

  /// The numbers in vectors.json.
  static func vectors() throws -> Vectors {
    try JSONDecoder().decode(
      Vectors.self, from: Data(contentsOf: directory.appending(path: "vectors.json")))
  }

  struct Vectors: Decodable {
    struct Tree: Decodable {
      let leaves: [String]
      let leafHashes: [String]
      let roots: [String]
      let inclusion: [String: [String]]
      let consistency: [String: [String]]

      enum CodingKeys: String, CodingKey {
        case leaves, roots, inclusion, consistency
        case leafHashes = "leaf_hashes"
      }
    }

    let publicKey: String
    let did: String
    let vkey: String
    let keyID: String
    let witnessVkey: String
    let entries: [String]
    let leafHashes: [String]
    let disclosures: [[String]]
    let roots: [String]
    let inclusion: [String: [String]]
    let consistency: [String: [String]]
    let checkpoints: [String: String]
    let cosignedCheckpoint: String
    let tlogProof: String
    let receipt: String
    let senMLCBOR: String
    let standardTree: Tree

    enum CodingKeys: String, CodingKey {
      case did, vkey, entries, disclosures, roots, inclusion, consistency, checkpoints, receipt
      case publicKey = "ed25519_pk"
      case keyID = "key_id"
      case witnessVkey = "witness_vkey"
      case leafHashes = "leaf_hashes"
      case cosignedCheckpoint = "cosigned_checkpoint"
      case tlogProof = "tlog_proof"
      case senMLCBOR = "senml_cbor"
      case standardTree = "ct"
    }
  }
}

func bytes(_ hexadecimal: String) throws -> [UInt8] {
  try #require(Hexadecimal.decode(hexadecimal))
}

/// Whether a closure throws anything.
func isRefused(_ body: () throws -> Void) -> Bool {
  do {
    try body()
    return false
  } catch {
    return true
  }
}
