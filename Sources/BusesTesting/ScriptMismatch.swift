/// A place in a test's source, in the four parts that test libraries ask for.
public struct ScriptLocation: Hashable, Sendable {
  /// The module and the file, as `#fileID` gives them.
  public let fileID: String
  /// The file, as `#filePath` gives it.
  public let filePath: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1.
  public let column: Int

  /// A place in a source file.
  public init(fileID: String, filePath: String, line: Int, column: Int) {
    self.fileID = fileID
    self.filePath = filePath
    self.line = line
    self.column = column
  }
}

/// A way in which what happened was not what the script says.
public struct ScriptMismatch: Hashable, Sendable, CustomStringConvertible {
  /// What differs, as a text of lines: `-` scripted, `+` happened, blank the same.
  public let description: String
  /// Where the script says what did not happen.
  public let location: ScriptLocation

  init(_ description: String, at location: ScriptLocation) {
    self.description = description
    self.location = location
  }

  /// The lines of both, each once where they are the same.
  static func difference(scripted: [String], happened: [String]) -> String {
    var lines: [String] = []
    for index in 0..<max(scripted.count, happened.count) {
      let left = index < scripted.count ? scripted[index] : nil
      let right = index < happened.count ? happened[index] : nil
      if left == right, let left {
        lines.append("  \(left)")
      } else {
        if let left { lines.append("- \(left)") }
        if let right { lines.append("+ \(right)") }
      }
    }
    return lines.joined(separator: "\n")
  }
}
