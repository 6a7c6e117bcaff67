import Quantities
import Testing

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, "0"), (1, "0.000000001"), (-1, "-0.000000001"), (1_000_000_000, "1"),
      (-250_000_000, "-0.25"), (21_500_000_000, "21.5"), (100_000_000_001, "100.000000001"),
      (10_000_000_000, "10"),
      (Int128.max, "170141183460469231731687303715.884105727"),
      (Int128.min, "-170141183460469231731687303715.884105728"),
    ] as [(Int128, String)])
  func `has one decimal text without needless zeros`(_ nano: Int128, _ text: String) {
    #expect(Quantity(nano: nano, unit: .celsius).decimalText == text)
    #expect(Quantity(nano: nano, unit: .celsius).description == "\(text) Cel")
  }

  @Test func `its double is the nearest one to the decimal text`() throws {
    var generator = SplitMix(state: 3)
    for _ in 0..<20_000 {
      let shift = generator.next() % 120
      let wide = Int128(bitPattern128(generator.next(), generator.next()) >> Int(shift))
      for nano in [wide, -wide] {
        let quantity = Quantity(nano: nano, unit: .volt)
        // The standard library reads decimal text to the nearest double, ties to even.
        let nearest = try #require(Double(quantity.decimalText))
        #expect(quantity.value == nearest, "\(quantity.decimalText)")
      }
    }
  }

  @Test func `its double is nearest where division alone would round twice`() {
    // 2^53 + 1 is the first whole number that a double cannot hold.
    let nano: Int128 = 9_007_199_254_740_993
    #expect(Quantity(nano: nano, unit: .volt).value == 9_007_199.254740993)
    #expect(Quantity(nano: Int128.max, unit: .volt).value == 1.7014118346046923e29)
    #expect(Quantity(nano: 100_000_000, unit: .volt).value == 0.1)
    #expect(Quantity(nano: 0, unit: .volt).value.sign == .plus)
  }

  @Test func `texts in messages stand on one line and are cut`() {
    #expect("10 s".quoted == "'10 s'")
    #expect("10\ns\r\t".quoted == "'10\\ns\\r\\t'")
    #expect("a\u{1B}[31m\u{2028}\u{85}".quoted == "'a\\u{1b}[31m\\u{2028}\\u{85}'")
    #expect(String(repeating: "x", count: 60).quoted == "'\(String(repeating: "x", count: 60))'")
    #expect(String(repeating: "x", count: 61).quoted == "'\(String(repeating: "x", count: 60))'...")
    #expect("\t  10 s \t".trimmingBlanks == "10 s")
    #expect(" \t ".trimmingBlanks.isEmpty)
  }

  private func bitPattern128(_ high: UInt64, _ low: UInt64) -> UInt128 {
    (UInt128(high >> 1) << 64) | UInt128(low)
  }
}
