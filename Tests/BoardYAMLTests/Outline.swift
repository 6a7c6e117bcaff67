import BoardYAML
import Configuration

/// What a text is read as.
func read(_ text: String) -> (node: ConfigurationNode?, diagnostics: [Diagnostic]) {
  BoardYAML.node(parsing: Array(text.utf8))
}

/// The lines that a user sees for a text.
func errors(_ text: String) -> [String] { errors(Array(text.utf8)) }

/// The lines that a user sees for a file's bytes.
func errors(_ bytes: [UInt8]) -> [String] {
  BoardYAML.node(parsing: bytes).diagnostics.map { $0.line(in: "b.yaml") }
}

/// A tree with its places, one piece per line: `1:1 key`, `1:6 'scalar'`, `1:6 [`, `1:6 {`.
func outline(_ node: ConfigurationNode, indentation: String = "") -> [String] {
  let place = "\(indentation)\(node.position.line):\(node.position.column)"
  let deeper = indentation + "  "
  switch node.content {
  case .empty: return ["\(place) nothing"]
  case .scalar(let text): return ["\(place) '\(text)'"]
  case .sequence(let items):
    return ["\(place) ["] + items.flatMap { outline($0, indentation: deeper) }
  case .mapping(let entries):
    let lines = entries.flatMap { entry in
      ["\(deeper)\(entry.position.line):\(entry.position.column) \(entry.key)"]
        + outline(entry.value, indentation: deeper)
    }
    return ["\(place) {"] + lines
  }
}

/// The outline of a text that has nothing wrong.
func outline(_ text: String) -> [String] {
  let (node, diagnostics) = read(text)
  guard let node, diagnostics.isEmpty else {
    return diagnostics.map { $0.line(in: "b.yaml") }
  }
  return outline(node)
}
