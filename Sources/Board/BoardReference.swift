import Configuration
public import JSONText

/// What a board file may hold, as a JSON Schema and as a page; both from the option lists.
public enum BoardReference {
  /// The JSON Schema of board files.
  public static var schema: JSON {
    OptionSchema.document(title: "Cairn board file", Board.options)
  }

  /// The reference page in Markdown.
  public static var page: String {
    OptionReference.markdown(
      title: "The board file", introduction: introduction, Board.options)
  }

  private static let introduction = """
    One YAML file says what a board is, what it measures, computes, signs and publishes. This page is \
    made from the program's own option lists by `cairn schema --markdown`; `cairn schema` prints the \
    same as a JSON Schema for editors.

    - `cairn check FILE` says everything that is wrong, as `file:line:column: error: what is wrong; \
    what to write instead`, and touches no hardware. A board never starts with a wrong file.
    - A number that measures something has its unit: `10 s`, `400 kHz`, `0.1 ohm`. A calibration, a \
    limit or a range of a channel is in the channel's own unit and stands without it.
    - An unknown key is an error; a key that is written wrongly is never replaced by a default.
    - Secrets are named by file and never stand in the board file.
    - YAML anchors, aliases and tags are refused, so that a file means what it shows.
    """
}
