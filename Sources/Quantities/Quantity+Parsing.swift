/// Why a text is not the quantity that was asked for.
public enum QuantityFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text begins with no number that can be kept exactly.
  case notANumber(text: String, dimension: Dimension)
  /// A number stands alone.
  case missingUnit(text: String, dimension: Dimension)
  /// The unit measures something else, or nothing.
  case wrongUnit(text: String, unit: String, dimension: Dimension)

  /// What is wrong, without the name of the place.
  public var message: String {
    switch self {
    case .notANumber(let text, let dimension): "is not a \(dimension.rawValue): '\(text)'"
    case .missingUnit(let text, let dimension): "needs a unit of \(dimension.rawValue): '\(text)'"
    case .wrongUnit(let text, let unit, let dimension):
      "has no unit of \(dimension.rawValue): '\(unit)' in '\(text)'"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .notANumber(_, let dimension):
      "write a number and a unit, for example '\(dimension.example)'"
    case .missingUnit(_, let dimension): "write for example '\(dimension.example)'"
    case .wrongUnit(_, _, let dimension):
      "use one of "
        + dimension.symbols.map(\.symbol).filter { $0.allSatisfy(\.isASCII) }
        .joined(separator: ", ")
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}

extension Quantity {
  /// Reads a quantity as users write it: a decimal number, optional blanks, a unit symbol.
  ///
  /// The result counts billionths of `dimension.unit`. A number that would need finer steps is an
  /// error, never rounded.
  public init(parsing text: String, as dimension: Dimension) throws(QuantityFailure) {
    let trimmed = text.trimmingBlanks
    let split =
      trimmed.firstIndex { character in
        !(character.isASCII && (character.isNumber || "+-.".contains(character)))
      } ?? trimmed.endIndex
    let number = trimmed[..<split]
    let symbol = String(trimmed[split...].drop { $0 == " " })
    guard let amount = DecimalNumber.nano(of: number) else {
      throw .notANumber(text: text, dimension: dimension)
    }
    guard !symbol.isEmpty else { throw .missingUnit(text: text, dimension: dimension) }
    guard let factor = dimension.symbols.first(where: { $0.symbol == symbol })?.nano else {
      throw .wrongUnit(text: text, unit: symbol, dimension: dimension)
    }
    let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
    guard !overflow, product % 1_000_000_000 == 0 else {
      throw .notANumber(text: text, dimension: dimension)
    }
    self.init(nano: product / 1_000_000_000, unit: dimension.unit)
  }

  /// The quantity as a span of time, rounded down to whole nanoseconds; nil for other units.
  public var duration: Duration? {
    guard unit == .second, let nanoseconds = Int64(exactly: nano) else { return nil }
    return .nanoseconds(nanoseconds)
  }
}

extension StringProtocol {
  /// The text without the blanks and tabs at both ends.
  public var trimmingBlanks: SubSequence {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var slice = drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return slice
  }
}
