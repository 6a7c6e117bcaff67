import Kernels
import Testing

/// Twenty groups of four parts; NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3
/// (public domain): target 325, k = 0.3175, h = 4.1959 in the unit of the values.
private let parts = [
  324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600,
  324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350,
]
private let printedHigh = [
  0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0, 0, 3.01, 4.94, 7.45, 10.63, 11.99, 14.44, 16.00, 19.04,
]
private let printedLow = [
  0, 0.01, 0, 0.33, 0, 0, 0.56, 0.72, 0.17, 0.25, 0.31, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]

private func at(_ index: Int, _ value: Double) -> Sample {
  Sample(nanoseconds: Int64(index), value: value)
}

@Suite struct CUSUMTests {
  @Test func `gives the sums of the handbook`() throws {
    // An interval beyond all sums, so that they go on.
    var chart = try #require(
      CUSUM(target: 325, deviation: 1, allowance: 0.3175, interval: 100))
    for (index, part) in parts.enumerated() {
      #expect(chart.accept(at(index, part)) == nil)
      // The handbook rounds to two decimals, some of them from rounded terms.
      #expect(abs(chart.high - printedHigh[index]) < 0.02)
      #expect(abs(chart.low - printedLow[index]) < 0.02)
    }
  }

  @Test func `raises with the group of the handbook, and begins again`() throws {
    var chart = try #require(
      CUSUM(target: 325, deviation: 1, allowance: 0.3175, interval: 4.1959))
    let alarms = parts.enumerated().map { chart.accept(at($0, $1)) }
    #expect(alarms.firstIndex { $0 != nil } == 13)
    let alarm = try #require(alarms[13])
    #expect(alarm.side == .rise && alarm.onset == 12 && abs(alarm.sum - 4.94) < 0.01)
    #expect(alarms[14] == nil && alarms[15]?.side == .rise)
  }

  @Test func `a mirrored stream gives mirrored alarms`() throws {
    var rise = try #require(CUSUM(learning: 30))
    var fall = try #require(CUSUM(learning: 30))
    var generator = SplitMix(state: 1)
    for index in 0..<2000 {
      let value = normal(&generator) + (index % 400 > 200 ? 1.5 : 0)
      let one = rise.accept(at(index, value))
      let two = fall.accept(at(index, -value))
      #expect(one?.sum == two?.sum && one?.onset == two?.onset)
      if let one, let two { #expect(one.side != two.side) }
    }
  }

  @Test func `standardises itself: scale and offset do not matter`() throws {
    var plain = try #require(CUSUM())
    var moved = try #require(CUSUM())
    var generator = SplitMix(state: 2)
    var found: [Int] = []
    for index in 0..<1000 {
      let value = normal(&generator) + (index >= 600 ? 2 : 0)
      let one = plain.accept(at(index, value))
      let two = moved.accept(at(index, value * 0.001 - 40))
      #expect(one?.side == two?.side && one?.onset == two?.onset)
      if one != nil { found.append(index) }
    }
    let first = try #require(found.first { $0 >= 600 })
    #expect(first < 620)
  }

  @Test func `a false alarm is as rare as the tables say`() throws {
    // Both sides with k = 0.5, h = 5: 465 values on average; D. C. Montgomery, Introduction to
    // Statistical Quality Control, table 9.3. One deviation off: 10.4 values.
    var generator = SplitMix(state: 3)
    for (shift, low, high) in [(0.0, 420.0, 510.0), (1, 10.0, 10.8)] {
      var chart = try #require(CUSUM(target: 0, deviation: 1))
      var alarms = 0.0
      let count = 400_000
      for index in 0..<count where chart.accept(at(index, normal(&generator) + shift)) != nil {
        alarms += 1
      }
      #expect(low...high ~= Double(count) / alarms)
    }
  }

  @Test func `a value off a constant stream raises at once`() throws {
    var chart = try #require(CUSUM(learning: 10))
    for index in 0..<100 { #expect(chart.accept(at(index, 3)) == nil) }
    let alarm = chart.accept(at(100, 2.999))
    #expect(alarm?.side == .fall && alarm?.onset == 100)
  }

  @Test func `what is no number is passed over, and nothing traps`() throws {
    var chart = try #require(CUSUM(target: 0, deviation: 1e-140))
    var own = try #require(CUSUM(interval: 1e6, learning: 2))
    var generator = SplitMix(state: 4)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      let sample = Sample(nanoseconds: Int64(bitPattern: generator.next()), value: value)
      for alarm in [chart.accept(sample), own.accept(sample)] {
        if let alarm { #expect(alarm.sum.isFinite) }
      }
      #expect(chart.high.isFinite && own.low.isFinite)
    }
    let before = chart
    for wrong in [Double.nan, .infinity, -.infinity, 1e141] {
      #expect(chart.accept(at(0, wrong)) == nil)
    }
    #expect(chart == before)
  }

  @Test func `a chart that cannot decide is refused`() {
    #expect(CUSUM(allowance: -0.1) == nil && CUSUM(interval: 0) == nil && CUSUM(learning: 1) == nil)
    #expect(CUSUM(allowance: .nan) == nil && CUSUM(interval: .infinity) == nil)
    #expect(CUSUM(target: .nan, deviation: 1) == nil && CUSUM(target: 0, deviation: 0) == nil)
    #expect(CUSUM(target: 0, deviation: .infinity) == nil)
  }
}
