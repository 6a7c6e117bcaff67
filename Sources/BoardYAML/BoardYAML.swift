public import Configuration

/// Board files as text: YAML 1.1 as libyaml reads it, less what makes a file mean other than it
/// shows.
///
/// Refused are anchors, aliases, tags, merge keys, directives and a second document, so that a
/// file is never larger than it looks; keys that are not single texts or stand twice; and tabs for
/// indentation. Quotes only say where a text ends: `"0x76"` and `0x76` are the same text.
public enum BoardYAML {
  /// The largest file, in bytes.
  public static let byteLimit = 256 * 1024
  /// The most mappings and lists inside one another.
  public static let depthLimit = 32

  /// Why a file of some size is not read at all, or nil where it can be.
  public static func refusal(of byteCount: Int) -> Diagnostic? {
    guard byteCount > byteLimit else { return nil }
    return Diagnostic(
      at: Position(line: 1, column: 1), "the file has \(byteCount) bytes, more than \(byteLimit)",
      remedy: "a board file is a few hundred lines; check that this is one")
  }

  /// Reads a file's bytes into a tree with places, and says all that is wrong with them.
  ///
  /// Where there is no diagnostic there is a node. Where there are some, the node is what could
  /// be understood in spite of them, so that its values can be checked in the same run; it must
  /// not be used for anything else.
  public static func node(
    parsing bytes: [UInt8]
  ) -> (node: ConfigurationNode?, diagnostics: [Diagnostic]) {
    let start = Position(line: 1, column: 1)
    if let diagnostic = refusal(of: bytes.count) { return (nil, [diagnostic]) }
    let text: BoardText
    do {
      text = try BoardText(bytes)
    } catch {
      return (nil, [error])
    }
    guard let parser = YAMLParser(text.bytes) else {
      let diagnostic = Diagnostic(
        at: start, "there is no memory to read the file", remedy: "free some and try again")
      return (nil, [diagnostic])
    }
    var reader = TreeReader(parser, text)
    let node = reader.document()
    return (node, reader.diagnostics.inFileOrder())
  }
}
