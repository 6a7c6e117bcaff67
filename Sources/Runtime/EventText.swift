import Evidence
import JSONText

/// Events as JSON, for the `event` topic.
enum EventText {
  static func json(_ event: Event, at moment: Moment) -> JSON {
    var members: [(name: String, value: JSON)] = [
      ("kind", .text(event.kind.rawValue)), ("subject", .text(event.subject)),
    ]
    if let time = moment.recordTime { members.append(("time", .number(time))) }
    if let severity = event.severity {
      members.append(("severity", .text(name(severity))))
    }
    if let details = event.details, !details.isEmpty {
      members.append(("details", .object(details.map { (text(of: $0.key), json($0.value)) })))
    }
    return .object(members)
  }

  private static func name(_ severity: EventSeverity) -> String {
    switch severity {
    case .info: "info"
    case .warning: "warning"
    case .alarm: "alarm"
    }
  }

  private static func text(of key: CBOR) -> String {
    key.textValue ?? key.description
  }

  private static func json(_ value: CBOR) -> JSON {
    switch value {
    case .unsigned(let number): .integer(Int128(number))
    case .negative(let number): .integer(-1 - Int128(number))
    case .text(let text): .text(text)
    case .boolean(let flag): .flag(flag)
    case .float(let number): .number(number)
    case .null: .null
    case .array(let items): .array(items.map(json))
    case .map(let pairs): .object(pairs.map { (text(of: $0.key), json($0.value)) })
    case .bytes, .tagged: .text(value.description)
    }
  }
}
