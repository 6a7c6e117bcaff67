import Configuration

/// libyaml's complaints in the words of somebody who writes a board file.
enum YAMLFailureText {
  /// An alias, which would repeat what stands elsewhere.
  static func alias(_ position: Position) -> Diagnostic {
    Diagnostic(
      at: position, "YAML aliases are not allowed in a board file",
      remedy: "write the value out, or quotes around a text that begins with '*'")
  }

  /// An anchor, which only aliases need.
  static func anchor(_ position: Position) -> Diagnostic {
    Diagnostic(
      at: position, "YAML anchors are not allowed in a board file",
      remedy: "remove it, or write quotes around a text that begins with '&'")
  }

  /// A tag, which would change a value's type.
  static func tag(_ position: Position) -> Diagnostic {
    Diagnostic(
      at: position, "YAML tags are not allowed in a board file",
      remedy: "remove it, or write quotes around a text that begins with '!'")
  }

  /// The diagnostic for a failure of the parser, which came inside of a bracket or not.
  static func diagnostic(
    _ failure: YAMLParser.Failure, in text: BoardText, openBracket: Position?
  ) -> Diagnostic {
    if failure.context.hasSuffix("an alias") { return alias(failure.contextPosition) }
    if failure.context.hasSuffix("an anchor") { return anchor(failure.contextPosition) }
    if failure.context.hasSuffix("a tag") || failure.problem == "found undefined tag handle" {
      return tag(failure.contextPosition)
    }
    if failure.context.hasSuffix("directive") || failure.problem.hasSuffix("directive")
      || failure.problem == "found incompatible YAML document"
    {
      return Diagnostic(
        at: failure.position, "directives are not allowed in a board file",
        remedy: "remove the '%' line")
    }
    let place = text.place(failure.position)
    if place.character == "\t" {
      return Diagnostic(
        at: failure.position, "a tab stands where only spaces may", remedy: "use spaces")
    }
    if place.isBehindText, let openBracket, !failure.context.hasSuffix("a quoted scalar") {
      return Diagnostic(
        at: openBracket, "the bracket that opens here is never closed",
        remedy: "close a list with ']' and a mapping with '}'")
    }
    return scanning(failure, place, in: text) ?? parsing(failure, place)
      ?? Diagnostic(
        at: failure.position, "this is not YAML (\(failure.problem))",
        remedy: "check the quotes, brackets and indentation here and in the line above")
  }

  /// Characters that cannot stand where they do.
  private static func scanning(
    _ failure: YAMLParser.Failure, _ place: BoardText.Place, in text: BoardText
  ) -> Diagnostic? {
    let here = failure.position
    let opening = failure.contextPosition
    switch failure.problem {
    case "mapping values are not allowed in this context":
      return Diagnostic(
        at: here, "a ':' cannot stand here",
        remedy: "write quotes around a text that contains ': ', or check the indentation")
    case "found character that cannot start any token":
      let shown = place.character.map { "'\($0)'" } ?? "this character"
      return Diagnostic(
        at: here, "\(shown) cannot begin a value", remedy: "write quotes around the text")
    case "could not find expected ':'":
      if text.place(opening).character == "-" {
        return Diagnostic(
          at: opening, "a space is missing after '-', or a ':' after this text",
          remedy: "write '- item' or 'key: value'")
      }
      return Diagnostic(
        at: opening, "a ':' is missing after this text",
        remedy: "write 'key: value' with a space after the ':'")
    case "found unexpected ':'":
      return Diagnostic(
        at: here, "a space is missing after ':'",
        remedy: "write 'key: value', or quotes around the text")
    case "block sequence entries are not allowed in this context":
      return Diagnostic(
        at: here, "a list's '-' cannot stand here",
        remedy: "begin the list on a line of its own, or write it in brackets")
    case "mapping keys are not allowed in this context":
      return Diagnostic(
        at: here, "a '?' cannot stand here", remedy: "write quotes around the text")
    case "found unexpected end of stream", "found unexpected document indicator":
      return Diagnostic(
        at: opening, "the quotes that open here are never closed",
        remedy: "close them at the end of the text")
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      return Diagnostic(
        at: here, "this escape is not known",
        remedy: "write '\\\\' for a backslash, or single quotes around the text")
    case "found an indentation indicator equal to 0",
      "did not find expected comment or line break":
      return Diagnostic(
        at: here, "nothing may stand behind the '|' or '>' that begins a block of text",
        remedy: "begin the text on the next line, or write quotes around it")
    default: return nil
    }
  }

  /// Pieces that do not fit together.
  private static func parsing(
    _ failure: YAMLParser.Failure, _ place: BoardText.Place
  ) -> Diagnostic? {
    let here = failure.position
    let opening = failure.contextPosition
    switch failure.problem {
    case "did not find expected key" where place.isFirstInLine:
      return Diagnostic(
        at: here, "this line is not a key of the mapping above",
        remedy: "write 'key: value', indented by as many spaces as the keys above")
    case "did not find expected '-' indicator" where place.isFirstInLine:
      return Diagnostic(
        at: here, "this line is not an item of the list above",
        remedy: "begin it with '-', indented by as many spaces as the items above")
    case "did not find expected key", "did not find expected '-' indicator":
      return Diagnostic(
        at: here, "this cannot stand behind a value",
        remedy: "remove it, or write quotes around the whole text")
    case "did not find expected ',' or ']'":
      return Diagnostic(
        at: here,
        "a ',' or ']' is missing in the list that opens in line \(opening.line)",
        remedy: "separate the items with ',' and close the list with ']'")
    case "did not find expected ',' or '}'":
      return Diagnostic(
        at: here,
        "a ',' or '}' is missing in the mapping that opens in line \(opening.line)",
        remedy: "separate the keys with ',' and close the mapping with '}'")
    case "did not find expected node content":
      return Diagnostic(
        at: here, "a value is missing", remedy: "write one, or quotes around the text")
    case "did not find expected <document start>":
      return Diagnostic(
        at: here, "this stands outside of the mapping above",
        remedy: "write all of the file as 'key: value', with keys of one level below one another")
    default: return nil
    }
  }
}
