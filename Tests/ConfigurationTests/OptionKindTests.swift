import Configuration
import Quantities
import Testing

/// The value that a text has as a kind, or the one error that it makes.
func read(_ text: Tree, as kind: OptionKind) -> Result<OptionValue, Diagnostic> {
  var reader = OptionReader()
  let values = reader.section(
    Tree.map([("key", text)]).node, [OptionSpecification("key", kind, .required, help: "a key")],
    called: "the file")
  if let value = values?["key"]?.value, reader.diagnostics.isEmpty { return .success(value) }
  return .failure(
    reader.diagnostics.count == 1
      ? reader.diagnostics[0]
      : Diagnostic(
        at: Position(line: 0, column: 0), "\(reader.diagnostics.count) errors", remedy: ""))
}

private func error(_ text: Tree, as kind: OptionKind) -> String {
  switch read(text, as: kind) {
  case .success(let value): "read as \(value.text)"
  case .failure(let diagnostic): "\(diagnostic.message); \(diagnostic.remedy)"
  }
}

private let one: Int128 = 1_000_000_000

@Suite struct OptionKindTests {
  @Test func `texts and paths are what was written`() throws {
    for kind in [OptionKind.text(example: "x"), .path(example: "/x")] {
      for text in ["a", " a b ", "123", "yes", "#", "é"] {
        #expect(try read(.text(text), as: kind).get() == .text(text))
      }
      #expect(throws: Diagnostic.self) { try read("", as: kind).get() }
      #expect(throws: Diagnostic.self) { try read("a\nb", as: kind).get() }
      #expect(throws: Diagnostic.self) { try read("a\tb", as: kind).get() }
    }
  }

  @Test(arguments: ["a", "river-07", "i2c-1", "x9", "a-b-c", "abcdefghijklmnopqrstuvwxyz-01234"])
  func `names are taken`(_ name: String) throws {
    #expect(try read(.text(name), as: .name(example: "air")).get() == .text(name))
  }

  @Test(arguments: [
    "", "A", "aB", "9", "9a", "-a", "a-", "a--b", "a_b", "a.b", "a b", "é", "a/b", "a+b", "a#b",
    "abcdefghijklmnopqrstuvwxyz-012345",
  ])
  func `names are refused`(_ name: String) {
    #expect(error(.text(name), as: .name(example: "air")).hasPrefix("'key' cannot be '\(name)'; "))
  }

  @Test func `a name that was nearly one is answered with the nearest`() {
    let rule = "a lower-case letter, then letters, digits and single hyphens, 32 at most"
    #expect(
      error("River 7", as: .name(example: "air"))
        == "'key' cannot be 'River 7'; write for example 'river-7': \(rule)")
    #expect(
      error("7", as: .name(example: "air")) == "'key' cannot be '7'; write \(rule)")
  }

  @Test func `flags are yes and no, or true and false`() throws {
    for (text, flag) in [("yes", true), ("true", true), ("no", false), ("false", false)] {
      #expect(try read(.text(text), as: .flag).get() == .flag(flag))
    }
    for text in ["Yes", "TRUE", "on", "off", "1", "0", "y", ""] {
      #expect(throws: Diagnostic.self) { try read(.text(text), as: .flag).get() }
    }
    #expect(
      error("maybe", as: .flag) == "'key' must be yes or no, not 'maybe'; write one of the two")
  }

  @Test func `whole numbers are decimal or hexadecimal, and in their range`() throws {
    for (text, integer) in [
      ("0", 0), ("-5", -5), ("99", 99), ("0x10", 16), ("0xFf", 255), ("0x00ff", 255),
    ] {
      #expect(try read(.text(text), as: .integer(-5...255)).get() == .integer(integer))
    }
    for text in [
      "", "+5", "-", "--5", "0x", "0x-5", "0x+5", "-0x5", "0b1", "0o7", "5.0", "1e2", "1_0", " 5",
      "99999999999999999999", "٥",
    ] {
      #expect(
        error(.text(text), as: .integer(-5...255))
          == "'key' must be a whole number, not '\(text)'; write for example '1'")
    }
    for text in ["-6", "256", "0x100", "9223372036854775807"] {
      #expect(
        error(.text(text), as: .integer(-5...255))
          == "'key' is out of range: '\(text)'; write -5 to 255")
    }
  }

  @Test func `a whole number with a zero before it is refused, since some read it as octal`() {
    #expect(
      error("017", as: .integer(0...99))
        == "'key' must be a whole number, not '017'; write 17, without the zero before it")
    #expect(
      error("00", as: .integer(0...99))
        == "'key' must be a whole number, not '00'; write for example '1'")
  }

  @Test func `addresses are among those that the chip has`() throws {
    let two = OptionKind.address([0x76, 0x77])
    #expect(try read("0x76", as: two).get() == .integer(0x76))
    #expect(try read("119", as: two).get() == .integer(0x77))
    #expect(error("0x48", as: two) == "'key' cannot be '0x48'; write 0x76 or 0x77")
    #expect(
      error("0xEC", as: two)
        == "'key' cannot be '0xEC'; write 0x76, the address without the bit for reading")
    #expect(
      error("0xEF", as: two)
        == "'key' cannot be '0xEF'; write 0x77, the address without the bit for reading")
    #expect(
      error("76", as: two) == "'key' cannot be '76'; did you mean 0x76, with 0x before it?")
    #expect(error("low", as: two) == "'key' must be an address, not 'low'; write 0x76 or 0x77")
    let many = OptionKind.address(Array(0x40...0x4F))
    #expect(error("0x3f", as: many) == "'key' cannot be '0x3f'; write 0x40 to 0x4f")
    let single = OptionKind.address([0x08])
    #expect(error("9", as: single) == "'key' cannot be '9'; write 0x08")
    #expect(OptionKind.address([1, 3, 5, 8]).rangeText == "0x01, 0x03, 0x05 or 0x08")
  }

  @Test func `numbers are decimal, exact and in their range`() throws {
    let kind = OptionKind.number(-90 * one...90 * one)
    #expect(try read("46.0511", as: kind).get() == .number(46_051_100_000))
    #expect(try read("-90", as: kind).get() == .number(-90 * one))
    #expect(try read("1e-9", as: kind).get() == .number(1))
    #expect(error("90.000000001", as: kind).hasPrefix("'key' is out of range"))
    #expect(error("-91", as: kind) == "'key' is out of range: '-91'; write -90 to 90")
    #expect(error("46,05", as: kind) == "'key' has a comma: '46,05'; write '46.05', with a point")
    #expect(error("30 C", as: kind) == "'key' is a number without a unit, not '30 C'; write '30'")
    #expect(error("46.05N", as: kind).hasSuffix("; write '46.05'"))
    for text in ["", "nan", "inf", "ten", "0x10", "1.0000000001"] {
      #expect(error(.text(text), as: kind).hasPrefix("'key' "), "\(text)")
      #expect(throws: Diagnostic.self) { try read(.text(text), as: kind).get() }
    }
  }

  @Test func `quantities have a unit and a range`() throws {
    let kind = OptionKind.quantity(.duration, 10_000_000...86_400 * one)
    #expect(
      try read("10 s", as: kind).get() == .quantity(Quantity(nano: 10 * one, unit: .second)))
    #expect(try read("1 d", as: kind).get().text == "86400 s")
    #expect(error("10", as: kind) == "'key' needs a unit: '10'; write for example '10 s'")
    #expect(error("9 ms", as: kind) == "'key' is out of range: '9 ms'; write 10 ms to 1 d")
    #expect(error("-10 s", as: kind) == "'key' is out of range: '-10 s'; write 10 ms to 1 d")
    #expect(
      error("10 m", as: kind)
        == "'key' cannot be '10 m': 'm' is no unit of duration; use one of s, ms, us, ns, min, h, d"
    )
  }

  @Test func `choices are exact, with a suggestion for what is near`() throws {
    let kind = OptionKind.choice(["rising", "falling", "both"])
    #expect(try read("both", as: kind).get() == .text("both"))
    #expect(error("raising", as: kind) == "'key' cannot be 'raising'; did you mean 'rising'?")
    #expect(error("Both", as: kind) == "'key' cannot be 'Both'; did you mean 'both'?")
    #expect(error("up", as: kind) == "'key' cannot be 'up'; write one of rising, falling, both")
    let numbers = OptionKind.choice(["1", "2", "4"])
    #expect(error("3", as: numbers) == "'key' cannot be '3'; write one of 1, 2, 4")
  }

  @Test func `intervals are two numbers, the lower first`() throws {
    for (text, lower, upper) in [
      ("-40..85", -40 * one, 85 * one), ("0 .. 0.5", 0, one / 2), ("-1e3..-1", -1000 * one, -one),
      ("-.5..0.5", -one / 2, one / 2),
    ] {
      #expect(try read(.text(text), as: .interval).get() == .interval(lower...upper))
    }
    #expect(
      error("85..-40", as: .interval)
        == "'key' is reversed: '85..-40'; write '-40..85', the lower number first")
    #expect(
      error("1..1.0", as: .interval)
        == "'key' is empty: '1..1.0'; write two different numbers, the lower first")
    for text in ["", "..", "1", "1..", "..1", "1.2", "1...2", "0...5", "1..2..3", "a..b", "1-2"] {
      #expect(
        error(.text(text), as: .interval)
          == "'key' must be two numbers with .. between, not '\(text)'; write for example '-40..85'"
      )
    }
  }

  @Test func `a list may be a single item, and is never empty`() throws {
    let kind = OptionKind.list(.choice(["mean", "min"]))
    #expect(try read(["mean", "min"], as: kind).get().text == "[mean, min]")
    #expect(try read("mean", as: kind).get().text == "[mean]")
    #expect(error([], as: kind) == "'key' is empty; write for example '[mean]'")
    #expect(error(.none, as: kind) == "'key' is empty; write for example '[mean]'")
    #expect(
      error("mean, min", as: kind)
        == "'key' is a text with commas, not a list: 'mean, min';"
        + " write brackets around it: [mean, min]")
    #expect(
      error(["mean", "mex"], as: kind)
        == "an item of 'key' cannot be 'mex'; write one of mean, min")
    #expect(error("mex", as: kind) == "'key' cannot be 'mex'; write one of mean, min")
    #expect(
      error([["mean"], "min"], as: kind)
        == "an item of 'key' must be one of mean, min, not a list; write for example 'mean'")
  }

  @Test func `what has the wrong shape is told so`() {
    #expect(
      error(["1"], as: .integer(0...9))
        == "'key' must be a whole number, not a list; write for example '1'")
    #expect(
      error(["a": "1"], as: .flag)
        == "'key' must be yes or no, not a mapping of keys; write for example 'yes'")
    #expect(error(.none, as: .flag) == "'key' has no value; write for example 'yes'")
    let section = OptionKind.section([
      OptionSpecification("scale", .flag, .optional, help: "a key")
    ])
    #expect(
      error("5", as: section)
        == "'key' must be a mapping of keys, not '5'; write keys with values, for example 'scale: yes'"
    )
    #expect(
      error(["5"], as: .table(of: .flag))
        == "'key' must be a mapping from names, not a list;"
        + " write keys with values, for example 'NAME: yes'")
  }

  @Test(arguments: [
    OptionKind.text(example: "a b"), .name(example: "air"), .path(example: "/dev/i2c-1"), .flag,
    .integer(0...5), .integer(7...9), .address([0x44]), .number(5 * one...6 * one),
    .number(OptionKind.anyNumber), .quantity(.duration, 0...one / 1000),
    .quantity(.duration, 0...100 * one), .quantity(.energy, 1...10), .choice(["a", "b"]), .interval,
  ])
  func `the example of a kind can be read`(_ kind: OptionKind) throws {
    _ = try read(.text(kind.example), as: kind).get()
  }
}
