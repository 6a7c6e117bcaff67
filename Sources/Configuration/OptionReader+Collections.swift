import Quantities

extension OptionReader {
  mutating func list(
    _ node: ConfigurationNode, of item: OptionKind, called name: String, at key: Position
  ) -> OptionValue? {
    let example = OptionKind.list(item).example
    guard !node.isVoid else {
      report(key, "\(name) is empty", remedy: "write for example '\(example)'")
      return nil
    }
    let items: [ConfigurationNode]
    switch node.content {
    case .sequence(let nodes): items = nodes
    case .scalar(let text) where text.contains(","):
      report(
        node.position, "\(name) is a text with commas, not a list: \(text.quoted)",
        remedy: "write brackets around it: [\(text.prefix(60).onOneLine)]")
      return nil
    case .empty, .scalar, .mapping: items = [node]
    }
    var values: [PositionedValue] = []
    for node in items {
      let called = items.count == 1 ? name : "an item of \(name)"
      if let value = value(node, item, called: called, at: node.position) {
        values.append(PositionedValue(value: value, position: node.position, isWritten: true))
      }
    }
    return values.isEmpty ? nil : .list(values)
  }

  mutating func table(_ entries: [ConfigurationNode.Entry], of row: OptionKind) -> OptionValue {
    var rows: [OptionValue.Row] = []
    for entry in entries {
      if !OptionKind.isName(entry.key) {
        let failure = OptionKind.notAName(entry.key, "a name")
        report(entry.position, failure.message, remedy: failure.remedy)
      }
      let value = value(entry.value, row, called: entry.key.quoted, at: entry.position)
      rows.append(
        .init(
          name: entry.key, position: entry.position,
          value: value.map {
            PositionedValue(value: $0, position: entry.value.position, isWritten: true)
          }))
    }
    return .table(rows)
  }

  mutating func variant(_ text: MappingText, _ variants: OptionVariants) -> OptionValues? {
    let names = variants.variants.map(\.name)
    guard let decider = decider(text, variants) else {
      report(
        text.position, "\(text.name) lacks '\(variants.key)'",
        remedy: "write '\(variants.key): ' and one of \(names.joined(separator: ", "))")
      return nil
    }
    guard
      case .text(let chosen)? = value(
        decider.value, .text(example: names.first ?? ""), called: "'\(variants.key)'",
        at: decider.position)
    else { return nil }
    guard let variant = variants.variants.first(where: { $0.name == chosen }) else {
      report(
        decider.value.position, "unknown \(variants.key) \(chosen.quoted)",
        remedy: variants.remedies[chosen.lowercased()] ?? suggestion(for: chosen, among: names))
      return nil
    }
    var rest = MappingText(
      entries: text.entries.filter { $0.key != decider.key }, position: text.position,
      name: "\(text.name) (\(variants.key) \(chosen))")
    for other in variants.variants where other.name != chosen {
      for option in other.options where !option.isRefused {
        let before = rest.foreign[option.name].map { $0 + " or " } ?? "\(variants.key) "
        rest.foreign[option.name] = before + other.name
      }
    }
    return section(rest, variants.options(of: variant), variant: chosen)
  }

  /// The entry that says which variant is meant, also where its key is misspelt.
  private mutating func decider(
    _ text: MappingText, _ variants: OptionVariants
  ) -> ConfigurationNode.Entry? {
    if let entry = text.entries.first(where: { $0.key == variants.key }) { return entry }
    let known =
      [variants.key] + (variants.common + variants.variants.flatMap(\.options)).map(\.name)
    let misspelt = text.entries.first {
      !known.contains($0.key) && nearestWord(to: $0.key, among: known) == variants.key
    }
    if let misspelt {
      report(
        misspelt.position, "unknown key \(misspelt.key.quoted) in \(text.name)",
        remedy: suggestion(for: misspelt.key, among: [variants.key]))
    }
    return misspelt
  }
}

extension OptionSpecification {
  /// Whether the key must not be written.
  public var isRefused: Bool {
    if case .refused = absence { true } else { false }
  }
}
