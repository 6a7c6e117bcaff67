import JSONText

/// One resolved SenML record (RFC 8428): a name, a unit, a time and a value, without base fields.
///
/// In CBOR it is the map `{0: n, ?1: u, ?6: t, 2: v | 3: vs | 4: vb | 8: vd}`; times and numbers are
/// always floats there.
public struct SenMLRecord: Hashable, Sendable {
  /// What was measured or stated.
  public enum Value: Hashable, Sendable {
    /// A number in the record's unit (`v`).
    case number(Double)
    /// A text (`vs`).
    case text(String)
    /// A flag (`vb`).
    case flag(Bool)
    /// Bytes (`vd`).
    case data([UInt8])
  }

  /// Below this many seconds RFC 8428 section 4.5.3 reads a time as relative to now.
  public static let smallestAbsoluteTimeSeconds = 268_435_456.0

  /// The globally unique name: `<board urn>:<sensor>/<channel>`.
  public let name: String
  /// The unit's code in the SenML units registry, if the value has one.
  public let unit: String?
  /// Seconds since 1970, if a clock was synchronised; never a relative time.
  public let timeSeconds: Double?
  /// The value.
  public let value: Value

  /// A record whose parts are checked.
  ///
  /// - Throws: ``SenMLError`` for a name outside the syntax, an empty unit, a relative time, or a
  ///   number that is not finite.
  public init(
    name: String, unit: String? = nil, timeSeconds: Double? = nil, value: Value
  ) throws(SenMLError) {
    guard SenMLRecord.isName(name) else { throw .name(name) }
    if let unit, unit.isEmpty { throw .emptyUnit(name: name) }
    if let timeSeconds {
      guard timeSeconds.isFinite, timeSeconds >= SenMLRecord.smallestAbsoluteTimeSeconds else {
        throw .time(name: name)
      }
    }
    self.name = name
    self.unit = unit
    self.timeSeconds = timeSeconds
    if case .number(let number) = value {
      guard number.isFinite else { throw .notFinite(name: name) }
      self.value = .number(number == 0 ? 0 : number)
    } else {
      self.value = value
    }
  }

  /// Whether a text is a SenML name: `[A-Za-z0-9][-A-Za-z0-9:./_]*` (RFC 8428 section 4.5.1).
  public static func isName(_ text: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: false
      }
    }
    guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
    return text.utf8.allSatisfy { isAlphanumeric($0) || "-:./_".utf8.contains($0) }
  }
}

/// Why something is not a SenML record of the log.
public enum SenMLError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name is outside the syntax.
  case name(String)
  /// The unit is there but empty.
  case emptyUnit(name: String)
  /// The time is not absolute, or not finite.
  case time(name: String)
  /// The number is NaN or infinite.
  case notFinite(name: String)
  /// The CBOR value is not a record's map.
  case malformed(String)

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .name(let name):
      "\(JSON.text(name).text) is not a SenML name: write letters, digits and - : . / _"
    case .emptyUnit(let name):
      "\(name) has an empty unit; leave the unit out"
    case .time(let name):
      "\(name) has a time that is not in seconds since 1970; leave the time out"
    case .notFinite(let name):
      "\(name) has a value that is not finite; log a gap instead"
    case .malformed(let what):
      "malformed SenML record: \(what)"
    }
  }
}
