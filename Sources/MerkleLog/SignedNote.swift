/// A text with the signatures under it.
///
/// Source: c2sp.org/signed-note.
///
/// ```text
/// This is an example message.
///
/// — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
/// ```
///
/// A text that ends in a newline, a blank line, and one or more signature lines. The text includes
/// its last newline and not the blank line; it may itself hold empty lines, for the last one
/// separates. All is UTF-8 without control characters other than newline. Parsing is canonical:
/// ``description`` gives back the bytes that were parsed.
public struct SignedNote: Hashable, Sendable, CustomStringConvertible {
  /// The most signature lines that a note may have; the specification asks for at least 16.
  public static let maximumSignatureCount = 100
  /// The most bytes that a note may have.
  public static let maximumByteCount = 1_000_000

  /// The text as it stands: nobody has checked a signature yet.
  public let unverifiedText: String
  /// The signature lines in their order; nobody has checked them yet.
  public private(set) var signatures: [NoteSignature]

  /// A note of a text and signatures over it.
  ///
  /// - Throws: ``NoteError/malformed(_:)`` when the text does not end in a newline or holds a control
  ///   character, or when there is no signature or more than 100.
  public init(text: String, signatures: [NoteSignature]) throws(NoteError) {
    guard text.utf8.last == 0x0A else { throw .malformed("the text does not end in a newline") }
    guard text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else {
      throw .malformed("there is a control character")
    }
    guard !signatures.isEmpty else { throw .malformed("there is no signature") }
    guard signatures.count <= SignedNote.maximumSignatureCount else {
      throw .malformed("there are more than \(SignedNote.maximumSignatureCount) signatures")
    }
    unverifiedText = text
    self.signatures = signatures
  }

  /// The note in bytes.
  ///
  /// - Throws: ``NoteError/malformed(_:)``.
  public init(parsing bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= SignedNote.maximumByteCount else {
      throw .malformed("there are more than \(SignedNote.maximumByteCount) bytes")
    }
    guard let separator = SignedNote.lastEmptyLine(in: bytes) else {
      throw .malformed("there is no empty line between text and signatures")
    }
    guard let text = String(validating: bytes[...separator], as: UTF8.self),
      let rest = String(validating: bytes[(separator + 2)...], as: UTF8.self)
    else { throw .malformed("the bytes are not UTF-8") }
    guard rest.utf8.last == 0x0A else { throw .malformed("the last line has no newline") }
    var signatures: [NoteSignature] = []
    for line in rest.utf8.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard let signature = NoteSignature(parsing: String(Substring(line))) else {
        throw .malformed("signature line \(signatures.count + 1) is malformed")
      }
      signatures.append(signature)
    }
    try self.init(text: text, signatures: signatures)
  }

  /// The note in a text.
  ///
  /// - Throws: ``NoteError/malformed(_:)``.
  public init(parsing text: String) throws(NoteError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// The index of the newline that ends the text, the one before the last empty line.
  private static func lastEmptyLine(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 2 else { return nil }
    return (0...bytes.count - 2).last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
  }

  /// The whole note: text, blank line, signature lines.
  public var description: String {
    unverifiedText + "\n" + signatures.map { "\($0)\n" }.joined()
  }

  /// The whole note in UTF-8.
  public var bytes: [UInt8] { Array(description.utf8) }

  /// The note with one more signature line.
  ///
  /// - Throws: ``NoteError/malformed(_:)`` when there are 100 already.
  public func adding(_ signature: NoteSignature) throws(NoteError) -> SignedNote {
    try SignedNote(text: unverifiedText, signatures: signatures + [signature])
  }

  /// Two notes are equal when their bytes are.
  public static func == (left: SignedNote, right: SignedNote) -> Bool {
    left.signatures == right.signatures
      && left.unverifiedText.utf8.elementsEqual(right.unverifiedText.utf8)
  }

  /// The note with further signature lines, each in the place of an earlier one of the same key.
  ///
  /// - Throws: ``NoteError/malformed(_:)`` where there would be too many.
  public func adding(_ more: [NoteSignature]) throws(NoteError) -> SignedNote {
    var lines = signatures
    for line in more {
      lines.removeAll { $0.keyID == line.keyID && $0.name.utf8.elementsEqual(line.name.utf8) }
      lines.append(line)
    }
    return try SignedNote(text: unverifiedText, signatures: lines)
  }

  /// The note with its first signature only, which is the log's own.
  public var withoutCosignatures: SignedNote {
    (try? SignedNote(text: unverifiedText, signatures: Array(signatures.prefix(1)))) ?? self
  }

  /// The text and the known keys that signed it.
  ///
  /// Lines of unknown keys are ignored, even when they share a name or a key ID with a known one. A
  /// line of a known key that does not verify rejects the whole note.
  ///
  /// - Throws: ``NoteError/badSignature(name:keyID:)``, ``NoteError/noKnownSignature``, or
  ///   ``NoteError/ambiguousKey(name:keyID:)`` when two different known keys claim one line.
  public func verified(by known: [NoteVerifier]) throws(NoteError) -> VerifiedNote {
    var verified: [VerifiedNote.Signature] = []
    for signature in signatures {
      let matching = Set(known.filter { $0.isNamed(by: signature) })
      guard let key = matching.first else { continue }
      guard matching.count == 1 else {
        throw .ambiguousKey(name: signature.name, keyID: signature.keyID)
      }
      guard key.isValid(signature, for: unverifiedText) else {
        throw .badSignature(name: signature.name, keyID: signature.keyID)
      }
      verified.append(
        VerifiedNote.Signature(
          key: key,
          unixSeconds: key.algorithm == .cosignature ? signature.cosignatureUnixSeconds : nil))
    }
    guard !verified.isEmpty else { throw .noKnownSignature }
    return VerifiedNote(text: unverifiedText, signatures: verified)
  }
}

/// A note's text, reachable only after a known key's signature has been verified.
public struct VerifiedNote: Hashable, Sendable {
  /// A signature that was verified.
  public struct Signature: Hashable, Sendable {
    /// The key that made it.
    public let key: NoteVerifier
    /// For a cosignature the time that the witness put under it, in seconds since 1970.
    public let unixSeconds: UInt64?
  }

  /// The text.
  public let text: String
  /// The verified signatures in the order of their lines, at least one.
  public let signatures: [Signature]
}

/// Why bytes are not a note, or a note is not to be trusted.
public enum NoteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not a signed note.
  case malformed(String)
  /// A line of a known key does not verify.
  case badSignature(name: String, keyID: KeyID)
  /// Two different known keys share the name and the key ID of a line: somebody made a collision.
  case ambiguousKey(name: String, keyID: KeyID)
  /// No known key signed the note.
  case noKnownSignature

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed(let what):
      "malformed note: \(what)"
    case .badSignature(let name, let keyID):
      "the signature of \(name)+\(keyID) does not verify"
    case .ambiguousKey(let name, let keyID):
      "two different known keys are called \(name)+\(keyID)"
    case .noKnownSignature:
      "the note has no signature of a known key"
    }
  }
}
