import MerkleLog
import Testing

@testable import Evidence

/// Every byte of what is handed to a stranger counts.
@Suite struct MutationTests {
  /// What a byte becomes: each bit turned over, and values that mean something to a parser.
  private static func changes(of byte: UInt8) -> Set<UInt8> {
    Set((0..<8).map { byte ^ 1 << $0 } + [0x00, 0x0A, 0x0D, 0x20, 0x2B, 0x30, 0x3D, 0x41, 0xFF])
      .subtracting([byte])
  }

  /// Expects that every change of every byte is refused; gives how many there were.
  @discardableResult
  private static func expectRefusal(
    _ bytes: [UInt8], _ what: String, isTaken: ([UInt8]) throws -> Bool
  ) rethrows -> Int {
    #expect(try isTaken(bytes), "\(what) is not taken as it is")
    var count = 0
    for position in bytes.indices {
      for byte in changes(of: bytes[position]).sorted() {
        var changed = bytes
        changed[position] = byte
        count += 1
        if try isTaken(changed) {
          Issue.record("\(what): byte \(position) as \(byte) is taken")
          return count
        }
      }
    }
    return count
  }

  private static func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

  @Test func `a changed byte of a proof is noticed, cosignature included`() throws {
    let log = try DIDKey(parsing: Sample.text("origin"))
    let witness = try NoteVerifier(parsing: Sample.line("witness.vkey"))
    let count = Self.expectRefusal(try Sample.bytes("reading.5.tlog-proof"), "the proof") { bytes in
      guard let text = Self.text(bytes), let proof = try? EntryProof(parsing: text) else {
        return false
      }
      return (try? proof.verify(log: log, witnesses: [witness], quorum: 1)) != nil
    }
    #expect(count > 10_000)
  }

  @Test func `a changed byte of a checkpoint is noticed`() throws {
    let log = try DIDKey(parsing: Sample.text("origin"))
    Self.expectRefusal(try Sample.bytes("checkpoint.8"), "the checkpoint") { bytes in
      guard let note = try? SignedNote(parsing: bytes) else { return false }
      return (try? Checkpoint.opening(note, log: log.noteVerifier)) != nil
    }
  }

  @Test func `of a cosigned checkpoint only a line that becomes a stranger's may change`() throws {
    let log = try DIDKey(parsing: Sample.text("origin"))
    let witness = try NoteVerifier(parsing: Sample.line("witness.vkey"))
    Self.expectRefusal(try Sample.bytes("checkpoint"), "the checkpoint") { bytes in
      guard let note = try? SignedNote(parsing: bytes),
        let opened = try? Checkpoint.opening(note, log: log.noteVerifier, witnesses: [witness])
      else { return false }
      return opened.witnessCount == 1
    }
  }

  @Test(arguments: 0..<8)
  func `a changed byte of an entry is noticed`(seq: Int) throws {
    let log = try DIDKey(parsing: Sample.text("origin"))
    let previous = try seq == 0 ? Hash.zero : Hash.leaf(Sample.bytes("entry.\(seq - 1).cose"))
    Self.expectRefusal(try Sample.bytes("entry.\(seq).cose"), "entry \(seq)") { bytes in
      var verifier = LogVerifier(did: log, nextSequence: UInt64(seq), previous: previous)
      return verifier.check(bytes).faults.isEmpty
    }
  }

  @Test func `a changed byte of a verifier key is another key or none`() throws {
    for file in ["log.vkey", "witness.vkey"] {
      let line = Array(try Sample.line(file).utf8)
      Self.expectRefusal(line, file) { bytes in
        Self.text(bytes).flatMap { try? NoteVerifier(parsing: $0) } != nil
      }
    }
  }

  @Test func `a changed byte of a disclosure opens nothing`() throws {
    let entry = try SignedEntry(parsing: Sample.bytes("entry.5.cose")).entry
    let digests = Set(try entry.dataBody().digests)
    let proof = try EntryProof(parsing: Sample.text("reading.5.tlog-proof"))
    for disclosure in proof.disclosures {
      Self.expectRefusal(disclosure.bytes, "the disclosure") { bytes in
        (try? Disclosure(parsing: bytes)).map { digests.contains($0.digest) } ?? false
      }
    }
    #expect(!proof.disclosures.isEmpty)
  }

  /// Size and index stand outside the signature, so they are compared with a head.
  @Test func `a changed byte of a receipt is noticed by whoever knows entry and head`() throws {
    let log = try DIDKey(parsing: Sample.text("origin"))
    let entry = try Sample.bytes("entry.5.cose")
    let note = try SignedNote(parsing: Sample.bytes("checkpoint.8"))
    let head = try Checkpoint.opening(note, log: log.noteVerifier).checkpoint.head
    Self.expectRefusal(try Sample.bytes("reading.5.receipt"), "the receipt") { bytes in
      guard let receipt = try? Receipt(parsing: bytes), receipt.issuer == log,
        receipt.proof.size == head.size,
        (try? receipt.proof.verify(leafHash: .leaf(entry), root: head.root)) != nil
      else { return false }
      return (try? receipt.isValid(forEntry: entry)) == true
    }
  }
}
