/// Why a text is not a recording.
public struct RecordingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// The text is empty or begins with an empty line.
    case noHeader
    /// The text begins with the bytes EF BB BF.
    case byteOrderMark
    /// A column has no name; columns are counted from 1.
    case unnamedColumn(Int)
    /// Two columns have one name.
    case repeatedColumn(String)
    /// A column that was asked for is not there.
    case noSuchColumn(String, known: [String])
    /// The line has a quotation mark.
    case quoted
    /// The line is not UTF-8.
    case notUTF8
    /// The line is empty.
    case blankLine
    /// The line has too few or too many cells.
    case cellCount(Int, expected: Int)
    /// The cell of the time column is no time.
    case notATime(String)
    /// The time is written in another form than that of the first row.
    case otherFormOfTime(String)
    /// The time is not later than that of the row above.
    case notLater(String, than: String)
    /// A cell is neither a number nor missing.
    case notANumber(String, column: String)
    /// There are fewer than two rows.
    case tooFewRows(Int)
  }

  /// The recording's name.
  public let recording: String
  /// The line of the text, counted from 1.
  public let line: Int
  /// What is wrong, for programs.
  public let kind: Kind

  /// A failure at a line of a recording.
  public init(recording: String, line: Int, _ kind: Kind) {
    self.recording = recording
    self.line = line
    self.kind = kind
  }

  /// What is wrong, without the place.
  public var message: String {
    switch kind {
    case .noHeader: "there is no header line"
    case .byteOrderMark: "the text begins with a byte order mark"
    case .unnamedColumn(let position): "column \(position) has no name"
    case .repeatedColumn(let name): "two columns are named '\(name)'"
    case .noSuchColumn(let name, _): "there is no column '\(name)'"
    case .quoted: "a cell is quoted"
    case .notUTF8: "the line is not UTF-8 text"
    case .blankLine: "the line is empty"
    case .cellCount(let found, let expected): "the line has \(found) cells, not \(expected)"
    case .notATime(let text): "'\(text)' is not a time"
    case .otherFormOfTime(let text): "'\(text)' is written unlike the time of the first row"
    case .notLater(let text, let previous): "'\(text)' is not later than '\(previous)'"
    case .notANumber(let text, let column): "'\(text)' in column '\(column)' is not a number"
    case .tooFewRows(let count): "there are \(count) rows; a series needs two"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch kind {
    case .noHeader, .unnamedColumn: "name every column in the first line, separated by commas"
    case .byteOrderMark, .notUTF8: "save the file as plain UTF-8"
    case .repeatedColumn: "give every column a name of its own"
    case .noSuchColumn(_, let known): "use one of " + known.joined(separator: ", ")
    case .quoted: "write cells without quotation marks; a comma always separates"
    case .blankLine: "remove the line"
    case .cellCount: "write one cell for every column; leave a missing value empty"
    case .notATime:
      "write for example '2025-04-28 12:33:18', '2025-04-28T12:33:18Z' or seconds since 1970"
    case .otherFormOfTime: "write all times in one form"
    case .notLater: "sort the rows by time and keep one row for a time"
    case .notANumber: "write a plain number, or nothing for a missing value"
    case .tooFewRows: "record at least two rows"
    }
  }

  /// Where it is, what is wrong and what to write instead.
  public var description: String { "\(recording):\(line): \(message); \(remedy)" }
}
