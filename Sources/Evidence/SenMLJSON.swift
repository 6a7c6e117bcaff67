import MerkleLog

/// SenML packs in JSON (RFC 8428 section 5, content format 110), for ordinary consumers.
///
/// Numbers are written as the shortest text that reads back as the same number. Nothing here is
/// signed: the evidence is the log entry.
public enum SenMLJSON {
  /// The pack of records, in their order, without white space.
  public static func encode(_ records: [SenMLRecord]) -> String {
    "[" + records.map(encode).joined(separator: ",") + "]"
  }

  private static func encode(_ record: SenMLRecord) -> String {
    var members = ["\"n\":\(JSONText.quoted(record.name))"]
    if let unit = record.unit { members.append("\"u\":\(JSONText.quoted(unit))") }
    if let time = record.timeSeconds { members.append("\"t\":\(time)") }
    switch record.value {
    case .number(let value): members.append("\"v\":\(value)")
    case .text(let value): members.append("\"vs\":\(JSONText.quoted(value))")
    case .flag(let value): members.append("\"vb\":\(value)")
    case .data(let value): members.append("\"vd\":\"\(Base64.encodeURLSafe(value))\"")
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}
