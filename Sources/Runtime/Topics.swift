/// The topics of one board, all below `cairn/1/<board>/`.
public struct Topics: Hashable, Sendable {
  /// What all topics of the board begin with, the last slash included.
  public let root: String

  /// The topics of the board with a name.
  public init(board: String) {
    root = "cairn/1/\(board)/"
  }

  /// Whether the board runs (retained; JSON).
  public var status: String { root + "status" }
  /// How the board does (retained; JSON).
  public var health: String { root + "health" }
  /// What happened (JSON).
  public var event: String { root + "event" }
  /// The signed entries, in order; the last one is retained (COSE).
  public var entry: String { root + "entry" }
  /// The last signed tree head (retained; signed note).
  public var checkpoint: String { root + "checkpoint" }
  /// The newest signed tree head that witnesses have cosigned (retained; signed note).
  public var cosigned: String { root + "cosigned" }

  /// What opens hidden records of entries (CBOR).
  public var disclosure: String { root + "disclosure" }
  /// What the board says to itself, to know when the broker has sent all that it keeps.
  public var probe: String { root + "probe" }

  /// The latest values of a sensor (SenML JSON).
  public func sensor(_ name: String) -> String { root + "sensor/" + name }

  /// The latest outputs of a kernel (SenML JSON).
  public func kernel(_ name: String) -> String { root + "kernel/" + name }
}

/// The media types of what is published.
public enum MediaType {
  /// SenML in JSON (RFC 8428 section 12.3).
  public static let senMLJSON = "application/senml+json"
  /// A signed entry (RFC 9052 section 11.3).
  public static let entry = "application/cose; cose-type=\"cose-sign1\""
  /// CBOR (RFC 8949 section 9.5).
  public static let cbor = "application/cbor"
  /// JSON (RFC 8259).
  public static let json = "application/json"
  /// A signed note (c2sp.org/signed-note).
  public static let note = "text/plain; charset=utf-8"
}
