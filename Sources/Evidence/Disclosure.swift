public import MerkleLog

/// What opens a hidden record: a salt and the record, whose digest stands in the entry.
///
/// Source: draft-ietf-spice-sd-cwt, salted elements. The digest is SHA-256 over the encoding of
/// `[salt, record]`, without a byte string around it. Disclosures are kept off the log: whoever
/// deletes the salt has erased the record.
public struct Disclosure: Hashable, Sendable {
  /// The number of bytes in a salt.
  public static let saltByteCount = 16

  /// The random bytes that keep the digest from being guessed.
  public let salt: [UInt8]
  /// The record.
  public let record: SenMLRecord
  /// The disclosure's encoding.
  public let bytes: [UInt8]

  /// A disclosure of a record under a salt of 16 bytes.
  ///
  /// - Throws: ``DisclosureError/saltByteCount(_:)``.
  public init(salt: [UInt8], record: SenMLRecord) throws(DisclosureError) {
    guard salt.count == Disclosure.saltByteCount else { throw .saltByteCount(salt.count) }
    self.salt = salt
    self.record = record
    do {
      bytes = try CBOR.array([.bytes(salt), record.cbor]).encoded()
    } catch {
      throw .encoding(error)
    }
  }

  /// A disclosure of a record under a fresh salt; outside tests the generator is the system's.
  ///
  /// - Throws: ``DisclosureError``, which a checked record never causes.
  public init(
    record: SenMLRecord, using generator: inout some RandomNumberGenerator
  ) throws(DisclosureError) {
    try self.init(salt: Disclosure.salt(using: &generator), record: record)
  }

  /// Sixteen random bytes.
  public static func salt(using generator: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<saltByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// The disclosure in bytes.
  ///
  /// - Throws: ``DisclosureError`` unless the bytes are exactly one disclosure's encoding.
  public init(parsing bytes: [UInt8]) throws(DisclosureError) {
    let value: CBOR
    do {
      value = try CBOR.decode(bytes)
    } catch {
      throw .malformed(error)
    }
    guard let parts = value.arrayValue, parts.count == 2, let salt = parts[0].bytesValue else {
      throw .shape
    }
    let record: SenMLRecord
    do {
      record = try SenMLRecord(cbor: parts[1])
    } catch {
      throw .record(error)
    }
    try self.init(salt: salt, record: record)
  }

  /// The digest that stands in the entry in the record's place.
  public var digest: Hash { .digest(of: bytes) }

  /// The digest of a decoy: a place in an entry that looks hidden and hides nothing.
  ///
  /// - Throws: ``DisclosureError/saltByteCount(_:)`` unless the salt has 16 bytes.
  public static func decoyDigest(salt: [UInt8]) throws(DisclosureError) -> Hash {
    guard salt.count == saltByteCount else { throw .saltByteCount(salt.count) }
    var encoder = CBOREncoder()
    encoder.appendArrayHead(count: 1)
    encoder.appendBytes(salt)
    return .digest(of: encoder.bytes)
  }
}

/// Why bytes are not a disclosure.
public enum DisclosureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The salt does not have 16 bytes.
  case saltByteCount(Int)
  /// The bytes are not deterministic CBOR.
  case malformed(CBORError)
  /// The value is not an array of a salt and a record.
  case shape
  /// The record is not one.
  case record(SenMLError)
  /// The record cannot be encoded.
  case encoding(CBOREncodingError)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .saltByteCount(let count): "a salt has 16 bytes, not \(count)"
    case .malformed(let error): "malformed disclosure: \(error)"
    case .shape: "malformed disclosure: it is not [salt, record]"
    case .record(let error): "malformed disclosure: \(error)"
    case .encoding(let error): "the disclosure cannot be encoded: \(error)"
    }
  }
}
