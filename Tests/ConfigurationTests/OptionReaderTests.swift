import Configuration
import Quantities
import Testing

private let options = [
  OptionSpecification("name", .name(example: "air"), .required, help: "a name"),
  OptionSpecification(
    "every", .quantity(.duration, 0...1_000_000_000_000), .standard("10 s"), help: "a time"),
  OptionSpecification("raw", .flag, .optional, help: "a flag"),
  OptionSpecification(
    "password", .text(example: "x"), .refused("write it into a file"), help: "never"),
  OptionSpecification(
    "inner",
    .section([OptionSpecification("scale", .integer(0...9), .required, help: "a number")]),
    .optional, help: "a mapping"),
  OptionSpecification("rows", .table(of: .flag), .optional, help: "flags by name"),
  OptionSpecification("parts", .table(of: .variants(variants)), .optional, help: "parts"),
]

private let variants = OptionVariants(
  key: "kind", help: "the kind",
  common: [OptionSpecification("on", .text(example: "i2c-1"), .required, help: "the bus")],
  variants: [
    .init(
      "chip", help: "a chip",
      options: [OptionSpecification("address", .address([1]), .standard("0x01"), help: "where")]),
    .init(
      "line", help: "a line",
      options: [OptionSpecification("line", .integer(0...9), .required, help: "which")]),
  ])

private func read(_ tree: Tree) -> (values: OptionValues?, lines: [String]) {
  var reader = OptionReader()
  let values = reader.section(tree.node, options, called: "the file")
  return (values, reader.diagnostics.inFileOrder().map { $0.line(in: "f") })
}

@Suite struct OptionReaderTests {
  @Test func `gives what was written and defaults for the rest`() throws {
    let (values, lines) = read(["name": "roof"])
    #expect(lines == [])
    let read = try #require(values)
    #expect(read.text("name") == "roof")
    #expect(read["name"]?.isWritten == true)
    #expect(read.duration("every") == .seconds(10))
    #expect(read["every"]?.isWritten == false)
    #expect(read.isWritten("name") && !read.isWritten("every"))
    #expect(read["raw"] == nil && read.flag("raw") == nil)
    #expect(read.isComplete)
    #expect(read.position(of: "name") == Position(line: 1, column: 11))
    #expect(read.keyPosition(of: "name") == Position(line: 1, column: 1))
    #expect(read.texts.map { "\($0.name)=\($0.text)" } == ["every=10 s", "name=roof"])
  }

  @Test func `asks for a required key where the mapping's own key stands`() {
    let (values, lines) = read(["name": "a", "inner": [:]])
    #expect(lines == ["f:2:1: error: 'inner' lacks 'scale'; write 'scale: 1'"])
    #expect(values?.isComplete == false)
  }

  @Test func `an empty mapping may be written as nothing`() {
    #expect(
      read(["name": "a", "inner": .none]).lines
        == ["f:2:1: error: 'inner' lacks 'scale'; write 'scale: 1'"])
    #expect(read(["name": "a", "rows": .none]).lines == [])
  }

  @Test func `suggests the key that was meant, and does not miss it again`() {
    #expect(
      read(["nmae": "a"]).lines
        == ["f:1:1: error: unknown key 'nmae' in the file; did you mean 'name'?"])
  }

  @Test func `lists the keys where none is near, without those that are refused`() {
    #expect(
      read(["name": "a", "colour": "blue"]).lines
        == [
          "f:2:1: error: unknown key 'colour' in the file;"
            + " write one of name, every, raw, inner, rows, parts"
        ])
  }

  @Test func `a refused key says what to write instead, and never what was written`() {
    let lines = read(["name": "a", "password": "hunter2"]).lines
    #expect(
      lines == ["f:2:1: error: 'password' must not stand in the file; write it into a file"])
  }

  @Test func `a wrong value is left out and not replaced by the default`() {
    let (values, lines) = read(["name": "a", "every": "10"])
    #expect(lines.count == 1)
    #expect(values?["every"] == nil)
    #expect(values?.isWritten("every") == true)
    #expect(values?.isComplete == false)
  }

  @Test func `collects all errors in the order of the file`() {
    let lines = read([
      "every": "soon", "name": "B", "rows": ["x": "maybe", "Y": "yes"], "colour": "blue",
      "inner": ["scale": "10"],
    ]).lines
    #expect(
      lines.map { $0.split(separator: " ").first } == [
        "f:1:11:", "f:2:11:", "f:4:13:", "f:5:3:", "f:6:1:", "f:8:13:",
      ])
  }

  @Test func `rows of a table stay, also wrong ones, so that others can refer to them`() throws {
    let (values, lines) = read(["name": "a", "rows": ["x": "maybe", "y": "yes"]])
    #expect(lines.count == 1)
    let rows = try #require(values).rows("rows")
    #expect(rows.map(\.name) == ["x", "y"])
    #expect(rows[0].value == nil)
    #expect(rows[1].value?.value == .flag(true))
  }

  @Test func `the deciding key says which other keys there are`() throws {
    let (values, lines) = read([
      "name": "a",
      "parts": ["a": ["kind": "chip", "on": "b"], "b": ["kind": "line", "on": "b", "line": "3"]],
    ])
    #expect(lines == [])
    let parts = try #require(values).sections("parts")
    #expect(parts.map(\.values.variant) == ["chip", "line"])
    #expect(parts[0].values.integer("address") == 1)
    #expect(parts[1].values.integer("line") == 3)
  }

  @Test(
    arguments: [
      (["on": "b"], "3:3: error: 'p' lacks 'kind'; write 'kind: ' and one of chip, line"),
      (["kind": "chop", "on": "b"], "4:15: error: unknown kind 'chop'; did you mean 'chip'?"),
      (["kind": "disk", "on": "b"], "4:15: error: unknown kind 'disk'; write one of chip, line"),
      (["knd": "chip", "on": "b"], "4:5: error: unknown key 'knd' in 'p'; did you mean 'kind'?"),
      (["kind": .none, "on": "b"], "4:5: error: 'kind' has no value; write for example 'chip'"),
      (
        ["kind": "chip", "on": "b", "line": "1"],
        "6:5: error: 'line' is a key of kind line, not of 'p' (kind chip); remove it"
      ),
      (["kind": "line", "on": "b"], "3:3: error: 'p' (kind line) lacks 'line'; write 'line: 1'"),
      (
        "chip",
        "3:13: error: 'p' must be a mapping of keys, not 'chip'; write keys with values, for example 'kind: chip'"
      ),
    ] as [(Tree, String)])
  func `one mistake with variants makes one error`(_ part: Tree, _ line: String) {
    #expect(read(["name": "a", "parts": ["p": part]]).lines == ["f:\(line)"])
  }

  @Test func `the whole file must be a mapping`() {
    #expect(
      read(["a"]).lines
        == [
          "f:1:1: error: the file must be a mapping of keys, not a list;"
            + " write keys with values, for example 'name: air'"
        ])
    #expect(read(.none).lines == ["f:1:1: error: the file lacks 'name'; write 'name: air'"])
  }

  @Test func `a diagnostic is one line, whatever the file holds`() {
    let diagnostic = Diagnostic(
      at: Position(line: 3, column: 7), "'a\nb\u{1B}[0m' is wrong", remedy: "write 'c'")
    #expect(
      diagnostic.line(in: "x.yaml")
        == "x.yaml:3:7: error: 'a\\nb\\u{1b}[0m' is wrong; write 'c'")
  }

  @Test func `equal errors are shown once, others by place and text`() {
    let first = Diagnostic(at: Position(line: 1, column: 2), "b", remedy: "")
    let second = Diagnostic(at: Position(line: 1, column: 10), "a", remedy: "")
    let third = Diagnostic(at: Position(line: 1, column: 10), "b", remedy: "")
    #expect([third, second, first, third].inFileOrder() == [first, second, third])
  }

  @Test func `values have one text`() throws {
    let (values, _) = read([
      "name": "a", "raw": "true", "every": "1500 ms", "rows": ["x": "no"],
      "inner": ["scale": "0x5"],
    ])
    let texts = try #require(values).texts.map { "\($0.name)=\($0.text)" }
    #expect(texts == ["every=1.5 s", "inner={scale: 5}", "name=a", "raw=yes", "rows={x: no}"])
    #expect(OptionValue.number(-500_000_000).text == "-0.5")
    #expect(OptionValue.interval(-1...2_000_000_000).text == "-0.000000001..2")
    #expect(OptionValue.quantity(Quantity(nano: 1, unit: .volt)).text == "0.000000001 V")
  }

  @Test func `the nearest word is near enough`() {
    let known = ["temperature", "humidity", "pressure", "on"]
    #expect(nearestWord(to: "temprature", among: known) == "temperature")
    #expect(nearestWord(to: "temp", among: known) == "temperature")
    #expect(nearestWord(to: "HUMIDITY", among: known) == "humidity")
    #expect(nearestWord(to: "in", among: known) == nil)
    #expect(nearestWord(to: "ON", among: known) == "on")
    #expect(nearestWord(to: "pre", among: ["press", "pressure"]) == nil)
    #expect(nearestWord(to: "", among: known) == nil)
    #expect(nearestWord(to: String(repeating: "x", count: 100_000), among: known) == nil)
    #expect(nearestWord(to: "x", among: []) == nil)
    #expect(suggestion(for: "x", among: []) == "remove it")
    #expect(suggestion(for: "x", among: ["only"]) == "write 'only'")
  }
}
