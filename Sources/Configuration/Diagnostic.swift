import Quantities

/// A place in a text file, counted from 1 as editors do.
public struct Position: Hashable, Comparable, Sendable {
  /// The line, from 1.
  public let line: Int
  /// The column in characters, from 1.
  public let column: Int

  /// A place by line and column, both from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Whether one place stands before another.
  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One error in a board file, as a compiler would print it.
public struct Diagnostic: Error, Hashable, Sendable {
  /// Where the offending text begins.
  public let position: Position
  /// What is wrong, in one clause.
  public let message: String
  /// What to write instead, in one clause.
  public let remedy: String

  /// An error at a place: what is wrong, and what to write instead.
  public init(at position: Position, _ message: String, remedy: String) {
    self.position = position
    self.message = message
    self.remedy = remedy
  }

  /// The line that editors can jump to: `file:line:column: error: message; remedy`.
  ///
  /// It stays one line whatever the file holds: control characters are written as escapes.
  public func line(in file: String) -> String {
    "\(file):\(position.line):\(position.column): error: \(message); \(remedy)".onOneLine
  }
}

extension Sequence<Diagnostic> {
  /// All errors without repetition, in the order of the file.
  public func inFileOrder() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return filter { seen.insert($0).inserted }
      .sorted { ($0.position, $0.message) < ($1.position, $1.message) }
  }
}
