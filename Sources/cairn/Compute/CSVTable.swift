/// A table of values between commas, semicolons or tabs, line by line as it was read.
///
/// Source: RFC 4180, with a header; a field in quotes may not go over the end of a line. Blanks
/// around a field are not part of it.
struct CSVTable {
  /// What is wrong with a table, and where.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// The header's fields; a name may stand twice.
  let columns: [String]
  /// The header's line in the file, counted from 1.
  let headerLine: Int
  /// The header as it stands, and its fields with their quotes.
  let header: ArraySlice<UInt8>
  let headerFields: [ArraySlice<UInt8>]
  /// What separates fields.
  let separator: UInt8
  /// The rows as they stand, without the header.
  let lines: [ArraySlice<UInt8>]
  /// The number of a row's line in the file, counted from 1.
  let lineNumbers: [Int]

  private static let quote = UInt8(ascii: "\"")
  private static let noHeader = "the table is empty; write the names of its columns on top"
  private static let utf16 = "the file is in UTF-16; save it in UTF-8"
  private static let openQuote =
    "a quoted field does not end on its line; close it, and write a quote in it twice"

  /// A table from a file's bytes; empty lines, and lines above the header that begin with `#`, are
  /// passed over.
  init(_ bytes: [UInt8]) throws(Failure) {
    guard !Self.isUTF16(bytes) else { throw Failure(line: 1, message: Self.utf16) }
    var lines: [ArraySlice<UInt8>] = []
    var numbers: [Int] = []
    var number = 0
    for var line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      guard !line.isEmpty else { continue }
      // Some tables say above the header what they hold.
      if lines.isEmpty, line.first == UInt8(ascii: "#") { continue }
      // A byte order mark is no part of the first column's name.
      if lines.isEmpty, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
      lines.append(line)
      numbers.append(number)
    }
    guard let first = lines.first else { throw Failure(line: 1, message: Self.noHeader) }
    separator = Self.separator(of: first)
    header = first
    guard let fields = Self.fields(first, separator) else {
      throw Failure(line: numbers[0], message: Self.openQuote)
    }
    columns = fields.map { Self.text($0) }
    headerLine = numbers[0]
    headerFields = fields
    self.lines = Array(lines.dropFirst())
    lineNumbers = Array(numbers.dropFirst())
  }

  /// Says that a column is used, so that there may be only one of its name.
  func requireOnce(_ name: String) throws(Failure) {
    guard columns.count(where: { $0 == name }) > 1 else { return }
    throw Failure(
      line: headerLine, message: "column '\(name)' stands twice; give each a name of its own")
  }

  /// The fields of a row, quotes included.
  func fields(of row: Int) throws(Failure) -> [ArraySlice<UInt8>] {
    guard let fields = Self.fields(lines[row], separator) else {
      throw Failure(line: lineNumbers[row], message: Self.openQuote)
    }
    guard fields.count == columns.count else {
      throw Failure(
        line: lineNumbers[row],
        message:
          "there \(fields.count == 1 ? "is one field" : "are \(fields.count) fields"), but the "
          + "header has \(columns.count); write all of them, empty where there is nothing")
    }
    return fields
  }

  /// A field as text, without blanks around it and without its quotes.
  static func text(_ whole: ArraySlice<UInt8>) -> String {
    let field = trimmed(whole)
    guard field.count >= 2, field.first == quote, field.last == quote else {
      return String(decoding: field, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in field.dropFirst().dropLast() {
      if byte == quote, !isEscaped {
        isEscaped = true
        continue
      }
      isEscaped = false
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text as a field of this table, in quotes where it needs them.
  func field(_ text: String) -> [UInt8] { Self.field(text, between: separator) }

  /// A text as a field, in quotes where it needs them.
  static func field(_ text: String, between separator: UInt8 = UInt8(ascii: ",")) -> [UInt8] {
    guard text.utf8.contains(where: { $0 == separator || $0 == quote }) else {
      return Array(text.utf8)
    }
    var bytes = [quote]
    for byte in text.utf8 { bytes += byte == quote ? [byte, byte] : [byte] }
    return bytes + [quote]
  }

  /// A text without blanks around it, as there may be within quotes.
  static func trimmed(_ text: String) -> String {
    String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
  }

  private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    guard let first = field.firstIndex(where: { !blanks.contains($0) }),
      let last = field.lastIndex(where: { !blanks.contains($0) })
    else { return field.prefix(0) }
    return field[first...last]
  }

  /// What stands most often in the header.
  private static func separator(of header: ArraySlice<UInt8>) -> UInt8 {
    var (separator, most) = (UInt8(ascii: ","), 0)
    for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      let count = header.count { $0 == candidate }
      if count > most { (separator, most) = (candidate, count) }
    }
    return separator
  }

  /// Whether bytes begin with a byte order mark of UTF-16, or as Latin letters would in it.
  private static func isUTF16(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
    guard bytes.count >= 4 else { return false }
    return bytes.prefix(4).map { $0 == 0 } == [false, true, false, true]
      || bytes.prefix(4).map { $0 == 0 } == [true, false, true, false]
  }

  private static func fields(
    _ line: ArraySlice<UInt8>, _ separator: UInt8
  ) -> [ArraySlice<UInt8>]? {
    var fields: [ArraySlice<UInt8>] = []
    var start = line.startIndex
    var isQuoted = false
    for index in line.indices {
      if line[index] == quote {
        isQuoted.toggle()
      } else if line[index] == separator, !isQuoted {
        fields.append(line[start..<index])
        start = index + 1
      }
    }
    guard !isQuoted else { return nil }
    fields.append(line[start...])
    return fields
  }
}
