/// A log's head as the text of a note.
///
/// Source: c2sp.org/tlog-checkpoint.
///
/// ```text
/// did:key:z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd
/// 8
/// RWAoVmhRFG6C3aMD5+fUHV6C7r82xKbuendo/Sk/vAQ=
/// ```
///
/// Origin, size and root, a line each, then extension lines, which this house never writes but, as
/// the specification has it, reads. Parsing is canonical.
public struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
  /// The log's unique name, the first line.
  public let origin: String
  /// The log's size and root.
  public let head: TreeHead
  /// The lines after the root, opaque and not empty; none in a log of this house.
  public let extensionLines: [String]

  /// A checkpoint, or nil when origin or an extension line is empty or holds a control character.
  public init?(origin: String, head: TreeHead, extensionLines: [String] = []) {
    guard ([origin] + extensionLines).allSatisfy(Checkpoint.isLine) else { return nil }
    self.origin = origin
    self.head = head
    self.extensionLines = extensionLines
  }

  private static func isLine(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 }
  }

  /// The checkpoint in a note's text.
  ///
  /// - Throws: ``CheckpointError/malformed(line:)``.
  public init(parsing text: String) throws(CheckpointError) {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    // The text ends in a newline, so what follows the last one is an empty piece.
    guard lines.count >= 4, lines.last == "" else { throw .malformed(line: lines.count) }
    guard let size = Decimal.parse(lines[1]) else { throw .malformed(line: 2) }
    guard let root = Hash(base64: lines[2]) else { throw .malformed(line: 3) }
    let extensionLines = Array(lines[3..<lines.count - 1])
    guard
      let parsed = Checkpoint(
        origin: lines[0], head: TreeHead(size: size, root: root), extensionLines: extensionLines)
    else { throw .malformed(line: Checkpoint.isLine(lines[0]) ? 4 : 1) }
    self = parsed
  }

  /// The text that is signed.
  public var description: String {
    "\(origin)\n\(head.size)\n\(head.root.base64)\n" + extensionLines.map { "\($0)\n" }.joined()
  }

  /// Two checkpoints are equal when their texts are, byte for byte.
  public static func == (left: Checkpoint, right: Checkpoint) -> Bool {
    left.description.utf8.elementsEqual(right.description.utf8)
  }

  /// The checkpoint in a note that its log signed, and the witnesses that cosigned it.
  ///
  /// The log's key must have signed, and the origin must be that key's name: one key, one log.
  ///
  /// - Throws: ``CheckpointError`` saying what does not fit.
  public static func opening(
    _ note: SignedNote, log: NoteVerifier, witnesses: [NoteVerifier] = []
  ) throws(CheckpointError) -> VerifiedCheckpoint {
    let verified: VerifiedNote
    do {
      verified = try note.verified(by: [log] + witnesses)
    } catch {
      throw .note(error)
    }
    guard verified.signatures.contains(where: { $0.key == log }) else {
      throw .note(.noKnownSignature)
    }
    let checkpoint = try Checkpoint(parsing: verified.text)
    guard checkpoint.origin.utf8.elementsEqual(log.name.utf8) else {
      throw .originMismatch(origin: checkpoint.origin, keyName: log.name)
    }
    return VerifiedCheckpoint(
      checkpoint: checkpoint,
      cosignatures: verified.signatures.filter { $0.key.algorithm == .cosignature })
  }
}

/// A checkpoint whose signatures have been verified.
public struct VerifiedCheckpoint: Hashable, Sendable {
  /// The checkpoint.
  public let checkpoint: Checkpoint
  /// The known witnesses' cosignatures with their times.
  public let cosignatures: [VerifiedNote.Signature]

  /// The number of different witnesses that cosigned.
  public var witnessCount: Int { Set(cosignatures.map(\.key.publicKey)).count }
}

/// Why a note is not a trusted checkpoint.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A line of the text is not what a checkpoint has there.
  case malformed(line: Int)
  /// The note's signatures do not hold.
  case note(NoteError)
  /// The checkpoint is of another log than the key's.
  case originMismatch(origin: String, keyName: String)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed(let line):
      "malformed checkpoint: line \(line) (expected origin, decimal size, base64 root)"
    case .note(let error):
      "\(error)"
    case .originMismatch(let origin, let keyName):
      "the checkpoint is of log \(origin), not of \(keyName)"
    }
  }
}

/// Decimal numbers without sign and without leading zeros, below 2^63.
///
/// Other implementations hold sizes and indexes in signed 64-bit numbers; a larger one would be read
/// differently by different readers.
enum Decimal {
  static func parse(_ text: some StringProtocol) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let value = UInt64(text),
      value <= UInt64(Int64.max), text.utf8.count == 1 || text.utf8.first != 0x30
    else { return nil }
    return value
  }
}
