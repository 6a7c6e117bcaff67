import BoardYAML
import Configuration
import Testing

private let alias =
  "YAML aliases are not allowed in a board file; "
  + "write the value out, or quotes around a text that begins with '*'"
private let anchor =
  "YAML anchors are not allowed in a board file; "
  + "remove it, or write quotes around a text that begins with '&'"
private let tag =
  "YAML tags are not allowed in a board file; "
  + "remove it, or write quotes around a text that begins with '!'"
private let directive = "directives are not allowed in a board file; remove the '%' line"
private let colon =
  "a ':' cannot stand here; "
  + "write quotes around a text that contains ': ', or check the indentation"
private let notKey =
  "this line is not a key of the mapping above; "
  + "write 'key: value', indented by as many spaces as the keys above"
private let notItem =
  "this line is not an item of the list above; "
  + "begin it with '-', indented by as many spaces as the items above"
private let behindValue =
  "this cannot stand behind a value; remove it, or write quotes around the whole text"
private let noValue = "a value is missing; write one, or quotes around the text"
private let openQuotes =
  "the quotes that open here are never closed; close them at the end of the text"
private let openBracket =
  "the bracket that opens here is never closed; close a list with ']' and a mapping with '}'"
private let escape =
  "this escape is not known; write '\\\\' for a backslash, or single quotes around the text"
private let indentation = "tab used for indentation; use spaces"
private let tab = "a tab stands where only spaces may; use spaces"
private let empty =
  "the file is empty; write at least the board's name: 'board: { name: ... }'"
private let second = "a second document begins here; write everything into one, without '---'"
private let listKey =
  "a key must be a single text, not a list or mapping; "
  + "write 'key: value', and quotes around text that begins with a bracket"
private let block =
  "nothing may stand behind the '|' or '>' that begins a block of text; "
  + "begin the text on the next line, or write quotes around it"
private let shift =
  "this stands outside of the mapping above; "
  + "write all of the file as 'key: value', with keys of one level below one another"

private struct Wrong: CustomStringConvertible, Sendable {
  let text: String
  let place: String
  let message: String

  init(_ text: String, _ place: String, _ message: String) {
    self.text = text
    self.place = place
    self.message = message
  }

  var description: String { text.debugDescription }

  static let all: [Wrong] = [
    Wrong("of: *", "1:5", alias), Wrong("of: *x", "1:5", alias),
    Wrong("of: *.temperature", "1:5", alias), Wrong("of: [a, *]", "1:9", alias),
    Wrong("*k : v", "1:1", alias),
    Wrong("a: &x 1", "1:4", anchor), Wrong("a: & b", "1:4", anchor),
    Wrong("&a k: v", "1:1", anchor), Wrong("a: &x [b]", "1:4", anchor),
    Wrong("a: &x\n  b: c", "1:4", anchor),
    Wrong("a: !!str x", "1:4", tag), Wrong("a: ! x", "1:4", tag), Wrong("a: !x y", "1:4", tag),
    Wrong("a: !e!x y", "1:4", tag), Wrong("a: !<tag:x> y", "1:4", tag),
    Wrong("!!str k: v", "1:1", tag), Wrong("a: b\r\nµ: ! x\r\n", "2:4", tag),
    Wrong("a: !!map\n  b: c", "1:4", tag), Wrong("a: !!seq [b]", "1:4", tag),
    Wrong("%YAML 1.1\n---\na: b\n", "1:1", directive), Wrong("%FOO b\n---\na: b", "1:5", directive),
    Wrong("%TAG ! tag:x,2000:\n---\na: b", "1:1", directive),
    Wrong("<<: x", "1:1", "merge keys are not allowed in a board file; write the keys out"),
    Wrong("--- a\n--- b", "2:1", second), Wrong("a: b\n---\nc: d\n", "2:1", second),
    Wrong("", "1:1", empty), Wrong("# c\n", "1:1", empty), Wrong("---\n", "1:1", empty),
    Wrong("~", "1:1", empty), Wrong("\n\nnull\n", "1:1", empty),
    Wrong("a:\n\tb: c", "2:1", indentation), Wrong("a:\n  b: c\n \td: e", "3:2", indentation),
    Wrong("a: {\n\tb: c}", "2:1", indentation), Wrong("a: |\n\tx", "2:1", indentation),
    Wrong("-\tb", "1:2", tab), Wrong("- \tb: c", "1:3", tab), Wrong("?\ta", "1:2", tab),
    Wrong("a: b: c", "1:5", colon), Wrong("a: b\n c: d", "2:3", colon),
    Wrong("é: ü: x", "1:5", colon), Wrong("a: b\r\nc: d: e\r\n", "2:5", colon),
    Wrong("a: @x", "1:4", "'@' cannot begin a value; write quotes around the text"),
    Wrong("a: `x", "1:4", "'`' cannot begin a value; write quotes around the text"),
    Wrong("a: %x", "1:4", "'%' cannot begin a value; write quotes around the text"),
    Wrong(
      "a: b\nc\nd: e", "2:1",
      "a ':' is missing after this text; write 'key: value' with a space after the ':'"),
    Wrong(
      "- a\n-b", "2:1",
      "a space is missing after '-', or a ':' after this text; write '- item' or 'key: value'"),
    Wrong(
      "{ name:river }", "1:3",
      "a space is missing after 'name:'; write 'name: ...', or quotes around the text"),
    Wrong(
      "a: - b", "1:4",
      "a list's '-' cannot stand here; "
        + "begin the list on a line of its own, or write it in brackets"),
    Wrong("a: ? b", "1:4", "a '?' cannot stand here; write quotes around the text"),
    Wrong("a: \"x", "1:4", openQuotes), Wrong("a: 'x", "1:4", openQuotes),
    Wrong("a: 'x\n--- y", "1:4", openQuotes), Wrong("a: ['x", "1:5", openQuotes),
    Wrong("a: \"\\q\"", "1:5", escape), Wrong("a: \"\\xg\"", "1:7", escape),
    Wrong("a: \"\\ud800\"", "1:7", escape),
    Wrong(
      "a: \"\\0\"", "1:4", "an escape in this text makes a NUL byte; write text that can be shown"),
    Wrong(
      "\"\\e\": a", "1:1",
      "an escape in this text makes the control character U+001B; write text that can be shown"),
    Wrong("a:\n  b: c\n d: e", "3:2", notKey), Wrong("a: b #c\n  d", "2:3", notKey),
    Wrong("- a\nb: c", "2:1", notItem), Wrong("a:\n  - b\n  c: d", "3:3", notItem),
    Wrong("a: [b]]", "1:7", behindValue), Wrong("a: 'b' c", "1:8", behindValue),
    Wrong("a: b\n...\nc: d\n", "3:1", shift),
    Wrong("a: [b, c", "1:4", openBracket), Wrong("a: [b, {c: d\n# end\n", "1:8", openBracket),
    Wrong("a: [\n", "1:4", openBracket), Wrong("a: {", "1:4", openBracket),
    Wrong(
      "a: [b\nc: d", "2:2",
      "a ',' or ']' is missing in the list that opens in line 1; "
        + "separate the items with ',' and close the list with ']'"),
    Wrong(
      "a: {b: c\nd: e}", "2:2",
      "a ',' or '}' is missing in the mapping that opens in line 1; "
        + "separate the keys with ',' and close the mapping with '}'"),
    Wrong("a: ]", "1:4", noValue), Wrong("a: [,]", "1:5", noValue), Wrong("a: {,}", "1:5", noValue),
    Wrong("[a]: b", "1:1", listKey), Wrong("{a: b}: c", "1:1", listKey),
    Wrong("? [a]\n: b", "1:3", listKey),
    Wrong("a: |0\n x", "1:5", block), Wrong("a: |x\n b", "1:5", block),
  ]
}

@Test(arguments: Wrong.all)
private func `what is wrong is said in a board file's words at its place`(_ wrong: Wrong) {
  #expect(errors(wrong.text) == ["b.yaml:\(wrong.place): error: \(wrong.message)"])
}

@Test func `a key that stands twice names the line of the first`() {
  #expect(
    errors("sensors:\n  air: a\n  sea: b\n  air: c\n") == [
      "b.yaml:4:3: error: the key 'air' stands twice, first in line 2; "
        + "keep one of the two, or give one another name"
    ])
  #expect(errors("{ a: 1, 'a': 2 }").count == 1)
  #expect(errors("a: { b: 1 }\nb: { a: 1 }").isEmpty)
}

@Test func `errors that do not hide the rest are reported together, with a tree`() {
  let (node, diagnostics) = read("a: &x 1\nb: !t 2\na: 3\n<<: c\n")
  #expect(diagnostics.map(\.position.line) == [1, 2, 3, 4])
  #expect(node != nil)
}

@Test func `an expansion bomb is refused at its first alias`() {
  let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
  let (node, diagnostics) = read(bomb)
  #expect(node == nil)
  #expect(diagnostics.last?.position == Position(line: 2, column: 8))
}

@Test(arguments: [
  ([0xFF, 0xFE, 0x61, 0x00], "1:1", "the file is UTF-16 or UTF-32, not UTF-8; save it as UTF-8"),
  ([0xFE, 0xFF, 0x00, 0x61], "1:1", "the file is UTF-16 or UTF-32, not UTF-8; save it as UTF-8"),
  ([0x61, 0x3A, 0x20, 0x62, 0xE9, 0x0A], "1:5", "this is not UTF-8; save the file as UTF-8"),
  // An overlong form and a surrogate.
  ([0x61, 0x0A, 0xC0, 0x80], "2:1", "this is not UTF-8; save the file as UTF-8"),
  ([0xED, 0xA0, 0x80], "1:1", "this is not UTF-8; save the file as UTF-8"),
  ([0x61, 0xC3], "1:2", "this is not UTF-8; save the file as UTF-8"),
  ([0x61, 0x3A, 0x00], "1:3", "the file contains a NUL byte; delete it"),
  (
    [0xC3, 0xA9, 0x0A, 0x61, 0x1B], "2:2",
    "the file contains the control character U+001B; delete it"
  ),
  ([0x7F], "1:1", "the file contains the control character U+007F; delete it"),
  // Line ends to YAML 1.1 but not to editors.
  ([0x61, 0xC2, 0x85], "1:2", "the file contains the control character U+0085; delete it"),
  ([0xE2, 0x80, 0xA8], "1:1", "the file contains the line separator U+2028; delete it"),
  (
    [0x61, 0xEF, 0xBB, 0xBF], "1:2",
    "the file contains a byte order mark inside the text; delete it"
  ),
  ([0xE2, 0x80, 0xAE], "1:1", "the file contains the invisible direction mark U+202E; delete it"),
  ([0xEF, 0xBF, 0xBF], "1:1", "the file contains the noncharacter U+FFFF; delete it"),
  ([0x61, 0x0D, 0x62], "1:2", "a carriage return stands alone; end lines with a line feed"),
  ([0x61, 0x0D], "1:2", "a carriage return stands alone; end lines with a line feed"),
])
func `bytes that editors do not show are refused where they are`(
  _ bytes: [UInt8], _ place: String, _ message: String
) {
  #expect(errors(bytes) == ["b.yaml:\(place): error: \(message)"])
}
