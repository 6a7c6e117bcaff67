import Kernels
import Testing

private func results(
  _ window: SlidingWindow?, _ samples: [Sample], until end: Int64
) throws -> [SlidingWindow.Result] {
  var window = try #require(window)
  var results: [SlidingWindow.Result] = []
  for sample in samples { window.accept(sample) { results.append($0) } }
  window.advance(to: end) { results.append($0) }
  return results
}

private func at(_ nanoseconds: Int64, _ value: Double = 1) -> Sample {
  Sample(nanoseconds: nanoseconds, value: value)
}

@Suite struct SlidingWindowTests {
  @Test func `windows overlap and begin every slide`() throws {
    let got = try results(
      SlidingWindow(length: 30, slide: 10), [at(12, 1), at(25, 2), at(31, 3)], until: 100)
    #expect(got.map(\.start) == [-10, 0, 10, 20, 30])
    #expect(got.map(\.end) == [20, 30, 40, 50, 60])
    #expect(got.map(\.summary.mean) == [1, 1.5, 2, 2.5, 3])
  }

  @Test func `windows count from the epoch or from the first sample`() throws {
    let samples = [at(13), at(22), at(23)]
    let epoch = try results(SlidingWindow(length: 10, slide: 10), samples, until: 50)
    #expect(epoch.map(\.start) == [10, 20] && epoch.map(\.summary.count) == [1, 2])
    let first = try results(
      SlidingWindow(length: 10, slide: 10, alignment: .firstSample), samples, until: 50)
    #expect(first.map(\.start) == [13, 23] && first.map(\.summary.count) == [2, 1])
  }

  @Test func `integrals of windows add up to the whole`() throws {
    var generator = SplitMix(state: 40)
    var time: Int64 = 0
    let samples = (0..<500).map { _ -> Sample in
      time += Int64(generator.next() % 3_000_000_000)
      return at(time, Double(generator.next() % 100))
    }
    var whole = WindowSummary()
    for sample in samples { whole.accept(sample) }
    let got = try results(
      SlidingWindow(length: 10_000_000_000, slide: 10_000_000_000), samples, until: .max / 2)
    let sum = got.reduce(0) { $0 + ($1.summary.integral ?? 0) }
    #expect(abs(sum - (whole.integral ?? 0)) < 1e-6)
    #expect(got.reduce(0) { $0 + $1.summary.covered } == whole.covered)
  }

  @Test func `windows are those of sorting samples into them one by one`() throws {
    var generator = SplitMix(state: 41)
    for (length, slide) in [(10, 10), (30, 10), (100, 4), (7, 1)] as [(Int64, Int64)] {
      var time: Int64 = -500
      let samples = (0..<400).map { _ -> Sample in
        time += Int64(generator.next() % 9 == 0 ? generator.next() % 300 : generator.next() % 5)
        let value = generator.next() % 11 == 0 ? Double.nan : Double(generator.next() % 50)
        return at(time, value)
      }
      let got = try results(SlidingWindow(length: length, slide: slide), samples, until: time + 500)
      var expected: [(Int64, [Double])] = []
      var start = -500 - length - slide * 2
      start -= (start % slide + slide) % slide
      while start <= time {
        let values = samples.filter {
          $0.nanoseconds >= start && $0.nanoseconds < start + length && $0.value.isFinite
        }.map(\.value)
        if !values.isEmpty { expected.append((start, values)) }
        start += slide
      }
      #expect(got.map(\.start) == expected.map(\.0))
      #expect(got.map { Int($0.summary.count) } == expected.map(\.1.count))
      #expect(got.map(\.summary.minimum) == expected.map { $0.1.min() })
      #expect(got.map(\.summary.maximum) == expected.map { $0.1.max() })
    }
  }

  @Test func `the time told in between changes nothing`() throws {
    var generator = SplitMix(state: 42)
    var plain = try #require(SlidingWindow(length: 60, slide: 20))
    var told = plain
    var (one, other): ([SlidingWindow.Result], [SlidingWindow.Result]) = ([], [])
    var time: Int64 = 0
    for _ in 0..<2000 {
      let before = time
      time += Int64(generator.next() % 30)
      plain.accept(at(time, Double(time % 7))) { one.append($0) }
      told.advance(to: (before + time) / 2) { other.append($0) }
      told.accept(at(time, Double(time % 7))) { other.append($0) }
    }
    #expect(one == other && one.count > 500)
  }

  @Test func `lengths that are no whole number of slides are refused`() {
    #expect(SlidingWindow(length: 10, slide: 3) == nil)
    #expect(SlidingWindow(length: 0, slide: 3) == nil)
    #expect(SlidingWindow(length: 10, slide: 0) == nil)
    #expect(SlidingWindow(length: -10, slide: -5) == nil)
    #expect(SlidingWindow(length: 1441, slide: 1) == nil)
    #expect(SlidingWindow(length: .max, slide: .max) != nil)
  }

  @Test func `late samples are counted and left out`() throws {
    var window = try #require(SlidingWindow(length: 20, slide: 10))
    var got: [SlidingWindow.Result] = []
    for sample in [at(25), at(19), at(22, 5), at(.min)] { window.accept(sample) { got.append($0) } }
    window.advance(to: 30) { got.append($0) }
    #expect(window.lateSamples == 2 && got.count == 1 && got[0].summary.count == 2)
    #expect(got[0].summary.outOfOrder == 1)
  }

  @Test func `sessions end after a gap, a length or the stream`() throws {
    var session = try #require(SessionWindow(gap: 10, maximumLength: 100))
    #expect(session.accept(at(0, 1)) == nil)
    #expect(session.accept(at(10, 3)) == nil)
    #expect(session.accept(at(15, .nan)) == nil)
    #expect(session.advance(to: 20) == nil)
    let first = session.accept(at(21, 5))
    #expect(first?.start == 0 && first?.end == 10 && first?.summary.mean == 2)
    #expect(first?.summary.missing == 1)
    var ends: [Int64] = []
    for time in stride(from: 25, through: 300, by: 5) as StrideThrough<Int64> {
      if let closed = session.accept(at(time)) { ends.append(closed.end) }
    }
    #expect(ends == [120, 220])
    #expect(session.lateSamples == 0)
    #expect(session.accept(at(3)) == nil)
    #expect(session.lateSamples == 1)
    let last = session.finish()
    #expect(last?.start == 225 && last?.summary.outOfOrder == 0)
    #expect(session.finish() == nil)
    // The stretch between sessions belongs to none.
    #expect(first?.summary.covered == 10)
    #expect(SessionWindow(gap: 0) == nil && SessionWindow(gap: 1, maximumLength: 0) == nil)
  }

  @Test func `no window traps or loses a sample, whatever comes`() throws {
    var generator = SplitMix(state: 43)
    for (length, slide) in [(1, 1), (40, 10), (.max, .max), (1440, 1)] as [(Int64, Int64)] {
      for alignment in WindowAlignment.allCases {
        var window = try #require(
          SlidingWindow(
            length: length, slide: slide, alignment: alignment,
            rule: WindowSummary.Rule(isDirection: true)))
        var session = try #require(SessionWindow(gap: length))
        var mean = try #require(ExponentialMean(timeConstant: length))
        for _ in 0..<200 {
          let sample = hostileSample(&generator)
          if generator.next() % 3 == 0 {
            window.advance(to: sample.nanoseconds) { #expect($0.start < $0.end) }
            _ = session.advance(to: sample.nanoseconds)
          } else {
            window.accept(sample) { #expect($0.start < $0.end) }
            if let closed = session.accept(sample) { #expect(closed.start <= closed.end) }
            _ = mean.accept(sample)
          }
        }
      }
    }
  }
}
