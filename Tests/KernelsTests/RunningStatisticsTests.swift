import Kernels
import Testing

/// Mean and variance of numbers that are whole multiples of 1/1024, computed with whole numbers.
///
/// Exact up to the two roundings at the end: n Σk² and (Σk)² stay below 2^127 for the sizes here.
private struct ExactStatistics {
  let mean: Double
  let variance: Double

  init(multiples: [Int64]) {
    let count = Int128(multiples.count)
    let sum = multiples.reduce(into: Int128(0)) { $0 += Int128($1) }
    let squares = multiples.reduce(into: Int128(0)) { $0 += Int128($1) * Int128($1) }
    mean = Double(sum) / Double(count) / 1024
    variance =
      Double(count * squares - sum * sum) / Double(count) / Double(max(1, count - 1)) / 1_048_576
  }
}

private func statistics(of values: some Sequence<Double>) -> RunningStatistics {
  var statistics = RunningStatistics()
  for value in values { statistics.accept(value) }
  return statistics
}

@Suite struct RunningStatisticsTests {
  @Test func `of no value there is nothing but a count`() {
    let none = RunningStatistics()
    #expect(none.count == 0)
    #expect(none.mean == nil && none.minimum == nil && none.maximum == nil)
    #expect(none.variance == nil && none.standardDeviation == nil)
  }

  @Test func `of one value there is no deviation`() {
    let one = statistics(of: [-3.5])
    #expect(one.count == 1)
    #expect(one.mean == -3.5 && one.minimum == -3.5 && one.maximum == -3.5)
    #expect(one.variance == nil && one.standardDeviation == nil)
  }

  @Test func `of eight small numbers everything is known`() {
    let some = statistics(of: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(some.count == 8)
    #expect(some.mean == 5)
    #expect(some.variance == 32.0 / 7)
    #expect(some.standardDeviation == (32.0 / 7).squareRoot())
    #expect(some.minimum == 2 && some.maximum == 9)
  }

  // The naive sum of squares loses all digits at the larger offsets.
  @Test(arguments: [0, 20, 101_325, 1_000_000_000, -1_000_000_000] as [Int64])
  func `agrees with whole-number arithmetic at any offset`(_ offset: Int64) throws {
    var generator = SplitMix(state: UInt64(bitPattern: offset))
    for count in [2, 3, 10, 1000, 20_000] {
      let multiples = (0..<count).map { _ in
        offset * 1024 + Int64(generator.next() % 4096) - 2048
      }
      let exact = ExactStatistics(multiples: multiples)
      let running = statistics(of: multiples.map { Double($0) / 1024 })
      let mean = try #require(running.mean)
      let variance = try #require(running.variance)
      let scale = max(1, abs(exact.mean))
      #expect(abs(mean - exact.mean) <= scale * 1e-15 * Double(count))
      // Chan, Golub, LeVeque 1983: the relative error of updating formulas is bounded by n u kappa.
      let condition = (1 + exact.mean * exact.mean / exact.variance).squareRoot()
      #expect(
        abs(variance - exact.variance)
          <= exact.variance * Double(count) * Double.ulpOfOne * condition)
      #expect(running.minimum == multiples.min().map { Double($0) / 1024 })
      #expect(running.maximum == multiples.max().map { Double($0) / 1024 })
    }
  }

  // T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for
  // computing sample variances", 1979: two parts make a whole.
  @Test func `two parts combine to the whole, wherever it is cut`() throws {
    var generator = SplitMix(state: 7)
    let values = (0..<500).map { _ in Double(generator.next() % 100_000) / 1000 - 40 }
    let whole = statistics(of: values)
    let wholeVariance = try #require(whole.variance)
    for cut in [2, 3, 100, 250, 497, 498] {
      let left = statistics(of: values[..<cut])
      let right = statistics(of: values[cut...])
      let (a, b) = (Double(left.count), Double(right.count))
      let (leftMean, rightMean) = (try #require(left.mean), try #require(right.mean))
      let difference = rightMean - leftMean
      let squares =
        try #require(left.variance) * (a - 1) + #require(right.variance) * (b - 1)
        + difference * difference * a * b / (a + b)
      #expect(abs(squares / (a + b - 1) - wholeVariance) < 1e-10)
      let mean = try #require(whole.mean)
      #expect(abs((leftMean * a + rightMean * b) / (a + b) - mean) < 1e-12)
      #expect(left.count + right.count == whole.count)
    }
  }

  @Test func `values that are not finite are passed over, wherever they come`() {
    let finite = [1.5, -2, 8, 8, 0.25]
    let expected = statistics(of: finite)
    for position in 0...finite.count {
      for stranger in [Double.nan, .signalingNaN, .infinity, -.infinity] {
        var mixed = finite
        mixed.insert(stranger, at: position)
        #expect(statistics(of: mixed) == expected)
      }
    }
    #expect(statistics(of: [.nan, .infinity]) == RunningStatistics())
  }

  @Test func `equal values have no deviation, whatever they are`() {
    for value in [0.1, 1e300, -1e-300, 101_325.7, .greatestFiniteMagnitude] {
      let same = statistics(of: repeatElement(value, count: 100))
      #expect(same.standardDeviation == 0)
      #expect(same.mean == value)
    }
  }

  @Test func `the same values give the same bits`() {
    var generator = SplitMix(state: 11)
    let values = (0..<1000).map { _ in Double(Int64(bitPattern: generator.next())) / 1e6 }
    #expect(statistics(of: values) == statistics(of: values))
    // The bits that Python's IEEE 754 arithmetic gives for the same formula.
    let few = statistics(of: [0.1, 0.2, 0.3, 0.4])
    #expect(few.mean?.bitPattern == 0.25.bitPattern)
    #expect(few.variance?.bitPattern == 0x3F91_1111_1111_1111)
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
