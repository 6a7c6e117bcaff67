extension StringProtocol {
  /// The text in single quotes on one line, to show in an error; cut after 60 characters.
  public var quoted: String {
    let shown = prefix(60)
    return "'" + shown.onOneLine + "'" + (shown.endIndex < endIndex ? "..." : "")
  }

  /// The text with line breaks and control characters written as escapes.
  public var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A: line += "\\n"
      case 0x0D: line += "\\r"
      case 0x09: line += "\\t"
      case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029:
        line += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The text without the blanks and tabs at both ends.
  public var trimmingBlanks: SubSequence {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var slice = drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return slice
  }
}
