import JSONText
import Testing

@Suite struct JSONTests {
  // RFC 8259 section 7: quotation mark, backslash and U+0000 to U+001F must be escaped.
  @Test(arguments: [
    ("", #""""#), ("abc", #""abc""#), ("\"\\/", #""\"\\/""#),
    ("\n\r\t", #""\n\r\t""#), ("\u{8}\u{C}\u{0}\u{1F}", #""\u0008\u000c\u0000\u001f""#),
    ("\u{7F}\u{2028}", "\"\u{7F}\u{2028}\""), ("é€😀", "\"é€😀\""), ("e\u{301}", "\"e\u{301}\""),
    ("\r\n", #""\r\n""#),
  ])
  func `texts are escaped where they must be, and nowhere else`(_ text: String, _ json: String) {
    // Compared by scalars: Swift takes composed and decomposed characters for equal.
    #expect(Array(JSON.text(text).text.unicodeScalars) == Array(json.unicodeScalars))
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (-273.15, "-273.15"),
      (1e-7, "1e-07"), (.leastNonzeroMagnitude, "5e-324"), (999_999_999_999_999, "999999999999999"),
      (1e15, "1000000000000000"), (1e16, "1e+16"),
      (1.7976931348623157e308, "1.7976931348623157e+308"),
      (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ] as [(Double, String)])
  func `numbers have the shortest text`(_ number: Double, _ text: String) {
    #expect(JSON.numberText(number) == text)
    #expect(JSON.number(number).text == text)
  }

  @Test(
    arguments: [
      (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-273.15, "-273.15"), (1e16, "1e+16"),
      (.nan, "null"), (.infinity, "null"),
    ] as [(Double, String)])
  func `floats always look like floats`(_ number: Double, _ text: String) {
    #expect(JSON.float(number).text == text)
  }

  @Test func `every number reads back to itself`() {
    var generator = SplitMix(state: 1)
    for _ in 0..<50_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(Double(JSON.numberText(number)) == number)
      let short = (number.exponent < 50 ? number : 1).rounded() / 8
      #expect(Double(JSON.numberText(short)) == short)
    }
  }

  @Test func `whole numbers of 128 bits are written out`() {
    #expect(JSON.integer(Int128.max).text == "170141183460469231731687303715884105727")
    #expect(JSON.integer(Int128.min).text == "-170141183460469231731687303715884105728")
  }

  @Test func `members keep their order and stand on one line`() {
    let value = JSON.object([
      ("z", .null), ("a", .array([.flag(true), .flag(false), .integer(1)])), ("", .object([])),
      ("n", .array([])),
    ])
    #expect(value.text == #"{"z":null,"a":[true,false,1],"":{},"n":[]}"#)
    #expect(value.text.utf8.contains(UInt8(ascii: "\n")) == false)
  }

  @Test func `indented text has two blanks a level and no trailing ones`() {
    let value = JSON.object([("a", .array([.integer(1), .object([])])), ("b", .text("x"))])
    #expect(
      value.indentedText == """
        {
          "a": [
            1,
            {}
          ],
          "b": "x"
        }
        """)
  }

  @Test func `values are equal when their texts are`() {
    #expect(JSON.integer(1) == JSON.number(1))
    #expect(JSON.text("1") != JSON.integer(1))
    #expect(
      JSON.object([("a", .null), ("b", .null)]) != JSON.object([("b", .null), ("a", .null)]))
  }
}

/// A small generator with a seed, so that a failure comes again.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
