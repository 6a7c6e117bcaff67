/// A JSON value whose text is the same on every machine.
///
/// Members keep their order; numbers are whole, decimal, or the shortest text that reads back to
/// the same `Double`. Source: RFC 8259.
public indirect enum JSON: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number.
  case integer(Int128)
  /// A number; infinities and NaN, which JSON lacks, are written as `null`.
  case number(Double)
  /// A number that is always written with a fraction or an exponent, for formats that tell floats
  /// from whole numbers; infinities and NaN are written as `null`.
  case float(Double)
  /// A text.
  case text(String)
  /// An array.
  case array([JSON])
  /// An object; the caller answers for the names being different.
  case object([(name: String, value: JSON)])

  /// Whether two values have the same text.
  public static func == (left: JSON, right: JSON) -> Bool { left.text == right.text }

  /// The text on one line, without needless blanks.
  public var text: String {
    var output = ""
    write(to: &output, indentation: nil)
    return output
  }

  /// The text over several lines, indented by two blanks a level.
  public var indentedText: String {
    var output = ""
    write(to: &output, indentation: 0)
    return output
  }

  private func write(to output: inout String, indentation: Int?) {
    switch self {
    case .null: output += "null"
    case .flag(let flag): output += flag ? "true" : "false"
    case .integer(let integer): output += String(integer)
    case .number(let number): output += Self.numberText(number)
    case .float(let number): output += number.isFinite ? number.description : "null"
    case .text(let text): Self.write(text, to: &output)
    case .array(let items):
      Self.write(items, open: "[", close: "]", to: &output, indentation) { item, output, inner in
        item.write(to: &output, indentation: inner)
      }
    case .object(let members):
      Self.write(members, open: "{", close: "}", to: &output, indentation) {
        member, output, inner in
        Self.write(member.name, to: &output)
        output += inner == nil ? ":" : ": "
        member.value.write(to: &output, indentation: inner)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], open: String, close: String, to output: inout String, _ indentation: Int?,
    item: (Item, inout String, Int?) -> Void
  ) {
    output += open
    let inner = indentation.map { $0 + 1 }
    for (index, element) in items.enumerated() {
      if index > 0 { output += "," }
      if let inner { output += "\n" + String(repeating: "  ", count: inner) }
      item(element, &output, inner)
    }
    if let indentation, !items.isEmpty {
      output += "\n" + String(repeating: "  ", count: indentation)
    }
    output += close
  }

  /// The shortest decimal text of a number; `null` where JSON has none.
  public static func numberText(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    if number == number.rounded(), number.magnitude < 0x1p53 { return String(Int64(number)) }
    return number.description
  }

  private static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
