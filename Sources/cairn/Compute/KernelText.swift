import Board
import BoardYAML
import Configuration

/// A kernel of the command line: `KIND: { of: COLUMN, ... }` or `NAME: { kind: KIND, ... }`.
enum KernelText {
  /// Why a text is no kernel.
  struct Failure: Error {
    let message: String
  }

  /// The kernel's name and its mapping, with its kind.
  static func entry(_ text: String) throws(Failure) -> ConfigurationNode.Entry {
    guard text.contains(where: { $0 != " " }) else { throw Failure(namingNothing: text) }
    let (node, diagnostics) = BoardYAML.node(parsing: Array(text.utf8))
    if let first = diagnostics.first {
      throw Failure(message: "--kernel '\(text)': \(first.message); \(first.remedy)")
    }
    guard case .mapping(let entries)? = node?.content, let entry = entries.first,
      entries.count == 1
    else { throw Failure(namingNothing: text) }
    guard case .mapping(let keys) = entry.value.content,
      !keys.contains(where: { $0.key == "kind" })
    else { return entry }
    let kind = ConfigurationNode.Entry(
      key: "kind", position: entry.position,
      value: ConfigurationNode(.scalar(entry.key), at: entry.position))
    return ConfigurationNode.Entry(
      key: entry.key, position: entry.position,
      value: ConfigurationNode(.mapping([kind] + keys), at: entry.value.position))
  }
}

extension KernelText.Failure {
  fileprivate init(namingNothing text: String) {
    message = "--kernel '\(text)' names no kernel; write 'KIND: { of: COLUMN }', quotes included"
  }
}
