/// Why a text is not the quantity that was asked for.
public enum QuantityFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text does not begin with a number.
  case notANumber(text: String, dimension: Dimension)
  /// The number is too large, or needs finer steps than billionths of the unit.
  case notExact(text: String, dimension: Dimension)
  /// The number has a comma where a point belongs.
  case decimalComma(text: String, dimension: Dimension)
  /// A number stands alone.
  case missingUnit(text: String, dimension: Dimension)
  /// The unit measures something else, or nothing.
  case wrongUnit(text: String, unit: String, dimension: Dimension)

  /// What is wrong, without the name of the place.
  public var message: String {
    switch self {
    case .notANumber(let text, let dimension):
      "must be \(dimension.phrase), not \(text.quoted)"
    case .notExact(let text, _): "cannot be kept exactly: \(text.quoted)"
    case .decimalComma(let text, _): "has a comma: \(text.quoted)"
    case .missingUnit(let text, _): "needs a unit: \(text.quoted)"
    case .wrongUnit(let text, let unit, let dimension):
      "cannot be \(text.quoted): \(unit.quoted) is no unit of \(dimension.rawValue)"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .notANumber(_, let dimension): "write for example '\(dimension.example)'"
    case .notExact(_, let dimension):
      "write a whole number of billionths of 1 \(dimension.unit), below 10^18 \(dimension.unit)"
    case .decimalComma(let text, _):
      "write \(String(text.map { $0 == "," ? "." : $0 }).quoted), with a point"
    case .missingUnit(let text, let dimension):
      "write for example '\(text.trimmingBlanks) \(dimension.exampleSymbol)'"
    case .wrongUnit(_, _, let dimension):
      "use one of "
        + dimension.symbols.map(\.symbol).filter { $0.allSatisfy(\.isASCII) }
        .joined(separator: ", ")
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}

extension Dimension {
  /// What must be written, as a phrase with its article.
  public var phrase: String {
    let article = self == .energy ? "an" : "a"
    return "\(article) \(rawValue) with its unit"
  }

  /// The symbol of the example, the one that users mostly want.
  var exampleSymbol: String { example.split(separator: " ").last.map(String.init) ?? unit.code }
}
