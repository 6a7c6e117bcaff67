import Evidence
import JSONText
import MerkleLog

/// Statements as lines of JSON, for the unsigned spool.
enum SpoolText {
  /// One statement of a board's start with a number, and why it was not signed.
  static func line(_ statement: Statement, boot: UInt64, because reason: String) -> String {
    var members: [(name: String, value: JSON)] = [
      ("unsigned", .text(reason)), ("type", .text("\(statement.type)")),
      ("boot", .integer(Int128(boot))),
      ("mono_ms", .integer(Int128(statement.moment.bootMilliseconds))),
      ("time", statement.moment.recordTime.map(JSON.number) ?? .null),
    ]
    let records =
      ((try? DataBody(cbor: statement.body))?.records ?? []) + statement.disclosures.map(\.record)
    if !records.isEmpty {
      members.append(("records", SenMLJSON.pack(records)))
    } else if statement.type == .event, let events = try? EventBody(cbor: statement.body).events {
      members.append(("events", .array(events.map { EventText.json($0, at: statement.moment) })))
    } else if case .map = statement.body {
      members.append(("body", .text("\(statement.body)")))
    }
    if let evidence = statement.evidence {
      let raw = evidence.map { sensor in
        (
          name: sensor.sensor,
          value: JSON.array(sensor.readings.map { .text(Hexadecimal.encode($0)) })
        )
      }
      members.append(("raw", .object(raw)))
    }
    return JSON.object(members).text
  }
}
