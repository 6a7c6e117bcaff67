import BrokerTesting
import Foundation
import Testing

/// What `cairn compute` makes of a table.
struct ComputedTable {
  /// The lines as they were written, the header first.
  let lines: [String]
  /// The columns' names.
  let columns: [String]
  /// What was said beside the table, line by line.
  private(set) var notes: [String] = []
  private let rows: [[String]]

  /// Runs `cairn compute` over a file; it must succeed without a word, but for notes on windows and
  /// values that the table's end cut off, or any notes where those are wanted.
  init(
    _ file: String, _ arguments: [String], takesNotes: Bool = false, in directory: Directory
  ) async throws {
    let outcome = try await Cairn.run(Cairn.path, ["compute", file] + arguments, in: directory)
    try #require(outcome.code == 0, "\(outcome.errors)")
    self.init(text: outcome.output)
    notes = outcome.errors.split(separator: "\n").map(String.init)
    for note in notes where !takesNotes {
      try #require(note.hasPrefix("cairn: the last "), "\(note)")
    }
  }

  /// Runs `cairn compute` over a table's text.
  init(
    text table: String, _ arguments: [String], takesNotes: Bool = false, in directory: Directory
  ) async throws {
    try await self.init(
      directory.write(table, to: "table.csv"), arguments, takesNotes: takesNotes, in: directory)
  }

  /// A table without quotes in it.
  init(text: String) {
    var lines = text.components(separatedBy: "\n")
    #expect(lines.last == "")
    lines.removeLast()
    self.lines = lines
    let separator = lines.first?.contains(";") == true ? ";" : ","
    columns = lines.first?.components(separatedBy: separator) ?? []
    rows = lines.dropFirst().map { $0.components(separatedBy: separator) }
  }

  /// The fields of a column, from the top.
  subscript(name: String) -> [String] {
    get throws {
      let column = try #require(columns.firstIndex(of: name), "no \(name) in \(columns)")
      return rows.map { $0.count == columns.count ? $0[column] : "?" }
    }
  }

  /// The numbers of a column; NaN where there is none.
  func numbers(_ name: String) throws -> [Double] { try self[name].map { Double($0) ?? .nan } }

  /// The rows in which a column has another text than before, with that text.
  func changes(of name: String) throws -> [(row: Int, text: String)] {
    var changes: [(row: Int, text: String)] = []
    for (row, text) in try self[name].enumerated() where !text.isEmpty {
      if text != changes.last?.text { changes.append((row, text)) }
    }
    return changes
  }
}
