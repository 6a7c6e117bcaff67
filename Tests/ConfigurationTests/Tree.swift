import Configuration

/// Trees for tests, written as literals; every scalar and key gets a place of its own.
///
/// A key at depth d in row r stands at line r, column 2d + 1, its value 10 columns further.
indirect enum Tree {
  case none
  case text(String)
  case list([Tree])
  case map([(String, Tree)])

  var node: ConfigurationNode {
    var row = 0
    return node(&row, depth: 0, at: Position(line: 1, column: 1))
  }

  private func node(_ row: inout Int, depth: Int, at place: Position) -> ConfigurationNode {
    switch self {
    case .none: return ConfigurationNode(.empty, at: place)
    case .text(let text): return ConfigurationNode(.scalar(text), at: place)
    case .list(let items):
      let nodes = items.map { item in
        row += 1
        return item.node(&row, depth: depth + 1, at: Position(line: row, column: 2 * depth + 3))
      }
      return ConfigurationNode(.sequence(nodes), at: place)
    case .map(let pairs):
      let entries = pairs.map { key, value in
        row += 1
        let column = 2 * depth + 1
        return ConfigurationNode.Entry(
          key: key, position: Position(line: row, column: column),
          value: value.node(&row, depth: depth + 1, at: Position(line: row, column: column + 10)))
      }
      return ConfigurationNode(.mapping(entries), at: place)
    }
  }
}

extension Tree: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self = .text(value) }
}

extension Tree: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: Tree...) { self = .list(elements) }
}

extension Tree: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, Tree)...) { self = .map(elements) }
}
