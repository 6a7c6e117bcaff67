import Kernels
import Testing

@Suite struct ZeroCrossingFrequencyTests {
  /// Edges of a frequency over a time, with a jitter that a generator gives.
  private func edges(
    _ hertz: Double, seconds: Double, perCycle: Double = 2, jitter: UInt64 = 0
  ) -> [Int64] {
    var generator = SplitMix(state: 9)
    return (0..<Int(seconds * hertz * perCycle)).map { index in
      let exact = Int64((Double(index) * 1e9 / (hertz * perCycle)).rounded())
      guard jitter > 0 else { return exact }
      return exact + Int64(generator.next() % (2 * jitter)) - Int64(jitter)
    }
  }

  @Test(arguments: [(50.0, 2), (49.873, 2), (60.02, 1), (42.5, 1), (57.5, 2)])
  func `whole cycles over their duration give the frequency`(_ hertz: Double, _ perCycle: Int)
    throws
  {
    var meter = try #require(ZeroCrossingFrequency(edgesPerCycle: perCycle))
    let results = edges(hertz, seconds: 35, perCycle: Double(perCycle)).compactMap {
      meter.accept(edge: $0)
    }
    #expect(results.map(\.start) == [0, 10_000_000_000, 20_000_000_000])
    for result in results {
      #expect((result.frequency - hertz).magnitude < 1e-7)
      #expect(result.isComplete && result.errorBound == 0)
    }
  }

  @Test(arguments: [5_000, 50_000, 200_000] as [Int64])
  func `jitter moves the frequency by no more than the bound`(_ jitter: Int64) throws {
    var meter = try #require(ZeroCrossingFrequency(window: 1_000_000_000, jitter: jitter))
    for edge in edges(50.01, seconds: 60, jitter: UInt64(jitter)) {
      guard let result = meter.accept(edge: edge) else { continue }
      #expect((result.frequency - 50.01).magnitude <= result.errorBound)
      #expect(result.errorBound < 2.2e-7 * Double(jitter))
    }
  }

  @Test func `bounces are left out and missing edges break the row`() throws {
    var meter = try #require(ZeroCrossingFrequency(window: 1_000_000_000))
    var results: [ZeroCrossingFrequency.Result] = []
    for (index, edge) in edges(50, seconds: 4).enumerated() where index != 130 {
      if let result = meter.accept(edge: edge) { results.append(result) }
      if index % 10 == 0 { #expect(meter.accept(edge: edge + 100_000) == nil) }
    }
    #expect(meter.leftOut == 39 && meter.breaks == 1)
    #expect(results.map(\.isComplete) == [true, false, true])
    for result in results { #expect(result.frequency == 50) }
    // The cycles before and behind the break count, over the time that they took.
    #expect(results[1].intervals == 98 && results[1].measured == 980_000_000)
  }

  @Test func `a break loses no cycles, whatever follows it`() throws {
    var meter = try #require(ZeroCrossingFrequency(window: 1_000_000_000))
    for edge in edges(50, seconds: 0.9) { #expect(meter.accept(edge: edge) == nil) }
    meter.interrupt()
    // Nothing comes for the rest of the window: it still gives what it had.
    let late = meter.accept(edge: 3_000_000_000)
    #expect(late?.frequency == 50 && late?.intervals == 89 && late?.isComplete == false)
    // A clock that is set back closes the window, too.
    for edge in edges(50, seconds: 0.5) { _ = meter.accept(edge: edge + 3_000_000_000) }
    let back = meter.accept(edge: 500_000_000)
    #expect(back?.start == 3_000_000_000 && back?.intervals == 49)
    #expect(meter.flush() == nil)
  }

  @Test func `without edges there is no frequency`() throws {
    var meter = try #require(ZeroCrossingFrequency(window: 1_000_000_000))
    for edge in edges(50, seconds: 1.5) { _ = meter.accept(edge: edge) }
    let cut = meter.advance(to: 2_000_000_000)
    #expect(cut?.isComplete == false && cut?.frequency == 50)
    #expect(meter.advance(to: 9_000_000_000) == nil)
    #expect(meter.advance(to: .max) == nil)
  }

  @Test func `never traps, whatever comes`() throws {
    var generator = SplitMix(state: 10)
    for window in [1, 1_000_000_000, Int64.max] {
      var meter = try #require(ZeroCrossingFrequency(window: window, jitter: 1_000_000_000))
      for _ in 0..<5000 {
        let time =
          generator.next() % 3 == 0
          ? Int64(bitPattern: generator.next()) : Int64(generator.next() % 100_000_000)
        let result =
          generator.next() % 5 == 0 ? meter.advance(to: time) : meter.accept(edge: time)
        if let result { #expect(result.frequency.isFinite && result.frequency > 0) }
        if generator.next() % 100 == 0 { meter.interrupt() }
        if generator.next() % 100 == 0 { _ = meter.flush() }
      }
    }
    #expect(ZeroCrossingFrequency(window: 0) == nil)
    #expect(ZeroCrossingFrequency(edgesPerCycle: 3) == nil)
    #expect(ZeroCrossingFrequency(jitter: -1) == nil)
    #expect(ZeroCrossingFrequency(range: 0...70) == nil)
  }
}
