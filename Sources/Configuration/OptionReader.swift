import Quantities

/// Reads a tree against option lists, strictly: every error is collected, nothing is guessed.
///
/// A key that no option names is an error with a suggestion; a value that is present but wrong is
/// never replaced by a default. One mistake makes one error where that can be told: a key that is
/// missing because it was misspelt is not reported again as missing.
public struct OptionReader {
  /// The errors so far.
  public private(set) var diagnostics: [Diagnostic] = []

  /// A reader that has met no error yet.
  public init() {}

  /// Reports an error that the caller found in values it read earlier.
  public mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  /// The values of a mapping; what is wrong in it is reported and left out.
  public mutating func section(
    _ node: ConfigurationNode, _ options: [OptionSpecification], called name: String
  ) -> OptionValues? {
    section(node, at: node.position, options, called: name)
  }

  mutating func report(_ position: Position, _ message: String, remedy: String) {
    report(Diagnostic(at: position, message, remedy: remedy))
  }

  /// The values of a mapping whose own key stands at `key`.
  private mutating func section(
    _ node: ConfigurationNode, at key: Position, _ options: [OptionSpecification],
    called name: String
  ) -> OptionValues? {
    guard let entries = entries(node, name, like: .section(options)) else { return nil }
    return section(
      MappingText(entries: entries, position: key, name: name), options, variant: nil)
  }

  private mutating func entries(
    _ node: ConfigurationNode, _ name: String, like kind: OptionKind
  ) -> [ConfigurationNode.Entry]? {
    switch node.content {
    case .mapping(let entries): return entries
    case .empty: return []
    case .scalar, .sequence:
      report(
        node.position, "\(name) must be \(kind.phrase), not \(node.kindName)",
        remedy: "write keys with values, for example '\(kind.exampleEntry)'")
      return nil
    }
  }

  /// Keys and values as they were written.
  struct MappingText {
    var entries: [ConfigurationNode.Entry]
    /// Where the mapping's own key stands.
    let position: Position
    /// What the mapping is called in errors.
    let name: String
    /// Keys that mean something in other variants only, and in which.
    var foreign: [String: String] = [:]
  }

  mutating func section(
    _ text: MappingText, _ options: [OptionSpecification], variant: String?
  ) -> OptionValues {
    let before = diagnostics.count
    var values: [String: PositionedValue] = [:]
    var keys: [String: Position] = [:]
    var misspelt: Set<String> = []
    for entry in text.entries {
      guard let option = options.first(where: { $0.name == entry.key }) else {
        if let meant = reportUnknown(entry, in: text, options) { misspelt.insert(meant) }
        continue
      }
      keys[entry.key] = entry.position
      if case .refused(let remedy) = option.absence {
        report(entry.position, "'\(entry.key)' must not stand in \(text.name)", remedy: remedy)
      } else if let value = value(
        entry.value, option.kind, called: "'\(entry.key)'", at: entry.position,
        mustHold: option.absence == .required)
      {
        values[entry.key] = PositionedValue(
          value: value, position: entry.value.position, isWritten: true)
      }
    }
    for option in options where keys[option.name] == nil && !misspelt.contains(option.name) {
      switch option.absence {
      case .required:
        report(
          text.position, "\(text.name) lacks '\(option.name)'",
          remedy: "write '\(option.name): \(option.kind.example)'")
      case .standard(let standard):
        let node = ConfigurationNode(.scalar(standard), at: text.position)
        if let value = value(node, option.kind, called: "'\(option.name)'", at: text.position) {
          values[option.name] = PositionedValue(
            value: value, position: text.position, isWritten: false)
        }
      case .optional, .refused: break
      }
    }
    return OptionValues(
      position: text.position, variant: variant, isComplete: diagnostics.count == before,
      values: values, keys: keys)
  }

  /// Reports a key that no option names; gives the key that was meant, where it is missing.
  private mutating func reportUnknown(
    _ entry: ConfigurationNode.Entry, in text: MappingText, _ options: [OptionSpecification]
  ) -> String? {
    if let owners = text.foreign[entry.key] {
      report(
        entry.position, "'\(entry.key)' is a key of \(owners), not of \(text.name)",
        remedy: "remove it")
      return nil
    }
    let known = options.filter { !$0.isRefused }.map(\.name)
    report(
      entry.position, "unknown key \(entry.key.quoted) in \(text.name)",
      remedy: suggestion(for: entry.key, among: known))
    return nearestWord(to: entry.key, among: known)
  }

  /// One value of some kind, or nil where it was wrong and has been reported.
  ///
  /// Its key stands at `key`; `mustHold` refuses tables without a row.
  mutating func value(
    _ node: ConfigurationNode, _ kind: OptionKind, called name: String, at key: Position,
    mustHold: Bool = false
  ) -> OptionValue? {
    switch kind {
    case .list(let item): return list(node, of: item, called: name, at: key)
    case .section(let options):
      return section(node, at: key, options, called: name).map(OptionValue.section)
    case .table(let row):
      if mustHold, node.isVoid {
        report(key, "\(name) is empty", remedy: "write for example '\(kind.example)'")
        return nil
      }
      guard let entries = entries(node, name, like: kind) else { return nil }
      return table(entries, of: row)
    case .variants(let variants):
      guard let entries = entries(node, name, like: kind) else { return nil }
      return variant(MappingText(entries: entries, position: key, name: name), variants)
        .map(OptionValue.section)
    default:
      guard case .scalar(let text) = node.content else {
        if case .empty = node.content {
          report(key, "\(name) has no value", remedy: "write for example '\(kind.example)'")
        } else {
          report(
            node.position, "\(name) must be \(kind.phrase), not \(node.kindName)",
            remedy: "write for example '\(kind.example)'")
        }
        return nil
      }
      do {
        return try kind.value(of: text, called: name)
      } catch {
        report(node.position, error.message, remedy: error.remedy)
        return nil
      }
    }
  }
}
