import Kernels
import Testing

private func sample(_ nanoseconds: Int64, _ value: Double) -> Sample {
  Sample(nanoseconds: nanoseconds, value: value)
}

@Suite struct TumblingWindowTests {
  @Test func `a window is given when its end has passed`() throws {
    var window = TumblingWindow(length: 10)
    #expect(window.accept(sample(12, 1)) == nil)
    #expect(window.accept(sample(19, 3)) == nil)
    #expect(window.advance(to: 19) == nil)
    let closed = window.advance(to: 20)
    let result = try #require(closed)
    #expect(result.start == 10 && result.end == 20)
    #expect(result.statistics.count == 2 && result.statistics.mean == 2)
    #expect(window.advance(to: 20) == nil)
    #expect(window.advance(to: 1000) == nil)
  }

  @Test func `a sample at the end belongs to the next window`() throws {
    var window = TumblingWindow(length: 10)
    _ = window.accept(sample(10, 1))
    let closed = window.accept(sample(20, 5))
    let result = try #require(closed)
    #expect(result.end == 20 && result.statistics.maximum == 1)
    let closedNext = window.advance(to: 30)
    let next = try #require(closedNext)
    #expect(next.start == 20 && next.statistics.minimum == 5)
  }

  @Test(
    arguments: [
      (0, 0), (9, 0), (10, 10), (-1, -10), (-10, -10), (-11, -20), (-20, -20),
      (1_000_003, 1_000_000),
    ] as [(Int64, Int64)])
  func `windows begin at whole multiples of the length, before the epoch too`(
    _ nanoseconds: Int64, _ start: Int64
  ) throws {
    var window = TumblingWindow(length: 10)
    #expect(window.accept(sample(nanoseconds, 1)) == nil)
    let closed = window.advance(to: Int64.max)
    let result = try #require(closed)
    #expect(result.start == start && result.end == start + 10)
  }

  @Test func `windows without values are passed over`() throws {
    var window = TumblingWindow(length: 10)
    _ = window.accept(sample(5, 1))
    let closedFirst = window.accept(sample(95, 2))
    let first = try #require(closedFirst)
    #expect(first.start == 0 && first.end == 10)
    let closedSecond = window.advance(to: 100)
    let second = try #require(closedSecond)
    #expect(second.start == 90 && second.end == 100)
    #expect(window.lateSamples == 0)
  }

  @Test func `a window of values that are not finite gives nothing`() {
    var window = TumblingWindow(length: 10)
    _ = window.accept(sample(1, .nan))
    _ = window.accept(sample(2, .infinity))
    #expect(window.advance(to: 10) == nil)
  }

  @Test func `a sample before the open window is late, one within it is not`() throws {
    var window = TumblingWindow(length: 10)
    _ = window.accept(sample(25, 1))
    #expect(window.accept(sample(19, 100)) == nil)
    #expect(window.accept(sample(-5, 100)) == nil)
    #expect(window.lateSamples == 2)
    _ = window.accept(sample(20, 3))
    #expect(window.lateSamples == 2)
    let closed = window.advance(to: 30)
    let result = try #require(closed)
    #expect(result.statistics.count == 2 && result.statistics.maximum == 3)
  }

  @Test func `time that goes back opens no window again`() throws {
    var window = TumblingWindow(length: 10)
    _ = window.accept(sample(25, 1))
    #expect(window.advance(to: 3) == nil)
    let closed = window.advance(to: 30)
    let result = try #require(closed)
    #expect(result.start == 20)
    #expect(window.advance(to: 3) == nil)
    _ = window.accept(sample(12, 9))
    #expect(window.lateSamples == 1)
  }

  @Test func `a length below one is one`() throws {
    for length in [0, -5, Int64.min] {
      var window = TumblingWindow(length: length)
      #expect(window.length == 1)
      _ = window.accept(sample(7, 1))
      let closed = window.accept(sample(8, 1))
      let result = try #require(closed)
      #expect(result.start == 7 && result.end == 8)
    }
  }

  @Test func `samples in order fall into the windows that division says`() {
    var generator = SplitMix(state: 5)
    for length in [1, 7, 10, 1000] as [Int64] {
      var window = TumblingWindow(length: length)
      var results: [TumblingWindow.Result] = []
      var expected: [Int64: [Double]] = [:]
      var now: Int64 = -5000
      for _ in 0..<2000 {
        now += Int64(generator.next() % 20)
        let value = Double(generator.next() % 1000)
        if let result = window.accept(sample(now, value)) { results.append(result) }
        // Division that rounds down, written with doubles, which are exact here.
        let index = Int64((Double(now) / Double(length)).rounded(.down))
        expected[index * length, default: []].append(value)
        // Saying the time in between changes nothing.
        if generator.next() % 3 == 0, let result = window.advance(to: now) {
          results.append(result)
        }
      }
      if let result = window.advance(to: now + length) { results.append(result) }
      #expect(results.map(\.start) == expected.keys.sorted())
      for result in results {
        let values = expected[result.start] ?? []
        #expect(result.end == result.start + length)
        #expect(Int(result.statistics.count) == values.count)
        #expect(result.statistics.minimum == values.min())
        #expect(result.statistics.maximum == values.max())
      }
      #expect(window.lateSamples == 0)
    }
  }

  @Test func `never traps, and loses no sample without counting it`() {
    var generator = SplitMix(state: 6)
    let edges: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    for length in [1, 3, 1_000_000_000, Int64.max] {
      var window = TumblingWindow(length: length)
      var accepted: UInt64 = 0
      var given: UInt64 = 0
      for _ in 0..<5000 {
        let time =
          generator.next() % 4 == 0
          ? edges[Int(generator.next() % 7)] : Int64(bitPattern: generator.next())
        let result: TumblingWindow.Result?
        if generator.next() % 2 == 0 {
          result = window.advance(to: time)
        } else {
          accepted += 1
          result = window.accept(sample(time, 1))
        }
        if let result {
          given += result.statistics.count
          #expect(result.start < result.end)
        }
      }
      let rest = window.advance(to: .max)
      given += rest?.statistics.count ?? 0
      // What is still open at the end of time cannot be given away any more.
      #expect(given + window.lateSamples <= accepted)
    }
  }
}
