import CYAML
import Configuration

/// libyaml's parser over a text in memory; it frees what it holds with the value.
struct YAMLParser: ~Copyable {
  /// Why the parser stopped, in libyaml's words.
  struct Failure: Error {
    let problem: String
    let position: Position
    let context: String
    let contextPosition: Position
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  /// A parser of a text in UTF-8, or nil where there is no memory for it.
  init?(_ bytes: ArraySlice<UInt8>) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    // libyaml keeps a pointer to the text, so the text lives as long as the parser does.
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    self.parser = parser
    self.text = text
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  /// The next event; after the end of the stream there must be no further call.
  mutating func next() throws(Failure) -> YAMLEvent {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
    defer { yaml_event_delete(&raw) }
    guard let event = YAMLEvent(raw) else { throw failure() }
    return event
  }

  private func failure() -> Failure {
    let state = parser.pointee
    return Failure(
      problem: state.problem.map { String(cString: $0) } ?? "",
      position: Position(state.problem_mark),
      context: state.context.map { String(cString: $0) } ?? "",
      contextPosition: Position(state.context_mark))
  }
}
