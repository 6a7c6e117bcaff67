import Configuration

/// Builds the tree from the parser's events and collects what is wrong.
struct TreeReader: ~Copyable {
  private(set) var diagnostics: [Diagnostic] = []
  private var parser: YAMLParser
  private let text: BoardText
  private var depth = 0
  /// Where the brackets opened that are not closed yet.
  private var openBrackets: [Position] = []

  /// Reading cannot go on; the reason is among the diagnostics.
  private struct Stop: Error {}

  init(_ parser: consuming YAMLParser, _ text: BoardText) {
    self.parser = parser
    self.text = text
  }

  /// The file's one document, or nil where it could not be read to its end.
  mutating func document() -> ConfigurationNode? {
    do throws(Stop) {
      return try wholeDocument()
    } catch {
      return nil
    }
  }

  private mutating func wholeDocument() throws(Stop) -> ConfigurationNode {
    _ = try next()
    let start = try next()
    guard case .documentStart(let hasDirective) = start.kind else { throw empty(start) }
    if hasDirective {
      report(start.start, "directives are not allowed in a board file", "remove the '%' line")
    }
    let first = try next()
    let node = try node(first)
    if case .empty = node.content { throw empty(first) }
    _ = try next()
    let end = try next()
    guard case .streamEnd = end.kind else {
      throw stop(
        end.start, "a second document begins here", "write everything into one, without '---'")
    }
    return node
  }

  private mutating func empty(_ event: YAMLEvent) -> Stop {
    stop(
      Position(line: 1, column: 1), "the file is empty",
      "write at least the board's name: 'board: { name: ... }'")
  }

  private mutating func node(_ event: YAMLEvent) throws(Stop) -> ConfigurationNode {
    refuseProperties(event)
    switch event.kind {
    case .scalar(let value, let isPlain):
      checkCharacters(value, event)
      let isEmpty = isPlain && ["", "~", "null"].contains(value)
      return ConfigurationNode(isEmpty ? .empty : .scalar(value), at: event.start)
    case .sequenceStart(let isFlow): return try sequence(event, isFlow: isFlow)
    case .mappingStart(let isFlow): return try mapping(event, isFlow: isFlow)
    case .alias: throw stop(YAMLFailureText.alias(event.start))
    default:
      throw stop(event.start, "a value is missing", "write one, or quotes around the text")
    }
  }

  private mutating func sequence(
    _ start: YAMLEvent, isFlow: Bool
  ) throws(Stop) -> ConfigurationNode {
    try enter(start, isFlow: isFlow)
    var items: [ConfigurationNode] = []
    while true {
      let event = try next()
      if event.kind == .sequenceEnd { break }
      items.append(try node(event))
    }
    leave(isFlow: isFlow)
    return ConfigurationNode(.sequence(items), at: start.start)
  }

  private mutating func mapping(
    _ start: YAMLEvent, isFlow: Bool
  ) throws(Stop) -> ConfigurationNode {
    try enter(start, isFlow: isFlow)
    var entries: [ConfigurationNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try next()
      if event.kind == .mappingEnd { break }
      refuseProperties(event)
      let (key, isPlain) = try key(event)
      let valueEvent = try next()
      let value = try node(valueEvent)
      if isFlow && isPlain && valueEvent.kind == .scalar("", isPlain: true) {
        checkColon(key, event)
      }
      if let line = lines[key] {
        report(
          event.start, "the key '\(key)' stands twice, first in line \(line)",
          "keep one of the two, or give one another name")
      } else {
        lines[key] = event.start.line
        entries.append(.init(key: key, position: event.start, value: value))
      }
    }
    leave(isFlow: isFlow)
    return ConfigurationNode(.mapping(entries), at: start.start)
  }

  private mutating func key(_ event: YAMLEvent) throws(Stop) -> (key: String, isPlain: Bool) {
    switch event.kind {
    case .scalar(let key, let isPlain):
      checkCharacters(key, event)
      if isPlain && key.isEmpty {
        report(event.start, "a key is missing before ':'", "write 'key: value'")
      }
      if isPlain && key == "<<" {
        report(
          event.start, "merge keys are not allowed in a board file", "write the keys out")
      }
      return (key, isPlain)
    case .alias: throw stop(YAMLFailureText.alias(event.start))
    default:
      throw stop(
        event.start, "a key must be a single text, not a list or mapping",
        "write 'key: value', and quotes around text that begins with a bracket")
    }
  }

  /// `{ name:river }` is a key `name:river` without a value to YAML, which nobody means.
  private mutating func checkColon(_ key: String, _ event: YAMLEvent) {
    guard let colon = key.firstIndex(of: ":") else { return }
    // What follows may be a secret, which no message repeats.
    let name = key[..<colon]
    report(
      event.start, "a space is missing after '\(name):'",
      "write '\(name): ...', or quotes around the text")
  }

  private mutating func refuseProperties(_ event: YAMLEvent) {
    // An alias's start also shows what it is, but it has a text of its own.
    if case .alias = event.kind { return }
    let character =
      text.characters.indices.contains(event.characterIndex)
      ? text.characters[event.characterIndex] : nil
    // The tag '!' leaves no other trace in the event.
    if event.hasTag || character == "!" { report(YAMLFailureText.tag(event.start)) }
    if event.anchor != nil { report(YAMLFailureText.anchor(event.start)) }
  }

  /// Escapes in double quotes can make characters that may not stand in the file itself.
  private mutating func checkCharacters(_ value: String, _ event: YAMLEvent) {
    for scalar in value.unicodeScalars {
      guard let name = BoardText.name(ofUnfit: scalar) else { continue }
      return report(
        event.start, "an escape in this text makes \(name)", "write text that can be shown")
    }
  }

  private mutating func leave(isFlow: Bool) {
    depth -= 1
    if isFlow { openBrackets.removeLast() }
  }

  private mutating func enter(_ event: YAMLEvent, isFlow: Bool) throws(Stop) {
    depth += 1
    if isFlow { openBrackets.append(event.start) }
    guard depth <= BoardYAML.depthLimit else {
      throw stop(
        event.start, "more than \(BoardYAML.depthLimit) mappings and lists inside one another",
        "remove brackets or levels of indentation")
    }
  }

  private mutating func next() throws(Stop) -> YAMLEvent {
    do throws(YAMLParser.Failure) {
      return try parser.next()
    } catch {
      throw stop(YAMLFailureText.diagnostic(error, in: text, openBracket: openBrackets.last))
    }
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  private mutating func report(_ position: Position, _ message: String, _ remedy: String) {
    report(Diagnostic(at: position, message, remedy: remedy))
  }

  private mutating func stop(_ diagnostic: Diagnostic) -> Stop {
    report(diagnostic)
    return Stop()
  }

  private mutating func stop(_ position: Position, _ message: String, _ remedy: String) -> Stop {
    stop(Diagnostic(at: position, message, remedy: remedy))
  }
}
