/// What kind of event something is; kinds beyond the named ones are kept as they are.
public struct EventKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The kind's text.
  public let rawValue: String

  /// The kind with a text.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A reading could not be taken.
  public static let gap = EventKind(rawValue: "gap")
  /// Something does not work.
  public static let fault = EventKind(rawValue: "fault")
  /// It works again.
  public static let recovered = EventKind(rawValue: "recovered")
  /// A kernel saw something unusual.
  public static let anomaly = EventKind(rawValue: "anomaly")
  /// A quality flag was raised.
  public static let quality = EventKind(rawValue: "quality")
  /// Somebody told the board to do something.
  public static let command = EventKind(rawValue: "command")
  /// The board switched an output.
  public static let control = EventKind(rawValue: "control")
  /// The wall clock jumped.
  public static let clockStep = EventKind(rawValue: "clock-step")
  /// The store is full, failing or recovered.
  public static let storage = EventKind(rawValue: "storage")

  /// The kind's text.
  public var description: String { rawValue }
}

/// How much an event matters.
public enum EventSeverity: UInt64, Hashable, Sendable, CaseIterable {
  /// For the record.
  case info = 0
  /// Somebody should look at it.
  case warning = 1
  /// Somebody must look at it.
  case alarm = 2
}

/// Something that happened: `{1: kind, 2: subject, ?3: details, ?4: severity}`.
public struct Event: Hashable, Sendable {
  /// What kind of event it is.
  public let kind: EventKind
  /// The sensor, line, output, bus or command that it is about.
  public let subject: String
  /// What the kind adds, pairs of a map.
  public let details: [CBOR.Pair]?
  /// How much it matters.
  public let severity: EventSeverity?

  /// An event of its parts.
  public init(
    kind: EventKind, subject: String, details: [CBOR.Pair]? = nil, severity: EventSeverity? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.details = details
    self.severity = severity
  }

  /// The detail that says that entries before one are no longer kept.
  public static let keptFrom = "kept-from"

  /// The first entry that is still kept, where the event says so.
  public var keptFromSequence: UInt64? {
    guard kind == .storage else { return nil }
    return details?.first { $0.key == .text(Event.keptFrom) }?.value.unsignedValue
  }

  var cbor: CBOR {
    var pairs = [
      CBOR.Pair(1, .text(kind.rawValue)), CBOR.Pair(2, .text(subject)),
    ]
    if let details { pairs.append(CBOR.Pair(3, .map(details))) }
    if let severity { pairs.append(CBOR.Pair(4, .unsigned(severity.rawValue))) }
    return .map(pairs)
  }

  init?(cbor: CBOR) {
    guard let pairs = cbor.mapValue, let kind = cbor[1]?.textValue, !kind.isEmpty,
      let subject = cbor[2]?.textValue
    else { return nil }
    let details = cbor[3]?.mapValue
    let severity = cbor[4]?.unsignedValue.flatMap(EventSeverity.init(rawValue:))
    let optionalCount = [details != nil, severity != nil].count { $0 }
    // An optional of another shape, or an unknown key, makes the counts differ.
    guard pairs.count == 2 + optionalCount else { return nil }
    self.init(
      kind: EventKind(rawValue: kind), subject: subject, details: details, severity: severity)
  }
}

/// The body of an event entry (type 6).
public struct EventBody: Hashable, Sendable {
  /// The events in the order they happened.
  public let events: [Event]

  /// A body of events.
  public init(_ events: [Event]) { self.events = events }

  /// The body as a CBOR array.
  public var cbor: CBOR { .array(events.map(\.cbor)) }

  /// The body in a CBOR array.
  ///
  /// - Throws: ``EntryError/field(_:_:)`` naming the event.
  public init(cbor: CBOR) throws(EntryError) {
    guard let values = cbor.arrayValue else { throw .field("8 (body)", "is not an array") }
    var events: [Event] = []
    for (position, value) in values.enumerated() {
      guard let event = Event(cbor: value) else {
        throw .field("8 (body) element \(position)", "is not an event")
      }
      events.append(event)
    }
    self.events = events
  }
}
