public import Quantities

/// What was written behind a key, or is assumed where nothing was.
public indirect enum OptionValue: Hashable, Sendable {
  /// A text, name, path or choice.
  case text(String)
  /// Yes or no.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A decimal number in billionths.
  case number(Int128)
  /// A quantity.
  case quantity(Quantity)
  /// Two numbers in billionths, the lower first.
  case interval(ClosedRange<Int128>)
  /// A list.
  case list([PositionedValue])
  /// A mapping with fixed keys, or a variant.
  case section(OptionValues)
  /// Names with what stands behind them, in the order of the file.
  case table([Row])

  /// One name of a table.
  public struct Row: Hashable, Sendable {
    /// The name.
    public let name: String
    /// Where the name stands.
    public let position: Position
    /// What stands behind it; nil where that was wrong and has been reported.
    public let value: PositionedValue?
  }
}

/// A value and the place where it stands.
public struct PositionedValue: Hashable, Sendable {
  /// The value.
  public let value: OptionValue
  /// Where it stands; where nothing was written, where the mapping's own key does.
  public let position: Position
  /// Whether somebody wrote it; if not, it is the default.
  public let isWritten: Bool
}

/// The values of one mapping, each of the kind that its specification asked for.
///
/// An accessor returns nil where the key was left out, or was wrong and has been reported.
public struct OptionValues: Hashable, Sendable {
  /// Where the key stands whose mapping this is; for a whole file, where it begins.
  public let position: Position
  /// The variant's name, where the mapping is one of several.
  public let variant: String?
  /// Whether nothing in the mapping was wrong.
  public let isComplete: Bool
  private let values: [String: PositionedValue]
  private let keys: [String: Position]

  init(
    position: Position, variant: String?, isComplete: Bool, values: [String: PositionedValue],
    keys: [String: Position]
  ) {
    self.position = position
    self.variant = variant
    self.isComplete = isComplete
    self.values = values
    self.keys = keys
  }

  /// The value behind a key, with its place.
  public subscript(name: String) -> PositionedValue? { values[name] }

  /// Where the value of a key stands; where the key is not written, where the mapping's own does.
  public func position(of name: String) -> Position { values[name]?.position ?? position }

  /// Where a key stands; where it is not written, where the mapping's own does.
  public func keyPosition(of name: String) -> Position { keys[name] ?? position }

  /// Whether a key is written, be its value right or wrong.
  public func isWritten(_ name: String) -> Bool { keys[name] != nil }

  /// A text, name, path or choice.
  public func text(_ name: String) -> String? {
    guard case .text(let text)? = values[name]?.value else { return nil }
    return text
  }

  /// Yes or no.
  public func flag(_ name: String) -> Bool? {
    guard case .flag(let flag)? = values[name]?.value else { return nil }
    return flag
  }

  /// A whole number.
  public func integer(_ name: String) -> Int? {
    guard case .integer(let integer)? = values[name]?.value else { return nil }
    return integer
  }

  /// A decimal number in billionths.
  public func number(_ name: String) -> Int128? {
    guard case .number(let number)? = values[name]?.value else { return nil }
    return number
  }

  /// A quantity.
  public func quantity(_ name: String) -> Quantity? {
    guard case .quantity(let quantity)? = values[name]?.value else { return nil }
    return quantity
  }

  /// A quantity of time as a span.
  public func duration(_ name: String) -> Duration? { quantity(name)?.duration }

  /// Two numbers in billionths.
  public func interval(_ name: String) -> ClosedRange<Int128>? {
    guard case .interval(let interval)? = values[name]?.value else { return nil }
    return interval
  }

  /// The items of a list; empty where there is none.
  public func list(_ name: String) -> [PositionedValue] {
    guard case .list(let list)? = values[name]?.value else { return [] }
    return list
  }

  /// The texts of a list of texts; empty where there is none.
  public func texts(_ name: String) -> [(text: String, position: Position)] {
    list(name).compactMap { item in
      guard case .text(let text) = item.value else { return nil }
      return (text, item.position)
    }
  }

  /// A mapping.
  public func section(_ name: String) -> OptionValues? {
    guard case .section(let section)? = values[name]?.value else { return nil }
    return section
  }

  /// The rows of a table whose rows are mappings; empty where there is none.
  public func sections(_ name: String) -> [(name: String, position: Position, values: OptionValues)]
  {
    rows(name).compactMap { row in
      guard case .section(let section)? = row.value?.value else { return nil }
      return (row.name, row.position, section)
    }
  }

  /// The rows of a table, also those whose value was wrong; empty where there is none.
  public func rows(_ name: String) -> [OptionValue.Row] {
    guard case .table(let rows)? = values[name]?.value else { return [] }
    return rows
  }
}

extension OptionValues {
  /// Every value as one text, defaults included, in the order of the names.
  public var texts: [(name: String, text: String)] {
    values.map { ($0.key, $0.value.value.text) }.sorted { $0.0 < $1.0 }
  }
}

extension OptionValue {
  /// The value as one text that is the same for the same meaning.
  public var text: String {
    switch self {
    case .text(let text): text
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let integer): String(integer)
    case .number(let nano): Quantity(nano: nano, unit: .ratio).decimalText
    case .quantity(let quantity): quantity.description
    case .interval(let interval):
      "\(Quantity(nano: interval.lowerBound, unit: .ratio).decimalText)"
        + "..\(Quantity(nano: interval.upperBound, unit: .ratio).decimalText)"
    case .list(let items): "[" + items.map(\.value.text).joined(separator: ", ") + "]"
    case .section(let values):
      "{" + values.texts.map { "\($0.name): \($0.text)" }.joined(separator: ", ") + "}"
    case .table(let rows):
      "{" + rows.map { "\($0.name): \($0.value?.value.text ?? "")" }.joined(separator: ", ") + "}"
    }
  }
}
