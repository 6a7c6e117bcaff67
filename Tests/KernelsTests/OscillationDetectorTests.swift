import Kernels
import Testing

@Suite struct OscillationDetectorTests {
  /// When alarms change, in seconds, of a value at a rate.
  private func changes(
    _ options: OscillationDetector.Options, rate: Double, seconds: Int,
    _ value: (Double) -> Double
  ) throws -> (raised: [Double], released: [Double], detector: OscillationDetector) {
    var detector = try #require(OscillationDetector(options))
    var (raised, released): ([Double], [Double]) = ([], [])
    for index in 0..<Int(Double(seconds) * rate) {
      let time = Double(index) / rate
      switch detector.accept(Sample(nanoseconds: Int64(time * 1e9), value: value(time))) {
      case .raised: raised.append(time)
      case .released: released.append(time)
      case nil: break
      }
    }
    return (raised, released, detector)
  }

  @Test(arguments: [0.2, 0.6, 1.2])
  func `a swing in the band is found while it lasts`(_ hertz: Double) throws {
    let found = try changes(.band(level: 0.02), rate: 10, seconds: 400) { time in
      let swing = 100..<200 ~= time ? 0.06 * Elementary.sin(2 * Double.pi * hertz * time) : 0
      return 50 + 0.05 * Elementary.sin(time / 60) + swing
    }
    #expect(found.raised.count == 1 && found.released.count == 1)
    #expect(100..<125 ~= found.raised.first ?? 0)
    #expect(200..<240 ~= found.released.first ?? 0)
    #expect(!found.detector.isUndersampled)
  }

  @Test func `a slow drift and a swing beside the band raise nothing`() throws {
    for hertz in [0.005, 4.5] {
      let found = try changes(.band(level: 0.02), rate: 10, seconds: 300) {
        50 + 0.03 * Elementary.sin(2 * Double.pi * hertz * $0)
      }
      #expect(found.raised.isEmpty)
    }
  }

  @Test(arguments: [5.0, 10, 20, 50], [0.1, 0.15, 0.3, 0.5, 1, 1.5, 2])
  func `the measure is the RMS of what swings in the band, to five percent`(
    _ rate: Double, _ hertz: Double
  ) throws {
    var detector = try #require(OscillationDetector(.band(level: 1)))
    var (least, most) = (Double.infinity, 0.0)
    for index in 0..<Int(200 * rate) {
      let time = Double(index) / rate
      let value = 50 + 0.05 * Elementary.sin(2 * Double.pi * hertz * time)
      _ = detector.accept(Sample(nanoseconds: Int64(time * 1e9), value: value))
      guard time > 100, let measure = detector.measure else { continue }
      (least, most) = (min(least, measure), max(most, measure))
    }
    let truth = 0.05 / 2.0.squareRoot()
    #expect(least > 0.945 * truth && most < 1.055 * truth)
  }

  @Test(arguments: [5.0, 10, 50], [0.05, 0.2, 1])
  func `a single step in the band raises nothing`(_ rate: Double, _ height: Double) throws {
    let found = try changes(.band(level: 0.02), rate: rate, seconds: 200) {
      $0 < 50 ? 50 : 50 - height
    }
    #expect(found.raised.isEmpty && found.detector.measure ?? 1 < 1e-3)
  }

  @Test func `a stream that is too slow claims nothing`() throws {
    let found = try changes(.band(level: 0.02), rate: 0.5, seconds: 4000) {
      50 + Elementary.sin(2 * Double.pi * 0.21 * $0)
    }
    #expect(found.raised.isEmpty && found.detector.isUndersampled)
    #expect(found.detector.measure == nil)
  }

  @Test func `roughness finds a swing that is aliased, not a step, spike or ramp`() throws {
    var generator = SplitMix(state: 51)
    let found = try changes(.roughness(), rate: 0.5, seconds: 8000) { time in
      let noise = Double(generator.next() % 60) - 30
      var value = 27_000 + noise
      if time == 1000 { value -= 900 }
      if time >= 2000 { value += 800 }
      if 3000..<3060 ~= time { value += (time - 3000) * 300 }
      if 4000..<4300 ~= time { value += 600 * Elementary.sin(2 * Double.pi * 0.63 * time) }
      return value
    }
    #expect(found.raised.count == 1 && found.released.count == 1)
    #expect(4000..<4020 ~= found.raised.first ?? 0)
    #expect(4300..<4360 ~= found.released.first ?? 0)
  }

  @Test func `never traps, and alarms alternate`() throws {
    var generator = SplitMix(state: 52)
    for options in [OscillationDetector.Options.roughness(), .band(level: 1)] {
      var detector = try #require(OscillationDetector(options))
      for index in 0..<20_000 {
        let time =
          generator.next() % 200 == 0
          ? Int64(bitPattern: generator.next()) : Int64(index) * 100_000_000
        let value =
          generator.next() % 50 == 0
          ? Double(bitPattern: generator.next()) : Double(generator.next() % 100)
        let wasRaised = detector.isRaised
        switch detector.accept(Sample(nanoseconds: time, value: value)) {
        case .raised: #expect(!wasRaised && detector.isRaised)
        case .released: #expect(wasRaised && !detector.isRaised)
        case nil: #expect(wasRaised == detector.isRaised)
        }
      }
    }
    #expect(OscillationDetector(.band(level: 0)) == nil)
    #expect(OscillationDetector(.band(from: 2, to: 1, level: 1)) == nil)
    #expect(OscillationDetector(.roughness(ratio: 1)) == nil)
    #expect(OscillationDetector(.roughness(ratio: .nan)) == nil)
  }
}
