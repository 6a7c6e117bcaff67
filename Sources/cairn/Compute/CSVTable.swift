/// A table of comma- or semicolon-separated values, line by line as it was read.
///
/// Source: RFC 4180, with a header; a field in quotes may not go over the end of a line.
struct CSVTable {
  /// What is wrong with a table, and where.
  struct Failure: Error {
    let line: Int
    let message: String
  }

  /// The header's fields.
  let columns: [String]
  /// The header as it stands.
  let header: String
  /// What separates fields.
  let separator: UInt8
  /// The rows as they stand, without the header.
  let lines: [ArraySlice<UInt8>]
  /// The number of a row's line in the file, counted from 1.
  let lineNumbers: [Int]

  private static let quote = UInt8(ascii: "\"")

  /// A table from a file's bytes; empty lines, and lines above the header that begin with `#`, are
  /// passed over.
  init(_ bytes: [UInt8]) throws(Failure) {
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
    guard let first = lines.first else { throw Failure(line: 1, message: "the table is empty") }
    let commas = first.count { $0 == UInt8(ascii: ",") }
    let semicolons = first.count { $0 == UInt8(ascii: ";") }
    separator = semicolons > commas ? UInt8(ascii: ";") : UInt8(ascii: ",")
    header = String(decoding: first, as: UTF8.self)
    guard let fields = Self.fields(first, separator) else {
      throw Failure(line: numbers[0], message: "a quoted field does not end")
    }
    let columns = fields.map { Self.text($0) }
    if let twice = columns.first(where: { name in columns.count { $0 == name } > 1 }) {
      throw Failure(line: numbers[0], message: "column '\(twice)' stands twice")
    }
    self.columns = columns
    self.lines = Array(lines.dropFirst())
    lineNumbers = Array(numbers.dropFirst())
  }

  /// The fields of a row, quotes included.
  func fields(of row: Int) throws(Failure) -> [ArraySlice<UInt8>] {
    guard let fields = Self.fields(lines[row], separator) else {
      throw Failure(line: lineNumbers[row], message: "a quoted field does not end")
    }
    guard fields.count == columns.count else {
      throw Failure(
        line: lineNumbers[row],
        message: "there are \(fields.count) fields, but the header has \(columns.count)")
    }
    return fields
  }

  /// A field as text, without its quotes.
  static func text(_ field: ArraySlice<UInt8>) -> String {
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
