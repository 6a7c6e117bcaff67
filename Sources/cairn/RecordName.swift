import Configuration

/// A record's name as somebody types it: as in the log, its part behind the URN, or with a dot behind
/// the sensor as the board file has it.
struct RecordName {
  let text: String

  init(_ text: String) { self.text = text }

  /// Whether a record's name in the log is the one that is meant.
  func matches(_ name: String) -> Bool { name == text || Self.short(name) == slashed }

  /// The part behind the URN, `air/temperature` for `air.temperature`.
  var slashed: String {
    guard !text.contains("/"), let dot = text.firstIndex(of: ".") else { return Self.short(text) }
    return "\(text[..<dot])/\(text[text.index(after: dot)...])"
  }

  /// What to write instead, where nothing among the names in a log is called so.
  func suggestion(among names: Set<String>) -> String {
    Configuration.suggestion(for: slashed, among: names.map(Self.short).sorted())
  }

  /// A record's name without the board's URN.
  static func short(_ name: String) -> String {
    name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }
}
