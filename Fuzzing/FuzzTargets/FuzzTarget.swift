import Configuration
import Evidence
import Board
import BoardYAML
import MerkleLog

@testable import LogDirectory

/// A parser of bytes that somebody else chose, with what must hold for any of them.
///
/// Every parser is canonical: what it takes, it writes again byte for byte. So whatever it takes, no
/// two readers can understand differently.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case cbor, entry, body, note, checkpoint, vkey, did, proof, receipt, disclosure, bundle, wal
  case tilePath = "tile-path"
  case number, board

  /// What was found.
  package struct Finding: Error, CustomStringConvertible {
    /// The property that does not hold.
    package let description: String
  }

  /// Reads bytes; throws where a property does not hold.
  ///
  /// That it ends and does not trap is the first.
  package func check(_ bytes: [UInt8]) throws(Finding) {
    switch self {
    case .cbor:
      guard let value = try? CBOR.decode(bytes) else { return }
      try expect(bytes, try? value.encoded())
    case .entry:
      guard let entry = try? SignedEntry(parsing: bytes) else { return }
      try expect(bytes, entry.bytes)
      try expectCanonical(bytes)
      _ = entry.hasValidSignature
      var verifier = LogVerifier(did: entry.issuer)
      _ = verifier.check(entry.bytes)
    case .body: try checkBody(bytes)
    case .note:
      guard let note = try? SignedNote(parsing: bytes) else { return }
      try expect(bytes, note.bytes)
    case .checkpoint:
      guard let text = text(bytes), let checkpoint = try? Checkpoint(parsing: text) else { return }
      try expect(bytes, Array(checkpoint.description.utf8))
    case .vkey:
      guard let text = text(bytes), let key = try? NoteVerifier(parsing: text) else { return }
      try expect(bytes, Array(key.description.utf8))
    case .did:
      guard let text = text(bytes), let did = try? DIDKey(parsing: text) else { return }
      try expect(bytes, Array(did.description.utf8))
    case .proof:
      guard let text = text(bytes) else { return }
      if let proof = try? TlogProof(parsing: text) {
        try expect(bytes, Array(proof.description.utf8))
      }
      guard let proof = try? EntryProof(parsing: text) else { return }
      try expect(bytes, Array(proof.text.utf8))
      _ = try? proof.verify(log: proof.entry.issuer)
    case .receipt:
      guard let receipt = try? Receipt(parsing: bytes) else { return }
      try expect(bytes, receipt.bytes)
      try expectCanonical(bytes)
    case .disclosure:
      guard let disclosure = try? Disclosure(parsing: bytes) else { return }
      try expect(
        bytes, try? Disclosure(salt: disclosure.salt, record: disclosure.record).bytes)
    case .bundle:
      guard let ranges = try? EntryBundle.ranges(in: bytes) else { return }
      guard let bundle = try? EntryBundle(decoding: bytes, width: ranges.count) else { return }
      try expect(bytes, bundle.encoded)
    case .wal: try checkWriteAheadFile(bytes)
    case .tilePath:
      guard let text = text(bytes), let path = TilePath(parsing: text) else { return }
      try expect(bytes, Array(path.description.utf8))
    case .number:
      guard let number = NumberFile.number(bytes) else { return }
      try expect(bytes, Array(NumberFile.text(number).utf8))
    case .board: checkBoard(bytes)
    }
  }

  private func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

  private func expect(_ read: [UInt8], _ written: [UInt8]?) throws(Finding) {
    guard read == written else {
      throw Finding(description: "\(rawValue): what was read is written otherwise")
    }
  }

  /// Whether bytes are what their meaning is written as.
  private func expectCanonical(_ bytes: [UInt8]) throws(Finding) {
    try expect(bytes, try? CBOR.decode(bytes).encoded())
  }

  private func checkBody(_ bytes: [UInt8]) throws(Finding) {
    guard let value = try? CBOR.decode(bytes) else { return }
    if let body = try? DataBody(cbor: value) { try expect(bytes, try? body.cbor.encoded()) }
    if let body = try? EventBody(cbor: value) { try expect(bytes, try? body.cbor.encoded()) }
    if let body = try? ConfigurationBody(cbor: value) {
      try expect(bytes, try? body.cbor.encoded())
    }
  }

  /// What the scan takes for whole frames must be whole frames, one after the other, and a byte that
  /// changes in one must not go unnoticed.
  private func checkWriteAheadFile(_ bytes: [UInt8]) throws(Finding) {
    guard let scan = try? WriteAheadFile.scan(bytes, path: "wal") else { return }
    var end = WriteAheadFile.headerByteCount
    for range in scan.ranges {
      guard range.lowerBound == end + WriteAheadFile.frameHeaderByteCount, !range.isEmpty else {
        throw Finding(description: "wal: a frame does not follow the one before")
      }
      end = range.upperBound
    }
    guard end == scan.validByteCount, end <= bytes.count else {
      throw Finding(description: "wal: the last whole frame ends elsewhere")
    }
    guard !scan.ranges.isEmpty else { return }
    // One frame, which the bytes themselves choose: its length, check, durable place and entry.
    let chosen = bytes.reduce(0) { $0 &* 31 &+ Int($1) }.magnitude % UInt(scan.ranges.count)
    let frame = scan.ranges[Int(chosen)]
    let start = frame.lowerBound - WriteAheadFile.frameHeaderByteCount
    for position in [start + 3, start + 4, start + 15, frame.lowerBound, frame.upperBound - 1] {
      var changed = bytes
      changed[position] ^= 0x10
      if let again = try? WriteAheadFile.scan(changed, path: "wal"),
        again.ranges.count > Int(chosen)
      {
        throw Finding(description: "wal: a changed byte was not noticed at \(position)")
      }
    }
  }

  private func checkBoard(_ bytes: [UInt8]) {
    let (node, diagnostics) = BoardYAML.node(parsing: bytes)
    for diagnostic in diagnostics { _ = diagnostic.line(in: "board.yaml") }
    guard let node else { return }
    _ = BoardReader.reading(of: node, fileSize: bytes.count)
  }
}
