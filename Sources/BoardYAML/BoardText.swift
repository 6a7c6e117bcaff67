import Configuration

/// A text that was found fit to be parsed: UTF-8, no characters that editors hide, no tabs for
/// indentation.
///
/// libyaml would refuse most of what is refused here, but not say where or why in words that help;
/// and it takes some characters for line ends that editors do not, which would shift all places
/// behind them.
struct BoardText {
  /// The characters, without a byte order mark.
  let characters: [Unicode.Scalar]
  /// The bytes, without a byte order mark.
  let bytes: ArraySlice<UInt8>

  /// Looks at all bytes and stops at the first that is wrong.
  init(_ bytes: [UInt8]) throws(Diagnostic) {
    let start = Position(line: 1, column: 1)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Diagnostic(
        at: start, "the file is UTF-16 or UTF-32, not UTF-8", remedy: "save it as UTF-8")
    }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]

    var characters: [Unicode.Scalar] = []
    characters.reserveCapacity(body.count)
    var line = 1
    var column = 1
    var isIndentation = true
    var tab: Position?
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = body.makeIterator()
    var wasCarriageReturn = false
    loop: while true {
      let position = Position(line: line, column: column)
      let scalar: Unicode.Scalar
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let encoded): scalar = Unicode.UTF8.decode(encoded)
      case .error:
        throw Diagnostic(
          at: position, "this is not UTF-8", remedy: "save the file as UTF-8")
      case .emptyInput: break loop
      }
      if wasCarriageReturn && scalar != "\n" {
        throw Diagnostic(
          at: Position(line: line, column: column - 1), "a carriage return stands alone",
          remedy: "end lines with a line feed")
      }
      wasCarriageReturn = scalar == "\r"
      if let name = Self.name(ofUnfit: scalar) {
        throw Diagnostic(
          at: position, "the file contains \(name)", remedy: "delete it")
      }
      characters.append(scalar)
      switch scalar {
      case "\n":
        line += 1
        column = 1
        isIndentation = true
        tab = nil
        continue
      case "\t" where isIndentation:
        tab = tab ?? position
      case " ", "\r", "\t": break
      default:
        if isIndentation, let tab {
          throw Diagnostic(
            at: tab, "tab used for indentation", remedy: "use spaces")
        }
        isIndentation = false
      }
      column += 1
    }
    if wasCarriageReturn {
      throw Diagnostic(
        at: Position(line: line, column: column - 1), "a carriage return stands alone",
        remedy: "end lines with a line feed")
    }
    self.characters = characters
    self.bytes = body
  }

  /// What to call a character that must not stand in a board file, or nil for all others.
  static func name(ofUnfit scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0: "a NUL byte"
    case 0x09, 0x0A, 0x0D: nil
    case 0x01...0x1F, 0x7F...0x9F: "the control character \(code(scalar))"
    case 0x2028, 0x2029: "the line separator \(code(scalar))"
    case 0xFEFF: "a byte order mark inside the text"
    // Text after these is shown in another order than it is read in (Unicode UTR 36, section 2.5).
    case 0x202A...0x202E, 0x2066...0x2069: "the invisible direction mark \(code(scalar))"
    case 0xFFFE, 0xFFFF: "the noncharacter \(code(scalar))"
    default: nil
    }
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
