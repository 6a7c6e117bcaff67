import Quantities
import Testing

@Suite struct DecimalNumberTests {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("0.000", 0), ("1", 1_000_000_000), ("+1", 1_000_000_000),
      ("-0.4", -400_000_000), (".5", 500_000_000), ("5.", 5_000_000_000),
      ("0.000000001", 1), ("-0.000000001", -1), ("0.0000000010", 1), ("1e-9", 1), ("1E-9", 1),
      ("10e-10", 1), ("1e3", 1_000_000_000_000), ("1.5e+2", 150_000_000_000), ("0e30", 0),
      ("0e-30", 0), ("00012", 12_000_000_000), ("2317", 2_317_000_000_000),
      ("999999999999999999.999999999", 999_999_999_999_999_999_999_999_999),
      ("1e17", 100_000_000_000_000_000_000_000_000),
    ] as [(String, Int128)])
  func `reads billionths exactly`(_ text: String, _ nano: Int128) {
    #expect(DecimalNumber.nano(of: text) == nano)
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "e", "e3", "1e", "1e+", "1e--3", "1e1.5", "1e999", "1e-31", "1e31",
    "--1", "+-1", "1-", "1.2.3", "1,5", "1_000", " 1", "1 ", "0x10", "nan", "inf", "-Infinity",
    "\u{0661}", "１", "1\u{0301}", "0.0000000001", "1.0000000001", "1e-10", "1e18",
    "1000000000000000000", "12345678901234567890123456789012345678901",
  ])
  func `refuses what is no plain number, or cannot be kept`(_ text: String) {
    #expect(DecimalNumber.nano(of: text) == nil)
  }

  @Test func `decimal text reads back to the same number`() {
    var generator = SplitMix(state: 1)
    for _ in 0..<20_000 {
      let magnitude = Int128(generator.next()) * Int128(generator.next() >> generator.next() % 64)
      let limit: Int128 = 1_000_000_000_000_000_000_000_000_000
      let nano = (magnitude % limit) * (generator.next() & 1 == 0 ? 1 : -1)
      let text = Quantity(nano: nano, unit: .ratio).decimalText
      #expect(DecimalNumber.nano(of: text) == nano, "\(text)")
    }
  }

  @Test func `never traps on any bytes`() {
    var generator = SplitMix(state: 2)
    let alphabet = Array("0123456789.eE+- ".utf8)
    for _ in 0..<50_000 {
      let count = Int(generator.next() % 45)
      let bytes = (0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let nano = DecimalNumber.nano(of: text) else { continue }
      // Whatever is taken has one meaning, which its decimal text keeps.
      let canonical = Quantity(nano: nano, unit: .ratio).decimalText
      #expect(DecimalNumber.nano(of: canonical) == nano, "\(text)")
    }
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
