public import MerkleLog

/// An element of a data entry's body: a record, or the digest of a hidden one.
public enum BodyElement: Hashable, Sendable {
  /// A record that everybody may read.
  case record(SenMLRecord)
  /// The digest of a ``Disclosure`` (CBOR tag 60).
  case redacted(Hash)

  static let redactedTag: UInt64 = 60

  var cbor: CBOR {
    switch self {
    case .record(let record): record.cbor
    case .redacted(let digest): .tagged(BodyElement.redactedTag, .bytes(digest.bytes))
    }
  }
}

/// The body of entry types 0 to 4: SenML records and digests of hidden ones.
public struct DataBody: Hashable, Sendable {
  /// The elements; their order follows from the configuration and tells nothing.
  public let elements: [BodyElement]

  /// A body of elements.
  public init(_ elements: [BodyElement]) { self.elements = elements }

  /// The body as a CBOR array.
  public var cbor: CBOR { .array(elements.map(\.cbor)) }

  /// The body in a CBOR array.
  ///
  /// - Throws: ``EntryError/field(_:_:)`` naming the element.
  public init(cbor: CBOR) throws(EntryError) {
    guard let values = cbor.arrayValue else { throw .field("8 (body)", "is not an array") }
    var elements: [BodyElement] = []
    elements.reserveCapacity(values.count)
    for (position, value) in values.enumerated() {
      if case .tagged(BodyElement.redactedTag, let content) = value {
        guard let digest = content.hash32 else {
          throw .field("8 (body) element \(position)", "does not hold a digest of 32 bytes")
        }
        elements.append(.redacted(digest))
      } else {
        do {
          elements.append(.record(try SenMLRecord(cbor: value)))
        } catch {
          throw .field("8 (body) element \(position)", "is no record: \(error)")
        }
      }
    }
    self.elements = elements
  }

  /// The records that everybody may read.
  public var records: [SenMLRecord] {
    elements.compactMap { if case .record(let record) = $0 { record } else { nil } }
  }

  /// The digests of the hidden records and of decoys.
  public var digests: [Hash] {
    elements.compactMap { if case .redacted(let digest) = $0 { digest } else { nil } }
  }
}
