extension Quantity {
  /// Reads a quantity as users write it: a decimal number, optional blanks, a unit symbol.
  ///
  /// The result counts billionths of `dimension.unit`. A number that would need finer steps is an
  /// error, never rounded.
  public init(parsing text: String, as dimension: Dimension) throws(QuantityFailure) {
    let trimmed = text.trimmingBlanks
    let split =
      trimmed.firstIndex { character in
        !(character.isASCII && (character.isNumber || "+-.,".contains(character)))
      } ?? trimmed.endIndex
    let number = trimmed[..<split]
    let symbol = String(trimmed[split...].drop { $0 == " " })
    guard let amount = DecimalNumber.nano(of: number) else {
      throw Self.failure(of: number, in: text, dimension)
    }
    guard !symbol.isEmpty else { throw .missingUnit(text: text, dimension: dimension) }
    guard let factor = dimension.symbols.first(where: { $0.symbol == symbol })?.nano else {
      throw .wrongUnit(text: text, unit: symbol, dimension: dimension)
    }
    let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
    guard !overflow, product % 1_000_000_000 == 0 else {
      throw .notExact(text: text, dimension: dimension)
    }
    self.init(nano: product / 1_000_000_000, unit: dimension.unit)
  }

  private static func failure(
    of number: Substring, in text: String, _ dimension: Dimension
  ) -> QuantityFailure {
    let parts = number.split(separator: ",", omittingEmptySubsequences: false)
    if parts.count == 2, DecimalNumber.isDecimal(parts.joined(separator: ".")) {
      return .decimalComma(text: text, dimension: dimension)
    }
    return DecimalNumber.isDecimal(number)
      ? .notExact(text: text, dimension: dimension)
      : .notANumber(text: text, dimension: dimension)
  }

  /// The quantity as a span of time; nil for other units, and beyond 292 years.
  public var duration: Duration? {
    guard unit == .second, let nanoseconds = Int64(exactly: nano) else { return nil }
    return .nanoseconds(nanoseconds)
  }
}
