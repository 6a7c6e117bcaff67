import Kernels
import Testing

/// What a filter makes of values a second apart from 0 on.
private func values(
  _ filter: (some StreamFilter)?, _ input: [Double]
) throws -> [Double?] {
  var filter = try #require(filter)
  return input.enumerated().map { filter.accept(second(Double($0), $1))?.value }
}

@Suite struct FilterTests {
  @Test func `the median is that of the last samples, sent every so many`() throws {
    let input: [Double] = [9, 1, 5, 100, 3, 4, 8]
    #expect(try values(MedianFilter(window: 3, sendEvery: 1), input) == [9, 5, 5, 5, 5, 4, 4])
    #expect(
      try values(MedianFilter(window: 5, sendEvery: 3, sendFirstAt: 2), input)
        == [nil, 5, nil, nil, 5, nil, nil])
    #expect(try values(MedianFilter(), input) == [9, nil, nil, nil, nil, 4, nil])
  }

  @Test func `a quantile is the least value with so many at or below`() throws {
    let input = (1...10).map(Double.init)
    #expect(
      try values(QuantileFilter(0.9, window: 10, sendEvery: 10, sendFirstAt: 10), input).last == 9)
    #expect(
      try values(QuantileFilter(1, window: 10, sendEvery: 10, sendFirstAt: 10), input).last == 10)
    #expect(
      try values(QuantileFilter(0.01, window: 10, sendEvery: 10, sendFirstAt: 10), input).last
        == 1)
  }

  // 0.55 times 100 rounds to more than 55.
  @Test func `a quantile of hundredths meets every whole rank`() throws {
    let input = (1...100).map(Double.init)
    for rank in 1...100 {
      let filter = QuantileFilter(
        Double(rank) / 100, window: 100, sendEvery: 100, sendFirstAt: 100)
      #expect(try values(filter, input).last == Double(rank))
    }
  }

  @Test func `minimum, maximum and mean are those of the window`() throws {
    let input: [Double] = [3, 1, 2, 5, 4]
    #expect(try values(MinimumFilter(window: 2, sendEvery: 1), input) == [3, 1, 1, 2, 4])
    #expect(try values(MaximumFilter(window: 2, sendEvery: 1), input) == [3, 3, 2, 5, 5])
    #expect(
      try values(MovingAverageFilter(window: 2, sendEvery: 1), input) == [3, 2, 1.5, 3.5, 4.5])
    #expect(
      try values(MovingAverageFilter(window: 4, sendEvery: 1), [0.1, 0.1, 0.1]) == [0.1, 0.1, 0.1])
  }

  @Test func `missing values take a place in a window and no part`() throws {
    let input: [Double] = [.nan, 4, .infinity, 2, .nan, .nan, .nan]
    let median = try values(MedianFilter(window: 3, sendEvery: 1), input)
    #expect(median[0]?.isNaN == true && median[6]?.isNaN == true)
    #expect(median[1...5] == [4, 4, 3, 2, 2])
    let mean = try values(MovingAverageFilter(window: 3, sendEvery: 1), input)
    #expect(mean[0]?.isNaN == true && mean[6]?.isNaN == true)
    #expect(mean[1...5] == [4, 4, 3, 2, 2])
  }

  @Test func `windowed filters equal sorting the window anew`() throws {
    var generator = SplitMix(state: 3)
    for window in [1, 2, 3, 7, 50] {
      let input = (0..<400).map { _ in
        generator.next() % 9 == 0 ? Double.nan : Double(generator.next() % 40)
      }
      let median = try values(MedianFilter(window: window, sendEvery: 1), input)
      let low = try values(MinimumFilter(window: window, sendEvery: 1), input)
      let high = try values(QuantileFilter(0.75, window: window, sendEvery: 1), input)
      let mean = try values(MovingAverageFilter(window: window, sendEvery: 1), input)
      for index in input.indices {
        let part = input[max(0, index - window + 1)...index].filter { !$0.isNaN }.sorted()
        guard let least = part.first else {
          #expect(median[index]?.isNaN == true && low[index]?.isNaN == true)
          continue
        }
        #expect(low[index] == least)
        #expect(median[index] == (part[(part.count - 1) / 2] + part[part.count / 2]) / 2)
        #expect(high[index] == part[(part.count * 3 + 3) / 4 - 1])
        let sum = part.reduce(0, +) / Double(part.count)
        #expect(abs((mean[index] ?? .nan) - sum) < 1e-12)
      }
    }
  }

  @Test func `the exponential mean moves by alpha of the way`() throws {
    let filter = ExponentialMovingAverageFilter(alpha: 0.5, sendEvery: 1)
    #expect(try values(filter, [8, 4, .nan, 4, 0]) == [8, 6, 6, 5, 2.5])
    #expect(
      try values(ExponentialMovingAverageFilter(alpha: 0.1, sendEvery: 2), [1, 1, 1])
        == [1, nil, 1])
    #expect(ExponentialMovingAverageFilter(alpha: 0) == nil)
    #expect(ExponentialMovingAverageFilter(alpha: 1.5) == nil)
  }

  @Test func `throttle passes a sample a period`() throws {
    let filter = try #require(ThrottleFilter(period: 2_500_000_000))
    #expect(try values(filter, [1, 2, 3, 4, 5, 6, 7]) == [1, nil, nil, 4, nil, nil, 7])
    var backwards = filter
    #expect(backwards.accept(second(100, 1)) != nil)
    #expect(backwards.accept(second(50, 2)) != nil)
    #expect(backwards.accept(second(51, 2)) == nil)
  }

  @Test func `throttle average gives the mean of a period at its end`() throws {
    var filter = try #require(ThrottleAverageFilter(period: 10_000_000_000))
    #expect(filter.accept(second(3, 1)) == nil)
    #expect(filter.accept(second(4, .nan)) == nil)
    #expect(filter.accept(second(5, 3)) == nil)
    #expect(filter.advance(to: 9_999_999_999) == nil)
    #expect(filter.advance(to: 10_000_000_000) == second(10, 2))
    #expect(filter.accept(second(12, 7)) == nil)
    #expect(filter.accept(second(35, 9)) == second(20, 7))
  }

  @Test func `delta passes what differs by more than the least change`() throws {
    #expect(
      try values(DeltaFilter(.absolute(2)), [10, 11, 12, 12.5, 11, 10.4])
        == [10, nil, nil, 12.5, nil, 10.4])
    #expect(
      try values(DeltaFilter(.percent(10)), [100, 110, 111, 100, 99]) == [100, nil, 111, nil, 99])
    #expect(try values(DeltaFilter(.absolute(0)), [1, 1, 2, 2]) == [1, nil, 2, nil])
    let lost = try values(DeltaFilter(.absolute(5)), [1, .nan, .nan, .infinity, 2, 3])
    #expect(lost[0] == 1 && lost[1]?.isNaN == true)
    #expect(lost[2] == nil && lost[3] == nil && lost[4] == 2 && lost[5] == nil)
  }

  @Test func `clamp keeps within the span or leaves out`() throws {
    #expect(
      try values(ClampFilter(0...10), [-1, 0, 5, 10, 11, .infinity]) == [0, 0, 5, 10, 10, 10])
    #expect(
      try values(ClampFilter(0...10, ignoresOutOfRange: true), [-1, 0, 11, 10])
        == [nil, 0, nil, 10])
  }

  @Test func `skip, filter out and round`() throws {
    #expect(try values(SkipInitialFilter(2), [1, 2, 3]) == [nil, nil, 3])
    #expect(
      try values(FilterOutFilter([85, .nan]), [85, 20, .nan, 85.1]) == [nil, 20, nil, 85.1])
    #expect(try values(FilterOutFilter([85], tolerance: 0.5), [84.6, 86]) == [nil, 86])
    #expect(
      try values(RoundFilter(decimals: 1), [0.25, -0.25, 1.04, 1e300]) == [0.3, -0.3, 1, 1e300])
    #expect(try values(RoundFilter(decimals: 0), [2.5, -2.5]) == [3, -3])
    #expect(try values(RoundToMultipleFilter(of: 5), [7, 7.5, 12.5, -8]) == [5, 10, 10, -10])
    #expect(try values(RoundToMultipleFilter(of: 0.25), [0.3]) == [0.25])
    #expect(RoundFilter(decimals: 16) == nil && RoundToMultipleFilter(of: 0) == nil)
  }

  @Test func `a spike is held back, a step is followed`() throws {
    let filter = SpikeRejection(maximumRate: 1, reacquireAfter: 3)
    #expect(
      try values(filter, [20, 20.5, 85, 21, 21, 50, 50.5, 51, 52])
        == [20, 20.5, nil, 21, 21, nil, nil, 51, 52])
    // The longer it was held back, the more may have changed.
    #expect(try values(filter, [20, 24, 80, 23, 24]) == [20, nil, nil, 23, 24])
    #expect(try values(filter, [20, .nan, .infinity, 23]) == [20, nil, nil, 23])
  }
}
