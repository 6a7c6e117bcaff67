import Quantities
import Testing

/// A text of a quantity, and the billionths of the dimension's unit that it means.
private struct Vector: CustomStringConvertible, Sendable {
  let text: String
  let dimension: Dimension
  let nano: Int128
  let code: String

  init(_ text: String, _ dimension: Dimension, _ nano: Int128, _ code: String) {
    self.text = text
    self.dimension = dimension
    self.nano = nano
    self.code = code
  }

  var description: String { "\(text) as \(dimension)" }
}

// The worth of the prefixes: SI brochure, 9th edition, table 7; of the binary ones: IEC 80000-13.
private let vectors = [
  Vector("10 s", .duration, 10_000_000_000, "s"),
  Vector("10s", .duration, 10_000_000_000, "s"),
  Vector("  10   s  ", .duration, 10_000_000_000, "s"),
  Vector("+10 s", .duration, 10_000_000_000, "s"),
  Vector("-10 s", .duration, -10_000_000_000, "s"),
  Vector("1 ms", .duration, 1_000_000, "s"),
  Vector("1.5 us", .duration, 1500, "s"),
  Vector("7 ns", .duration, 7, "s"),
  Vector("2 min", .duration, 120_000_000_000, "s"),
  Vector(".5 h", .duration, 1_800_000_000_000, "s"),
  Vector("30. d", .duration, 2_592_000_000_000_000, "s"),
  Vector("50 Hz", .frequency, 50_000_000_000, "Hz"),
  Vector("400 kHz", .frequency, 400_000_000_000_000, "Hz"),
  Vector("1 MHz", .frequency, 1_000_000_000_000_000, "Hz"),
  Vector("20 mHz", .frequency, 20_000_000, "Hz"),
  Vector("0.1 ohm", .resistance, 100_000_000, "Ohm"),
  Vector("0.1 Ohm", .resistance, 100_000_000, "Ohm"),
  Vector("0.1 Ω", .resistance, 100_000_000, "Ohm"),
  Vector("100 mohm", .resistance, 100_000_000, "Ohm"),
  Vector("100 mOhm", .resistance, 100_000_000, "Ohm"),
  Vector("100 mΩ", .resistance, 100_000_000, "Ohm"),
  Vector("500 uohm", .resistance, 500_000, "Ohm"),
  Vector("4.7 kohm", .resistance, 4_700_000_000_000, "Ohm"),
  Vector("4.7 kOhm", .resistance, 4_700_000_000_000, "Ohm"),
  Vector("4.7kΩ", .resistance, 4_700_000_000_000, "Ohm"),
  Vector("230 V", .voltage, 230_000_000_000, "V"),
  Vector("81.92 mV", .voltage, 81_920_000, "V"),
  Vector("2.5 uV", .voltage, 2500, "V"),
  Vector("27 kV", .voltage, 27_000_000_000_000, "V"),
  Vector("5 A", .current, 5_000_000_000, "A"),
  Vector("20 mA", .current, 20_000_000, "A"),
  Vector("1 uA", .current, 1000, "A"),
  Vector("1.2 kA", .current, 1_200_000_000_000, "A"),
  Vector("100 W", .power, 100_000_000_000, "W"),
  Vector("1 mW", .power, 1_000_000, "W"),
  Vector("3 kW", .power, 3_000_000_000_000, "W"),
  Vector("2 MW", .power, 2_000_000_000_000_000, "W"),
  Vector("1 J", .energy, 1_000_000_000, "J"),
  Vector("1 kJ", .energy, 1_000_000_000_000, "J"),
  Vector("1 MJ", .energy, 1_000_000_000_000_000, "J"),
  Vector("1 Wh", .energy, 3_600_000_000_000, "J"),
  Vector("0.5 kWh", .energy, 1_800_000_000_000_000, "J"),
  Vector("1 MWh", .energy, 3_600_000_000_000_000_000, "J"),
  Vector("298 m", .length, 298_000_000_000, "m"),
  Vector("5 mm", .length, 5_000_000, "m"),
  Vector("5 cm", .length, 50_000_000, "m"),
  Vector("-0.43 km", .length, -430_000_000_000, "m"),
  Vector("10 %", .percentage, 10_000_000_000, "%"),
  Vector("0.5%", .percentage, 500_000_000, "%"),
  Vector("64 B", .dataSize, 64_000_000_000, "B"),
  Vector("1 kB", .dataSize, 1_000_000_000_000, "B"),
  Vector("64 MB", .dataSize, 64_000_000_000_000_000, "B"),
  Vector("1 GB", .dataSize, 1_000_000_000_000_000_000, "B"),
  Vector("1 KiB", .dataSize, 1_024_000_000_000, "B"),
  Vector("1 MiB", .dataSize, 1_048_576_000_000_000, "B"),
  Vector("1 GiB", .dataSize, 1_073_741_824_000_000_000, "B"),
]

@Suite struct QuantityParsingTests {
  @Test(arguments: vectors)
  private func `reads a quantity exactly`(_ vector: Vector) throws {
    let quantity = try Quantity(parsing: vector.text, as: vector.dimension)
    #expect(quantity.nano == vector.nano)
    #expect(quantity.unit.code == vector.code)
  }

  @Test func `every symbol of every dimension has a vector`() {
    for dimension in Dimension.allCases {
      for (symbol, _) in dimension.symbols {
        #expect(
          vectors.contains { vector in
            vector.dimension == dimension
              && vector.text.drop { !$0.isLetter && $0 != "%" }.trimmingBlanks == symbol
          }, "\(symbol) of \(dimension)")
      }
    }
  }

  @Test(arguments: Dimension.allCases)
  func `the example of a dimension can be read, and no other dimension's`(
    _ dimension: Dimension
  ) throws {
    #expect(try Quantity(parsing: dimension.example, as: dimension).unit == dimension.unit)
    for other in Dimension.allCases where other != dimension {
      #expect(throws: QuantityFailure.self) {
        try Quantity(parsing: other.example, as: dimension)
      }
    }
  }

  @Test(arguments: Dimension.allCases)
  func `a number that stands alone needs a unit, which the remedy adds`(
    _ dimension: Dimension
  ) throws {
    let failure = QuantityFailure.missingUnit(text: "5", dimension: dimension)
    #expect(throws: failure) { try Quantity(parsing: "5", as: dimension) }
    let written = try #require(failure.remedy.split(separator: "'").last)
    #expect(try Quantity(parsing: String(written), as: dimension).nano > 0)
  }

  @Test(arguments: [
    "5 S", "5 Sec", "5 m s", "5 µs", "5 s s", "5 s.", "5 sm", "5\u{00A0}s", "5_s", "1e3 s", "0x5 s",
  ])
  func `a unit that is none of the dimension's is named`(_ text: String) {
    do {
      let quantity = try Quantity(parsing: text, as: .duration)
      Issue.record("\(text) was read as \(quantity)")
    } catch {
      guard case .wrongUnit(text, _, .duration) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(error.remedy == "use one of s, ms, us, ns, min, h, d")
    }
  }

  @Test(arguments: [
    "", " ", "s", "- s", "+ s", ". s", "-. s", "1.2.3 s", "--5 s", "5-3 s", "often",
  ])
  func `what does not begin with a number is none`(_ text: String) {
    #expect(throws: QuantityFailure.notANumber(text: text, dimension: .duration)) {
      try Quantity(parsing: text, as: .duration)
    }
  }

  @Test(arguments: [
    "0.0000000001 s", "0.5 ns", "0.0001 us", "1000000000000000000 s", "99999999999999999999 d",
  ])
  func `what cannot be kept exactly is an error, never rounded`(_ text: String) {
    #expect(throws: QuantityFailure.notExact(text: text, dimension: .duration)) {
      try Quantity(parsing: text, as: .duration)
    }
  }

  @Test func `a large number in the largest unit is kept`() throws {
    let quantity = try Quantity(parsing: "99999999999 GiB", as: .dataSize)
    let bytes: Int128 = 99_999_999_999 * 1_073_741_824
    #expect(quantity.nano == bytes * 1_000_000_000)
  }

  @Test func `a comma is answered with the text as it should be`() {
    let failure = QuantityFailure.decimalComma(text: "0,1 ohm", dimension: .resistance)
    #expect(throws: failure) { try Quantity(parsing: "0,1 ohm", as: .resistance) }
    #expect(failure.description == "has a comma: '0,1 ohm'; write '0.1 ohm', with a point")
    #expect(throws: QuantityFailure.notANumber(text: "1,000,000 s", dimension: .duration)) {
      try Quantity(parsing: "1,000,000 s", as: .duration)
    }
  }

  @Test func `failures say what is wrong and what to write`() {
    let missing = QuantityFailure.missingUnit(text: " 5", dimension: .duration)
    #expect(missing.description == "needs a unit: ' 5'; write for example '5 s'")
    let wrong = QuantityFailure.wrongUnit(text: "5 m", unit: "m", dimension: .voltage)
    #expect(
      wrong.description == "cannot be '5 m': 'm' is no unit of voltage; use one of V, mV, uV, kV")
    let none = QuantityFailure.notANumber(text: "much", dimension: .energy)
    #expect(
      none.description == "must be an energy with its unit, not 'much'; write for example '1 Wh'")
  }

  @Test func `a duration is a time that fits into 64 bits of nanoseconds`() throws {
    #expect(try Quantity(parsing: "1.5 ms", as: .duration).duration == .microseconds(1500))
    #expect(try Quantity(parsing: "-1 ns", as: .duration).duration == .nanoseconds(-1))
    #expect(try Quantity(parsing: "50 Hz", as: .frequency).duration == nil)
    #expect(Quantity(nano: Int128(Int64.max), unit: .second).duration == .nanoseconds(Int64.max))
    #expect(Quantity(nano: Int128(Int64.max) + 1, unit: .second).duration == nil)
  }
}
