import Kernels
import Testing

private let second: Int64 = 1_000_000_000

private func tips(_ gauge: inout RainRate, _ seconds: Int64, _ count: Double = 1) -> Double? {
  gauge.accept(Sample(nanoseconds: seconds * second, value: count))
}

@Suite struct RainRateTests {
  @Test func `the rate is what a tip holds over the time since the tip before`() throws {
    var gauge = try #require(RainRate(tip: 0.2))
    #expect(tips(&gauge, 0) == nil)
    #expect(tips(&gauge, 60) == 12)
    #expect(tips(&gauge, 90) == 24)
    #expect(tips(&gauge, 810) == 1)
    #expect(gauge.tips == 4 && abs(gauge.amount - 0.8) < 1e-12)
  }

  @Test func `without a tip the rate decays to nothing`() throws {
    var gauge = try #require(RainRate(tip: 0.2))
    _ = tips(&gauge, 0)
    _ = tips(&gauge, 60)
    #expect(gauge.rate(at: 60 * second) == 12)
    #expect(gauge.rate(at: 100 * second) == 12)
    #expect(gauge.rate(at: 120 * second) == 12)
    #expect(gauge.rate(at: 180 * second) == 6)
    #expect(gauge.rate(at: 660 * second) == 1.2)
    #expect(gauge.rate(at: 3660 * second) == 0)
    // The tip after dryness has no tip before it.
    #expect(tips(&gauge, 4000) == nil)
    #expect(abs(gauge.rate(at: 4001 * second) - 0.2) < 1e-12)
    #expect(tips(&gauge, 4072) == 10)
  }

  @Test func `tips of one time count together, older ones only add to the amount`() throws {
    var gauge = try #require(RainRate(tip: 0.5))
    _ = tips(&gauge, 0)
    #expect(tips(&gauge, 100) == 18)
    #expect(tips(&gauge, 100) == 36)
    #expect(tips(&gauge, 50) == 36)
    #expect(tips(&gauge, 200, 3) == 54)
    #expect(gauge.amount == 3.5)
  }

  @Test func `the rain of a storm is the sum over its rates`() throws {
    var gauge = try #require(RainRate(tip: 0.254))
    var generator = SplitMix(state: 3)
    var (time, depth): (Int64, Double) = (0, 0)
    _ = gauge.accept(Sample(nanoseconds: 0, value: 1))
    for _ in 0..<1000 {
      let wait = Int64(generator.next() % 600 + 1) * second
      time += wait
      let given = gauge.accept(Sample(nanoseconds: time, value: 1))
      depth += try #require(given) * Double(wait) / 3.6e12
    }
    #expect(abs(depth - 254) < 1e-9 && abs(gauge.amount - 254.254) < 1e-9)
  }

  @Test func `what is no tip changes nothing, and no time traps`() throws {
    var gauge = try #require(RainRate())
    for odd in [Double.nan, .infinity, -1, 0, 0.5, 1e9] {
      #expect(tips(&gauge, 5, odd) == nil)
    }
    #expect(gauge.tips == 0 && gauge.rate(at: 0) == 0)
    for time in [Int64.min, .max, 0, .min, .max, -1] {
      _ = gauge.accept(Sample(nanoseconds: time, value: 1))
      for at in [Int64.min, -1, 0, .max] { #expect(gauge.rate(at: at) >= 0) }
    }
    #expect(gauge.tips == 6)
    #expect(RainRate(tip: 0) == nil && RainRate(tip: .nan) == nil && RainRate(dryTime: 0) == nil)
  }
}
