/// Why bytes are not an entry, or why none could be made.
public enum EntryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are not deterministic CBOR; the offset counts from the entry's first byte.
  case malformed(CBORError)
  /// A field is missing, unknown or of another shape; it is named by its key.
  case field(String, String)
  /// The entry has more bytes than the log can carry.
  case tooLong(byteCount: Int)
  /// The payload cannot be encoded.
  case encoding(CBOREncodingError)
  /// The signer failed.
  case signing(SigningError)
  /// A simulated clock in an entry whose subject does not say that the log is a simulation.
  case undeclaredSimulation(subject: String)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .malformed(let error):
      "\(error)"
    case .field(let name, let problem):
      "entry field \(name) \(problem)"
    case .tooLong(let byteCount):
      "the entry has \(byteCount) bytes; the log carries at most 65535: put fewer records in it"
    case .encoding(let error):
      "the entry cannot be encoded: \(error)"
    case .signing(let error):
      "the entry was not signed: \(error)"
    case .undeclaredSimulation(let subject):
      "the clock is simulated but subject \(subject) does not end in \(SignedEntry.simulatedSuffix)"
    }
  }
}
