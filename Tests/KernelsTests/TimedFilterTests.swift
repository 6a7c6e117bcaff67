import Kernels
import Testing

@Suite struct TimedFilterTests {
  @Test func `debounce passes a sample that stayed alone`() throws {
    var filter = try #require(DebounceFilter(period: 1_000_000_000))
    #expect(filter.accept(second(0, 1)) == nil)
    #expect(filter.accept(second(0.5, 2)) == nil)
    #expect(filter.advance(to: 1_400_000_000) == nil)
    #expect(filter.advance(to: 1_500_000_000) == second(0.5, 2))
    #expect(filter.advance(to: 9_000_000_000) == nil)
    #expect(filter.accept(second(10, 3)) == nil)
    // Without the time the next sample passes it.
    #expect(filter.accept(second(12, 4)) == second(10, 3))
  }

  @Test func `heartbeat gives the last value at every beat`() throws {
    var filter = try #require(HeartbeatFilter(period: 5_000_000_000))
    #expect(filter.advance(to: 1) == nil)
    #expect(filter.accept(second(1, 10)) == nil)
    #expect(filter.accept(second(3, 20)) == nil)
    #expect(filter.advance(to: 5_999_999_999) == nil)
    #expect(filter.advance(to: 6_000_000_000) == second(6, 20))
    #expect(filter.accept(second(11, 30)) == second(11, 30))
    #expect(filter.accept(second(17, 40)) == second(16, 30))
    // Of several missed beats the last is given.
    #expect(filter.advance(to: 33_000_000_000) == second(31, 40))
    var optimistic = try #require(HeartbeatFilter(period: 5_000_000_000, isOptimistic: true))
    #expect(optimistic.accept(second(0, 1)) == second(0, 1))
    #expect(optimistic.accept(second(2, 2)) == second(2, 2))
    #expect(optimistic.advance(to: 5_000_000_000) == second(5, 2))
  }

  @Test func `timeout tells of a silence once`() throws {
    var filter = try #require(TimeoutFilter(period: 3_000_000_000, value: -1))
    #expect(filter.advance(to: 100) == nil)
    #expect(filter.accept(second(1, 5)) == second(1, 5))
    #expect(filter.advance(to: 3_999_999_999) == nil)
    #expect(filter.advance(to: 9_000_000_000) == second(4, -1))
    #expect(filter.advance(to: 19_000_000_000) == nil)
    #expect(filter.accept(second(20, 6)) == second(20, 6))
    var plain = try #require(TimeoutFilter(period: 1))
    _ = plain.accept(second(0, 1))
    #expect(plain.advance(to: 1)?.value.isNaN == true)
  }

  @Test func `no filter takes a period of nothing`() {
    for period in [0, -1, Int64.min] {
      #expect(DebounceFilter(period: period) == nil)
      #expect(HeartbeatFilter(period: period) == nil)
      #expect(TimeoutFilter(period: period) == nil)
      #expect(ThrottleFilter(period: period) == nil)
      #expect(ThrottleAverageFilter(period: period) == nil)
    }
  }

  @Test func `no filter traps, whatever comes, and a copy goes on alike`() throws {
    let point = CalibrationPoint(0, 1)
    let filters: [(any StreamFilter)?] = [
      MedianFilter(window: 4, sendEvery: 2), QuantileFilter(0.5, window: 3, sendEvery: 1),
      MinimumFilter(window: 2, sendEvery: 1), MaximumFilter(window: 2, sendEvery: 1),
      MovingAverageFilter(window: 3, sendEvery: 1), ExponentialMovingAverageFilter(sendEvery: 1),
      ThrottleFilter(period: .max), ThrottleFilter(period: 7), ThrottleAverageFilter(period: 100),
      DeltaFilter(.percent(5)), DeltaFilter(.absolute(1)), ClampFilter(-1...1),
      LinearCalibration([point, CalibrationPoint(1, 3)]),
      LinearCalibration([point, CalibrationPoint(1, 3)], method: .exact),
      PolynomialCalibration([point, CalibrationPoint(1, 3), CalibrationPoint(2, 2)], degree: 2),
      DebounceFilter(period: 5), DebounceFilter(period: .max), SkipInitialFilter(3),
      HeartbeatFilter(period: 3), HeartbeatFilter(period: .max, isOptimistic: true),
      TimeoutFilter(period: 2), TimeoutFilter(period: .max), FilterOutFilter([1, .nan]),
      RoundFilter(decimals: 15), RoundToMultipleFilter(of: 1e-300),
      RoundToMultipleFilter(of: 1e300), SpikeRejection(maximumRate: 1e300, reacquireAfter: 1),
      SpikeRejection(maximumRate: 1),
    ]
    for start in filters {
      var filter = try #require(start)
      var copy = filter
      var generator = SplitMix(state: 21)
      for step in 0..<3000 {
        let sample = hostileSample(&generator)
        if step % 500 == 250 { copy = filter }
        if generator.next() % 3 == 0 {
          let (one, other) = (
            filter.advance(to: sample.nanoseconds), copy.advance(to: sample.nanoseconds)
          )
          #expect(one?.nanoseconds == other?.nanoseconds)
        } else {
          let (one, other) = (filter.accept(sample), copy.accept(sample))
          #expect(one?.value.bitPattern == other?.value.bitPattern)
        }
      }
    }
  }
}

/// A sample of any time and any bits, now and then an ordinary one.
func hostileSample(_ generator: inout SplitMix) -> Sample {
  let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
  let time: Int64 =
    switch generator.next() % 4 {
    case 0: edges[Int(generator.next() % 7)]
    case 1: Int64(bitPattern: generator.next())
    default: Int64(generator.next() % 100)
    }
  let value: Double =
    switch generator.next() % 4 {
    case 0:
      [.nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude][
        Int(generator.next() % 6)]
    case 1: Double(bitPattern: generator.next())
    default: Double(generator.next() % 10)
    }
  return Sample(nanoseconds: time, value: value)
}
