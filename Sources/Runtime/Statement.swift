public import Evidence

/// What an entry is to say, before it has a place in the log.
public struct Statement: Sendable {
  /// What kind of statement it is.
  public let type: EntryType
  /// The clocks when it was made.
  public let moment: Moment
  /// The body.
  public let body: CBOR
  /// What the type adds.
  public var extra: CBOR?
  /// The raw bytes behind the readings.
  public var evidence: [SensorEvidence]?
  /// What opens the records of the body that are hidden.
  public var disclosures: [Disclosure] = []

  /// A statement of a type.
  public init(
    type: EntryType, moment: Moment, body: CBOR, extra: CBOR? = nil,
    evidence: [SensorEvidence]? = nil
  ) {
    self.type = type
    self.moment = moment
    self.body = body
    self.extra = extra
    self.evidence = evidence
  }
}
