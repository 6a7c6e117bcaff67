import Quantities

/// What is wrong with a scalar, before its place is known.
struct ScalarFailure: Error {
  let message: String
  let remedy: String
}

extension OptionKind {
  /// Reads a scalar of this kind.
  func value(of text: String, called name: String) throws(ScalarFailure) -> OptionValue {
    switch self {
    case .text, .path:
      guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
        throw failure(text, name)
      }
      return .text(text)
    case .name:
      guard Self.isName(text) else { throw Self.notAName(text, name) }
      return .text(text)
    case .flag:
      switch text {
      case "yes", "true": return .flag(true)
      case "no", "false": return .flag(false)
      default: throw failure(text, name, remedy: "write one of the two")
      }
    case .integer(let range):
      guard let integer = Self.integer(text) else {
        let digits = text.drop { $0 == "0" }
        let isPadded = digits.count < text.count && Self.integer(String(digits)) != nil
        throw failure(
          text, name, remedy: isPadded ? "write \(digits), without the zero before it" : nil)
      }
      guard range.contains(integer) else { throw outside(text, name) }
      return .integer(integer)
    case .address(let addresses):
      return .integer(try Self.address(text, among: addresses, rangeText, name))
    case .number(let range):
      guard let nano = DecimalNumber.nano(of: text) else { throw failure(text, name) }
      guard range.contains(nano) else { throw outside(text, name) }
      return .number(nano)
    case .quantity(let dimension, let range):
      let quantity: Quantity
      do {
        quantity = try Quantity(parsing: text, as: dimension)
      } catch {
        throw ScalarFailure(message: "\(name) \(error.message)", remedy: error.remedy)
      }
      guard range.contains(quantity.nano) else { throw outside(text, name) }
      return .quantity(quantity)
    case .choice(let words):
      guard words.contains(text) else {
        throw ScalarFailure(
          message: "\(name) cannot be \(text.quoted)", remedy: suggestion(for: text, among: words))
      }
      return .text(text)
    case .interval: return .interval(try Self.interval(text, name))
    case .list, .section, .table, .variants: throw failure(text, name)
    }
  }

  private func failure(_ text: String, _ name: String, remedy: String? = nil) -> ScalarFailure {
    if case .number = self, let failure = Self.notANumber(text, name) { return failure }
    return ScalarFailure(
      message: "\(name) must be \(phrase), not \(text.quoted)",
      remedy: remedy ?? "write for example '\(example)'")
  }

  /// The usual slips with numbers: a comma, and a unit.
  private static func notANumber(_ text: String, _ name: String) -> ScalarFailure? {
    let withPoint = String(text.map { $0 == "," ? "." : $0 })
    if withPoint != text, DecimalNumber.nano(of: withPoint) != nil {
      return ScalarFailure(
        message: "\(name) has a comma: \(text.quoted)",
        remedy: "write \(withPoint.quoted), with a point")
    }
    let number = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
    if number.count < text.count, DecimalNumber.nano(of: number) != nil {
      return ScalarFailure(
        message: "\(name) is a number without a unit, not \(text.quoted)",
        remedy: "write \(number.quoted)")
    }
    return nil
  }

  private func outside(_ text: String, _ name: String) -> ScalarFailure {
    ScalarFailure(
      message: "\(name) is out of range: \(text.quoted)", remedy: "write \(rangeText)")
  }

  private static func integer(_ text: String) -> Int? {
    let isHexadecimal = text.hasPrefix("0x")
    var digits = isHexadecimal ? text.dropFirst(2) : text[...]
    if !isHexadecimal, digits.first == "-" { digits.removeFirst() }
    guard digits.first?.isHexDigit == true else { return nil }
    // To some YAML readers 017 is fifteen.
    if !isHexadecimal, digits.count > 1, digits.first == "0" { return nil }
    return isHexadecimal ? Int(digits, radix: 16) : Int(text)
  }

  /// One of some addresses; the usual slips get the address that was meant.
  private static func address(
    _ text: String, among addresses: [Int], _ rangeText: String, _ name: String
  ) throws(ScalarFailure) -> Int {
    guard let number = integer(text) else {
      throw ScalarFailure(
        message: "\(name) must be an address, not \(text.quoted)", remedy: "write \(rangeText)")
    }
    if addresses.contains(number) { return number }
    let message = "\(name) cannot be \(text.quoted)"
    if number > 0x7F, addresses.contains(number >> 1) {
      throw ScalarFailure(
        message: message,
        remedy: "write \(hexadecimal(number >> 1)), the address without the bit for reading")
    }
    if let meant = Int(text, radix: 16), addresses.contains(meant) {
      throw ScalarFailure(
        message: message, remedy: "did you mean \(hexadecimal(meant)), with 0x before it?")
    }
    throw ScalarFailure(message: message, remedy: "write \(rangeText)")
  }

  private static func interval(
    _ text: String, _ name: String
  ) throws(ScalarFailure) -> ClosedRange<Int128> {
    let parts = text.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
      .map(\.trimmingBlanks)
    // A third dot would make the upper number a fraction.
    guard parts.count == 2, parts[1].first != ".",
      let lower = DecimalNumber.nano(of: parts[0]), let upper = DecimalNumber.nano(of: parts[1])
    else {
      throw ScalarFailure(
        message: "\(name) must be two numbers with .. between, not \(text.quoted)",
        remedy: "write for example '-40..85'")
    }
    guard lower < upper else {
      throw ScalarFailure(
        message: "\(name) is \(lower == upper ? "empty" : "reversed"): \(text.quoted)",
        remedy: lower == upper
          ? "write two different numbers, the lower first"
          : "write '\(parts[1])..\(parts[0])', the lower number first")
    }
    return lower...upper
  }
}
