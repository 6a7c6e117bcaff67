public import MerkleLog

/// The end of a log that another one goes on from, as the successor's first entry states it.
public struct Predecessor: Hashable, Sendable {
  /// The identity of the log before.
  public let did: DIDKey
  /// Its last head.
  public let head: TreeHead

  /// A log that ended with a head.
  public init(did: DIDKey, head: TreeHead) {
    self.did = did
    self.head = head
  }

  /// What stands beside the body of a genesis entry: `[origin, size, root]`.
  public var cbor: CBOR {
    .array([.text(did.description), .unsigned(head.size), .bytes(head.root.bytes)])
  }

  /// The predecessor in a CBOR value; nil for another shape.
  public init?(cbor: CBOR) {
    guard let parts = cbor.arrayValue, parts.count == 3, let origin = parts[0].textValue,
      let did = try? DIDKey(parsing: origin), let size = parts[1].unsignedValue,
      let root = parts[2].hash32
    else { return nil }
    self.init(did: did, head: TreeHead(size: size, root: root))
  }
}

extension Entry {
  /// The log that this one goes on from, where this is the first entry and says so.
  public var predecessor: Predecessor? {
    type == .genesis ? extra.flatMap(Predecessor.init) : nil
  }

  /// The identity that goes on from this log, where this is its last entry and says so.
  public var successor: DIDKey? {
    guard type == .close, let text = extra?.textValue else { return nil }
    return try? DIDKey(parsing: text)
  }
}
