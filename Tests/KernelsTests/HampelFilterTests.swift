import Kernels
import Testing

/// The judgement by sorting.
private func reference(_ window: [Double], _ threshold: Double) -> (Double, Double, Bool) {
  let half = window.count / 2
  let median = window.sorted()[half]
  let deviation = 1.4826 * window.map { abs($0 - median) }.sorted()[half]
  return (median, deviation, abs(window[half] - median) > threshold * deviation)
}

private func at(_ index: Int, _ value: Double) -> Sample {
  Sample(nanoseconds: Int64(index), value: value)
}

@Suite struct HampelFilterTests {
  @Test func `replaces a spike by the median`() throws {
    var filter = try #require(HampelFilter(window: 5))
    let results = [1, 2, 3, 90, 5, 6, 7, 8].enumerated().map { filter.accept(at($0, $1)) }
    #expect(results.prefix(4).allSatisfy { $0 == nil })
    #expect(results.compactMap { $0?.sample.nanoseconds } == [2, 3, 4, 5])
    #expect(
      results.compactMap { $0?.value }
        == [3, 5, 5, 6].map(Double.init).enumerated().map {
          $0 == 1 ? 5 : $1
        })
    #expect(results.compactMap { $0?.isOutlier } == [false, true, false, false])
    #expect(results[5]?.median == 5 && results[5]?.deviation == 1.4826 * 2)
  }

  @Test(arguments: [3, 5, 7, 15, 31])
  func `judges as sorting the window does`(_ window: Int) throws {
    var generator = SplitMix(state: UInt64(window))
    for round in 0..<4 {
      var filter = try #require(HampelFilter(window: window, threshold: 2))
      var values: [Double] = []
      for index in 0..<1000 {
        // Rounded values make ties.
        let value =
          round % 2 == 0 ? Double(generator.next() % 5) - 2 : normal(&generator) * 100
        values.append(value)
        let result = filter.accept(at(index, value))
        guard values.count >= window else {
          #expect(result == nil)
          continue
        }
        let (median, deviation, isOutlier) = reference(Array(values.suffix(window)), 2)
        #expect(result?.median == median && result?.deviation == deviation)
        #expect(result?.isOutlier == isOutlier)
        #expect(result?.sample.nanoseconds == Int64(index - window / 2))
      }
    }
  }

  @Test func `a step is no outlier`() throws {
    var filter = try #require(HampelFilter())
    for index in 0..<100 {
      let result = filter.accept(at(index, index < 50 ? 1 : 9))
      if let result { #expect(!result.isOutlier && result.value == result.sample.value) }
    }
  }

  @Test func `scale and offset do not matter`() throws {
    var plain = try #require(HampelFilter())
    var moved = try #require(HampelFilter())
    var generator = SplitMix(state: 1)
    for index in 0..<2000 {
      let value = Double(generator.next() % 1000)
      let one = plain.accept(at(index, value))
      let two = moved.accept(at(index, value * -8 + 1024))
      #expect(one?.isOutlier == two?.isOutlier)
    }
  }

  @Test func `what is no number is passed over, and nothing traps`() throws {
    var generator = SplitMix(state: 2)
    for threshold in [0, 3, Double.greatestFiniteMagnitude] {
      var filter = try #require(HampelFilter(window: 31, threshold: threshold))
      for _ in 0..<5000 {
        let value = Double(bitPattern: generator.next())
        let time = Int64(bitPattern: generator.next())
        let before = filter
        let result = filter.accept(Sample(nanoseconds: time, value: value))
        if let result { #expect(result.value.isFinite) }
        if !value.isFinite { #expect(result == nil && filter == before) }
      }
    }
  }

  @Test func `a window that has no middle or is too long is refused`() {
    for window in [-3, 0, 1, 2, 4, 30, 32, 33] { #expect(HampelFilter(window: window) == nil) }
    for wrong in [-1, Double.nan, .infinity] { #expect(HampelFilter(threshold: wrong) == nil) }
  }
}
