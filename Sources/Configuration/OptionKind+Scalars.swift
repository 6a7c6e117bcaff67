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
      guard Self.isName(text) else {
        throw ScalarFailure(
          message: "\(name) '\(text)' is not a name",
          remedy: "write a lower-case letter, then letters, digits and single hyphens, 32 at most")
      }
      return .text(text)
    case .flag:
      switch text {
      case "yes", "true": return .flag(true)
      case "no", "false": return .flag(false)
      default: throw failure(text, name)
      }
    case .integer(let range):
      guard let integer = Self.integer(text) else { throw failure(text, name) }
      guard range.contains(integer) else { throw outside(text, name) }
      return .integer(integer)
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
          message: "\(name) cannot be '\(text)'", remedy: suggestion(for: text, among: words))
      }
      return .text(text)
    case .interval:
      guard let interval = Self.interval(text) else { throw failure(text, name) }
      return .interval(interval)
    case .list, .section, .table, .variants: throw failure(text, name)
    }
  }

  private func failure(_ text: String, _ name: String) -> ScalarFailure {
    ScalarFailure(
      message: "\(name) must be \(phrase), not '\(text)'",
      remedy: "write for example '\(example)'")
  }

  private func outside(_ text: String, _ name: String) -> ScalarFailure {
    ScalarFailure(
      message: "\(name) is out of range: '\(text)'", remedy: "write \(rangeText)")
  }

  static func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 32, (0x61...0x7A).contains(first),
      bytes.last != 0x2D
    else { return false }
    var previous: UInt8 = 0
    for byte in bytes {
      let allowed = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
      guard allowed, !(byte == 0x2D && previous == 0x2D) else { return false }
      previous = byte
    }
    return true
  }

  private static func integer(_ text: String) -> Int? {
    if text.hasPrefix("0x") {
      let digits = text.dropFirst(2)
      return digits.first == "+" || digits.first == "-" ? nil : Int(digits, radix: 16)
    }
    return text.first == "+" ? nil : Int(text)
  }

  private static func interval(_ text: String) -> ClosedRange<Int128>? {
    guard let dots = text.firstRange(of: "..") else { return nil }
    guard let lower = DecimalNumber.nano(of: text[..<dots.lowerBound].trimmingBlanks),
      let upper = DecimalNumber.nano(of: text[dots.upperBound...].trimmingBlanks), lower < upper
    else { return nil }
    return lower...upper
  }
}
