import Quantities

extension OptionKind {
  /// Whether a text is a name: a lower-case letter, then lower-case letters, digits and single
  /// hyphens; 32 at most.
  static func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 32, isLetter(first), bytes.last != hyphen else {
      return false
    }
    var previous: UInt8 = 0
    for byte in bytes {
      guard isLetter(byte) || isDigit(byte) || byte == hyphen,
        !(byte == hyphen && previous == hyphen)
      else { return false }
      previous = byte
    }
    return true
  }

  static func notAName(_ text: String, _ name: String) -> ScalarFailure {
    let rule = "a lower-case letter, then letters, digits and single hyphens, 32 at most"
    let near = nearestName(text).map { "write for example '\($0)': " } ?? "write "
    return ScalarFailure(message: "\(name) cannot be \(text.quoted)", remedy: near + rule)
  }

  /// A name that looks like a text: `River 7` becomes `river-7`.
  private static func nearestName(_ text: String) -> String? {
    let words = text.lowercased().utf8
      .split { !isLetter($0) && !isDigit($0) }
      .map { String(decoding: $0, as: UTF8.self) }
    let name = words.joined(separator: "-")
    return isName(name) ? name : nil
  }

  private static let hyphen = UInt8(ascii: "-")

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
