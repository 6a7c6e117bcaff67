import BoardYAML
import Configuration
import Testing

@Test func `keys and values of block style have their places`() {
  let text = """
    # a comment
    board:
      name: river-07
      location:
        latitude: 46.0511
    operators:
      - did:key:z6Mk
      - b
    empty:
    """
  #expect(
    outline(text) == [
      "2:1 {",
      "  2:1 board",
      "  3:3 {",
      "    3:3 name",
      "    3:9 'river-07'",
      "    4:3 location",
      "    5:5 {",
      "      5:5 latitude",
      "      5:15 '46.0511'",
      "  6:1 operators",
      "  7:3 [",
      "    7:5 'did:key:z6Mk'",
      "    8:5 'b'",
      "  9:1 empty",
      "  9:7 nothing",
    ])
}

@Test func `keys and values of flow style have their places`() {
  let text = """
    supply: { shunt: 0.1 ohm, valid: -40..85 }
    air-1m: { of: air.*, compute: [mean, min,
              p95], note: }
    """
  #expect(
    outline(text) == [
      "1:1 {",
      "  1:1 supply",
      "  1:9 {",
      "    1:11 shunt",
      "    1:18 '0.1 ohm'",
      "    1:27 valid",
      "    1:34 '-40..85'",
      "  2:1 air-1m",
      "  2:9 {",
      "    2:11 of",
      "    2:15 'air.*'",
      "    2:22 compute",
      "    2:31 [",
      "      2:32 'mean'",
      "      2:38 'min'",
      "      3:11 'p95'",
      "    3:17 note",
      "    3:23 nothing",
    ])
}

@Test func `conditions and patterns of a board file need no quotes`() {
  let text = """
    relay: { when: mains.frequency < 49.5 Hz for 500 ms, safe: off, max-on: 30 min }
    hide: [supply.*]
    broker: mqtts://broker.example:8883
    """
  #expect(
    outline(text) == [
      "1:1 {",
      "  1:1 relay",
      "  1:8 {",
      "    1:10 when",
      "    1:16 'mains.frequency < 49.5 Hz for 500 ms'",
      "    1:54 safe",
      "    1:60 'off'",
      "    1:65 max-on",
      "    1:73 '30 min'",
      "  2:1 hide",
      "  2:7 [",
      "    2:8 'supply.*'",
      "  3:1 broker",
      "  3:9 'mqtts://broker.example:8883'",
    ])
}

@Test func `columns count characters, and lines end with or without a carriage return`() {
  #expect(
    outline("größe: µ\r\nb: ±1\r\n") == [
      "1:1 {", "  1:1 größe", "  1:8 'µ'", "  2:1 b", "  2:4 '±1'",
    ])
}

@Test func `quotes end a text and are no part of it`() {
  #expect(outline("'a b': \"0x76\"") == ["1:1 {", "  1:1 a b", "  1:8 '0x76'"])
  #expect(outline("of: '*'") == ["1:1 {", "  1:1 of", "  1:5 '*'"])
  #expect(outline("a: \"x\\ty\\u00b5\"") == ["1:1 {", "  1:1 a", "  1:4 'x\tyµ'"])
  #expect(outline("a: |\n  x\n  y\n") == ["1:1 {", "  1:1 a", "  1:4 'x\ny\n'"])
}

@Test func `only plain null, tilde and nothing are nothing`() {
  for text in ["~", "null", ""] {
    #expect(outline("a: \(text)\nb: c").contains { $0.hasSuffix(" nothing") })
  }
  for text in ["'~'", "\"null\"", "''", "Null", "NULL", "no", "false", "0", "nil"] {
    #expect(!outline("a: \(text)").contains { $0.hasSuffix(" nothing") })
  }
}

@Test func `a byte order mark in front and marks of the document's ends are allowed`() {
  let expected = ["2:1 {", "  2:1 a", "  2:4 'b'"]
  #expect(outline("---\na: b\n...\n") == expected)
  #expect(outline("\u{FEFF}---\na: b\n") == expected)
}

@Test func `depth is allowed up to the limit`() {
  #expect(BoardYAML.depthLimit == 32)
  let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
  #expect(errors(deepest).isEmpty)
  let tooDeep = "a: " + String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
  #expect(
    errors(tooDeep) == [
      "b.yaml:1:35: error: more than 32 mappings and lists inside one another; "
        + "remove brackets or levels of indentation"
    ])
  let blocks = (0..<40).map { String(repeating: " ", count: $0) + "k:\n" }.joined()
  #expect(errors(blocks).first?.hasPrefix("b.yaml:33:33: error: more than 32 ") == true)
}

@Test func `size is allowed up to the limit`() {
  #expect(BoardYAML.byteLimit == 262_144)
  let start = "a: b\n#"
  let fits = start + String(repeating: "x", count: 262_144 - start.utf8.count)
  #expect(errors(fits).isEmpty)
  #expect(
    errors(fits + "x") == [
      "b.yaml:1:1: error: the file has 262145 bytes, more than 262144; "
        + "a board file is a few hundred lines; check that this is one"
    ])
}
