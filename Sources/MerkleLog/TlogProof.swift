/// A self-contained, offline proof that something is in a log: the file `NAME.tlog-proof`.
///
/// Source: c2sp.org/tlog-proof.
///
/// ```text
/// c2sp.org/tlog-proof@v1
/// extra <base64>
/// index 5
/// <base64 hash, the leaf's sibling first>
///
/// <the checkpoint note, verbatim>
/// ```
///
/// Parsing is canonical: ``description`` gives back the text that was parsed.
public struct TlogProof: Hashable, Sendable, CustomStringConvertible {
  static let header = "c2sp.org/tlog-proof@v1"

  /// Data that comes with the proof and that nothing authenticates; nil when there is no such line.
  public let extra: [UInt8]?
  /// The entry's index in the log.
  public let index: UInt64
  /// The inclusion proof's hashes, the leaf's sibling first.
  public let path: [Hash]
  /// The checkpoint as a note, with its cosignatures; nobody has checked it yet.
  public let checkpoint: SignedNote

  /// A proof of its parts; an empty `extra` is none, for the format cannot tell them apart.
  public init(extra: [UInt8]? = nil, index: UInt64, path: [Hash], checkpoint: SignedNote) {
    self.extra = extra?.isEmpty == true ? nil : extra
    self.index = index
    self.path = path
    self.checkpoint = checkpoint
  }

  /// The proof in a file's text.
  ///
  /// - Throws: ``TlogProofError`` saying which line is not what it should be.
  public init(parsing text: String) throws(TlogProofError) {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    var number = 0
    func next() -> String? {
      guard number < lines.count else { return nil }
      defer { number += 1 }
      return String(Substring(lines[number]))
    }
    guard next() == TlogProof.header else { throw .malformed(line: 1) }
    var line = next()
    var extra: [UInt8]?
    if let extraLine = line, extraLine.hasPrefix("extra ") {
      guard let bytes = Base64.decode(String(extraLine.dropFirst(6))), !bytes.isEmpty else {
        throw .malformed(line: number)
      }
      extra = bytes
      line = next()
    }
    guard let indexLine = line, indexLine.hasPrefix("index "),
      let index = Decimal.parse(indexLine.dropFirst(6))
    else { throw .malformed(line: number) }
    var path: [Hash] = []
    while true {
      guard let hashLine = next() else { throw .malformed(line: number) }
      if hashLine.isEmpty { break }
      // A tree of a 64-bit size has no longer path.
      guard let hash = Hash(base64: hashLine), path.count < 64 else {
        throw .malformed(line: number)
      }
      path.append(hash)
    }
    let note = Array(lines[number...].joined(separator: [0x0A]))
    do {
      checkpoint = try SignedNote(parsing: note)
    } catch {
      throw .checkpoint(error)
    }
    self.extra = extra
    self.index = index
    self.path = path
    // String comparison is by canonical equivalence; bytes must not differ even by that.
    guard description.utf8.elementsEqual(text.utf8) else { throw .malformed(line: 1) }
  }

  /// The file's text.
  public var description: String {
    let extraLine = extra.map { "extra \(Base64.encode($0))\n" } ?? ""
    let hashLines = path.map { "\($0.base64)\n" }.joined()
    return "\(TlogProof.header)\n\(extraLine)index \(index)\n\(hashLines)\n\(checkpoint)"
  }

  /// Opens the checkpoint and checks that its tree holds a leaf hash at the proof's index.
  ///
  /// - Throws: ``TlogProofError`` saying what does not hold.
  public func verify(
    leafHash: Hash, log: NoteVerifier, witnesses: [NoteVerifier] = []
  ) throws(TlogProofError) -> VerifiedCheckpoint {
    let opened: VerifiedCheckpoint
    do {
      opened = try Checkpoint.opening(checkpoint, log: log, witnesses: witnesses)
    } catch {
      throw .untrustedCheckpoint(error)
    }
    let head = opened.checkpoint.head
    do {
      try InclusionProof(index: index, size: head.size, path: path)
        .verify(leafHash: leafHash, root: head.root)
    } catch {
      throw .inclusion(error)
    }
    return opened
  }
}

/// Why a proof file proves nothing.
public enum TlogProofError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A line is not what the format has there.
  case malformed(line: Int)
  /// What follows the empty line is not a note.
  case checkpoint(NoteError)
  /// The checkpoint is not signed by the log, or a signature under it does not hold.
  case untrustedCheckpoint(CheckpointError)
  /// The entry is not in the checkpoint's tree at that index.
  case inclusion(ProofError)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed(let line): "malformed tlog-proof: line \(line)"
    case .checkpoint(let error): "malformed tlog-proof: \(error)"
    case .untrustedCheckpoint(let error): "the proof's checkpoint cannot be trusted: \(error)"
    case .inclusion(let error): "the checkpoint's tree does not hold the entry: \(error)"
    }
  }
}
