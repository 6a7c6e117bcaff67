extension SenMLRecord {
  /// The labels of RFC 8428 section 6, table 4.
  private enum Label {
    static let name: UInt64 = 0
    static let unit: UInt64 = 1
    static let number: UInt64 = 2
    static let text: UInt64 = 3
    static let flag: UInt64 = 4
    static let time: UInt64 = 6
    static let data: UInt64 = 8
  }

  /// The record as a CBOR map.
  public var cbor: CBOR {
    var pairs = [CBOR.Pair(.unsigned(Label.name), .text(name))]
    if let unit { pairs.append(CBOR.Pair(.unsigned(Label.unit), .text(unit))) }
    switch value {
    case .number(let value): pairs.append(CBOR.Pair(.unsigned(Label.number), .float(value)))
    case .text(let value): pairs.append(CBOR.Pair(.unsigned(Label.text), .text(value)))
    case .flag(let value): pairs.append(CBOR.Pair(.unsigned(Label.flag), .boolean(value)))
    case .data: break
    }
    if let timeSeconds { pairs.append(CBOR.Pair(.unsigned(Label.time), .float(timeSeconds))) }
    if case .data(let value) = value {
      pairs.append(CBOR.Pair(.unsigned(Label.data), .bytes(value)))
    }
    return .map(pairs)
  }

  /// The record in a CBOR map.
  ///
  /// - Throws: ``SenMLError`` for another shape, an unknown label, no value or more than one.
  public init(cbor: CBOR) throws(SenMLError) {
    guard let pairs = cbor.mapValue else { throw .malformed("it is not a map") }
    var name: String?
    var unit: String?
    var time: Double?
    var value: Value?
    for pair in pairs {
      switch (pair.key, pair.value) {
      case (.unsigned(Label.name), .text(let text)): name = text
      case (.unsigned(Label.unit), .text(let text)): unit = text
      case (.unsigned(Label.time), .float(let seconds)): time = seconds
      default:
        guard value == nil else { throw .malformed("it has two values") }
        value = try SenMLRecord.value(of: pair)
      }
    }
    guard let name else { throw .malformed("it has no name") }
    guard let value else { throw .malformed("it has no value") }
    try self.init(name: name, unit: unit, timeSeconds: time, value: value)
  }

  private static func value(of pair: CBOR.Pair) throws(SenMLError) -> Value {
    switch (pair.key, pair.value) {
    case (.unsigned(Label.number), .float(let value)): return .number(value)
    case (.unsigned(Label.text), .text(let value)): return .text(value)
    case (.unsigned(Label.flag), .boolean(let value)): return .flag(value)
    case (.unsigned(Label.data), .bytes(let value)): return .data(value)
    default: throw .malformed("label \(pair.key) does not take \(pair.value)")
    }
  }

  /// The SenML-CBOR pack of resolved records (content format 112).
  public static func encodePack(_ records: [SenMLRecord]) throws(CBOREncodingError) -> [UInt8] {
    try CBOR.array(records.map(\.cbor)).encoded()
  }
}
