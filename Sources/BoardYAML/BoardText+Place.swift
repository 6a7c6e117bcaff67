import Configuration

extension BoardText {
  /// What is at a place, and around it.
  struct Place: Hashable, Sendable {
    /// The character, or nil at the end of a line or of the text.
    var character: Unicode.Scalar?
    /// Whether only blanks stand before it in its line.
    var isFirstInLine = true
    /// Whether nothing but white space and comments follows.
    var isBehindText = true
  }

  /// What is at a place; a place behind the last line is behind the text.
  func place(_ position: Position) -> Place {
    var place = Place()
    var line = 1
    var column = 1
    var isComment = false
    for character in characters {
      let isBefore = (line, column) < (position.line, position.column)
      let isBreak = character == "\n" || character == "\r"
      let isBlank = isBreak || character == " " || character == "\t"
      if line == position.line && isBefore && !isBlank { place.isFirstInLine = false }
      if line == position.line && column == position.column && !isBreak {
        place.character = character
      }
      if !isBefore {
        if character == "#" { isComment = true }
        if !isBlank && !isComment { place.isBehindText = false }
        if isBreak { isComment = false }
      }
      if character == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return place
  }
}
