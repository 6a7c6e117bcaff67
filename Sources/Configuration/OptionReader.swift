/// Reads a tree against option lists, strictly: every error is collected, nothing is guessed.
///
/// A key that no option names is an error with a suggestion; a value that is present but wrong is
/// never replaced by a default.
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
    guard let entries = entries(node, name, example: options.first?.name ?? "key") else {
      return nil
    }
    return section(entries, at: node.position, options, called: name, variant: nil)
  }

  private mutating func entries(
    _ node: ConfigurationNode, _ name: String, example: String
  ) -> [ConfigurationNode.Entry]? {
    switch node.content {
    case .mapping(let entries): return entries
    case .empty: return []
    case .scalar, .sequence:
      report(
        Diagnostic(
          at: node.position, "\(name) must be a mapping of keys, not \(node.kindName)",
          remedy: "write '\(example): ...' below it or in braces"))
      return nil
    }
  }

  private mutating func section(
    _ entries: [ConfigurationNode.Entry], at position: Position, _ options: [OptionSpecification],
    called name: String, variant: String?
  ) -> OptionValues {
    var values: [String: PositionedValue] = [:]
    for entry in entries {
      guard let option = options.first(where: { $0.name == entry.key }) else {
        let known = options.filter { !$0.isRefused }.map(\.name)
        report(
          Diagnostic(
            at: entry.position, "unknown key '\(entry.key)' in \(name)",
            remedy: suggestion(for: entry.key, among: known)))
        continue
      }
      if case .refused(let remedy) = option.absence {
        report(
          Diagnostic(
            at: entry.position, "'\(entry.key)' must not stand in \(name)", remedy: remedy))
        continue
      }
      if let value = value(entry.value, option.kind, called: "'\(entry.key)'") {
        values[entry.key] = PositionedValue(
          value: value, position: entry.value.position, isWritten: true)
      }
    }
    for option in options where !entries.contains(where: { $0.key == option.name }) {
      switch option.absence {
      case .required:
        report(
          Diagnostic(
            at: position, "\(name) lacks '\(option.name)'",
            remedy: "write '\(option.name): \(option.kind.example)'"))
      case .standard(let text):
        let node = ConfigurationNode(.scalar(text), at: position)
        if let value = value(node, option.kind, called: "'\(option.name)'") {
          values[option.name] = PositionedValue(
            value: value, position: position, isWritten: false)
        }
      case .optional, .refused: break
      }
    }
    return OptionValues(position: position, variant: variant, values: values)
  }

  /// One value of some kind, or nil where it was wrong and has been reported.
  private mutating func value(
    _ node: ConfigurationNode, _ kind: OptionKind, called name: String
  ) -> OptionValue? {
    switch kind {
    case .list(let item): return list(node, of: item, called: name)
    case .section(let options):
      return section(node, options, called: name).map(OptionValue.section)
    case .table(let row): return table(node, of: row, called: name)
    case .variants(let variants):
      return self.variant(node, variants, called: name).map(OptionValue.section)
    default:
      guard case .scalar(let text) = node.content else {
        report(
          Diagnostic(
            at: node.position, "\(name) must be \(kind.phrase), not \(node.kindName)",
            remedy: "write for example '\(kind.example)'"))
        return nil
      }
      do {
        return try kind.value(of: text, called: name)
      } catch {
        report(Diagnostic(at: node.position, error.message, remedy: error.remedy))
        return nil
      }
    }
  }

  private mutating func list(
    _ node: ConfigurationNode, of item: OptionKind, called name: String
  ) -> OptionValue {
    let items: [ConfigurationNode] =
      switch node.content {
      case .sequence(let nodes): nodes
      case .empty: []
      case .scalar, .mapping: [node]
      }
    var values: [PositionedValue] = []
    for node in items {
      if let value = value(node, item, called: "an item of \(name)") {
        values.append(PositionedValue(value: value, position: node.position, isWritten: true))
      }
    }
    return .list(values)
  }

  private mutating func table(
    _ node: ConfigurationNode, of row: OptionKind, called name: String
  ) -> OptionValue? {
    guard let entries = entries(node, name, example: "name") else { return nil }
    var rows: [OptionValue.Row] = []
    for entry in entries {
      do {
        _ = try OptionKind.name.value(of: entry.key, called: "the name")
      } catch {
        report(Diagnostic(at: entry.position, error.message, remedy: error.remedy))
        continue
      }
      if let value = value(entry.value, row, called: "'\(entry.key)'") {
        let positioned = PositionedValue(
          value: value, position: entry.value.position, isWritten: true)
        rows.append(.init(name: entry.key, position: entry.position, value: positioned))
      }
    }
    return .table(rows)
  }

  private mutating func variant(
    _ node: ConfigurationNode, _ variants: OptionVariants, called name: String
  ) -> OptionValues? {
    let names = variants.variants.map(\.name)
    guard let entries = entries(node, name, example: variants.key) else { return nil }
    guard let decider = entries.first(where: { $0.key == variants.key }) else {
      report(
        Diagnostic(
          at: node.position, "\(name) lacks '\(variants.key)'",
          remedy: "write '\(variants.key): ' and one of \(names.joined(separator: ", "))"))
      return nil
    }
    guard case .scalar(let chosen) = decider.value.content else {
      report(
        Diagnostic(
          at: decider.value.position, "'\(variants.key)' must be a name, not \(decider.value.kindName)",
          remedy: "write one of \(names.joined(separator: ", "))"))
      return nil
    }
    guard let variant = variants.variants.first(where: { $0.name == chosen }) else {
      report(
        Diagnostic(
          at: decider.value.position, "unknown \(variants.key) '\(chosen)'",
          remedy: suggestion(for: chosen, among: names)))
      return nil
    }
    let rest = entries.filter { $0.key != variants.key }
    return section(
      rest, at: node.position, variants.common + variant.options,
      called: "\(name) (\(variants.key) \(chosen))", variant: chosen)
  }
}

extension OptionSpecification {
  /// Whether the key must not be written.
  public var isRefused: Bool {
    if case .refused = absence { true } else { false }
  }
}
