public import JSONText
import MerkleLog

/// SenML packs in JSON (RFC 8428 section 5, content format 110), for ordinary consumers.
///
/// Numbers are written as the shortest text that reads back as the same number. Nothing here is
/// signed: the evidence is the log entry.
public enum SenMLJSON {
  /// The pack of records, in their order.
  public static func pack(_ records: [SenMLRecord]) -> JSON {
    .array(records.map(json))
  }

  /// The pack's text, without white space.
  public static func encode(_ records: [SenMLRecord]) -> String { pack(records).text }

  private static func json(_ record: SenMLRecord) -> JSON {
    var members: [(name: String, value: JSON)] = [("n", .text(record.name))]
    if let unit = record.unit { members.append(("u", .text(unit))) }
    if let time = record.timeSeconds { members.append(("t", .float(time))) }
    switch record.value {
    case .number(let value): members.append(("v", .float(value)))
    case .text(let value): members.append(("vs", .text(value)))
    case .flag(let value): members.append(("vb", .flag(value)))
    case .data(let value): members.append(("vd", .text(Base64.encodeURLSafe(value))))
    }
    return .object(members)
  }
}
