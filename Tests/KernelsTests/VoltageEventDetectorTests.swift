import Kernels
import Testing

/// Values 10 ms apart, each the RMS of the 20 ms before.
private func changes(
  _ values: [Double], _ change: (inout VoltageEventDetector.Options) -> Void = { _ in }
) throws -> [VoltageEventDetector.Change?] {
  var options = VoltageEventDetector.Options(nominal: 100)
  change(&options)
  var detector = try #require(VoltageEventDetector(options))
  return values.enumerated().map { index, value in
    let time = Int64(index) * 10_000_000
    return detector.accept(
      Sample(nanoseconds: time, value: value), windowStart: time - 20_000_000)
  }
}

private func ended(_ changes: [VoltageEventDetector.Change?]) -> [VoltageEvent] {
  changes.compactMap {
    switch $0 {
    case .ended(let event)?: event
    case .turned(let event, _)?: event
    default: nil
    }
  }
}

@Suite struct VoltageEventDetectorTests {
  @Test func `a dip begins strictly below 90 percent and ends at 92`() throws {
    let found = try changes([100, 90, 89.9, 60, 70, 91.9, 92, 100])
    #expect(found.filter { $0 != nil }.count == 2)
    let event = try #require(ended(found).first)
    #expect(event.kind == .dip && event.extreme == 60 && event.extremeFraction == 0.6)
    #expect(event.windowStart == 0 && event.start == 20_000_000 && event.end == 60_000_000)
    #expect(event.duration == 40_000_000 && event.extremeTime == 30_000_000)
    #expect(event.interrupted == 0 && !event.hasGap)
  }

  @Test func `a swell begins strictly above 110 percent and ends at 108`() throws {
    let event = try #require(ended(changes([110, 110.1, 130, 108.1, 108])).first)
    #expect(event.kind == .swell && event.extreme == 130)
    #expect(event.start == 10_000_000 && event.end == 40_000_000)
  }

  @Test func `a dip that goes below 5 percent is one interruption`() throws {
    let found = try changes([100, 70, 2, 1, 6, 6.9, 7.1, 50, 93])
    guard case .began(let first)? = found[1], case .deepened(let second)? = found[2] else {
      Issue.record("no begin and no deepening")
      return
    }
    #expect(first.kind == .dip && second.kind == .interruption)
    let event = try #require(ended(found).first)
    #expect(event.kind == .interruption && event.extreme == 1)
    #expect(event.start == 10_000_000 && event.end == 80_000_000)
    // Below 5 % from 20 ms on, back over 7 % at 60 ms.
    #expect(event.interrupted == 40_000_000)
  }

  @Test func `one value may end a swell and begin an interruption`() throws {
    let found = try changes([100, 120, 3, 100])
    guard case .turned(let swell, let next)? = found[2] else {
      Issue.record("no turn")
      return
    }
    #expect(swell.kind == .swell && swell.end == 20_000_000)
    #expect(next.kind == .interruption && next.start == 20_000_000)
    #expect(ended(found).count == 2)
  }

  @Test func `IEEE 1159 puts the interruption at 10 percent`() throws {
    let found = try changes([100, 9, 100]) { $0.interruption = 0.1 }
    #expect(ended(found).first?.kind == .interruption)
  }

  @Test func `a sliding reference follows a slow change, and stands still in an event`() throws {
    let slow = (0..<60_000).map { 100 - Double(min($0, 20_000)) / 1000 }
    #expect(try ended(changes(slow + [100])).count == 1)
    let found = try changes(slow + [71, 100]) { $0.slidingReference = 60_000_000_000 }
    let event = try #require(ended(found).first)
    #expect(ended(found).count == 1 && event.kind == .dip)
    #expect((event.reference - 80).magnitude < 0.1)
  }

  @Test func `what is no voltage or not later is passed over`() throws {
    var detector = try #require(VoltageEventDetector(.init(nominal: 230)))
    #expect(detector.accept(Sample(nanoseconds: 10, value: 230)) == nil)
    for value in [Double.nan, .infinity, -.infinity, -1] {
      #expect(detector.accept(Sample(nanoseconds: 20, value: value)) == nil)
    }
    #expect(detector.accept(Sample(nanoseconds: 10, value: 0)) == nil)
    #expect(detector.accept(Sample(nanoseconds: 9, value: 0)) == nil)
    #expect(detector.passedOver == 6 && detector.event == nil)
    #expect(detector.accept(Sample(nanoseconds: 20, value: 0)) != nil)
    // A gap, and a clock set back.
    _ = detector.accept(Sample(nanoseconds: 100_000_000_000, value: 0))
    #expect(detector.event?.hasGap == true)
    let change = detector.accept(Sample(nanoseconds: 0, value: 230))
    guard case .ended(let event)? = change else {
      Issue.record("a set clock does not end the event")
      return
    }
    #expect(event.end == 0 && event.hasGap)
  }

  @Test func `thresholds that contradict each other are refused`() {
    func make(_ change: (inout VoltageEventDetector.Options) -> Void) -> VoltageEventDetector? {
      var options = VoltageEventDetector.Options(nominal: 230)
      change(&options)
      return VoltageEventDetector(options)
    }
    #expect(make { _ in } != nil)
    #expect(make { $0.nominal = .nan } == nil)
    #expect(make { $0.nominal = -230 } == nil)
    #expect(make { $0.dip = 1.2 } == nil)
    #expect(make { $0.interruption = 0.95 } == nil)
    #expect(make { $0.hysteresis = -0.1 } == nil)
    #expect(make { $0.hysteresis = .nan } == nil)
    #expect(make { $0.swell = .infinity } == nil)
    #expect(make { $0.maximumGap = 0 } == nil)
    #expect(make { $0.slidingReference = 0 } == nil)
  }

  @Test func `begins and ends alternate, whatever comes`() throws {
    var generator = SplitMix(state: 12)
    var detector = try #require(VoltageEventDetector(.init(nominal: 100)))
    var isOpen = false
    for index in 0..<20_000 {
      let time =
        generator.next() % 100 == 0
        ? Int64(bitPattern: generator.next()) : Int64(index) * 10_000_000
      let value =
        generator.next() % 20 == 0
        ? Double(bitPattern: generator.next()) : Double(generator.next() % 160)
      switch detector.accept(Sample(nanoseconds: time, value: value)) {
      case .began(let event):
        #expect(!isOpen && event.end == nil)
        isOpen = true
      case .ended(let event):
        #expect(isOpen && event.end != nil)
        isOpen = false
      case .turned(let event, let next):
        #expect(isOpen && event.end != nil && next.end == nil)
      case .deepened: #expect(isOpen)
      case nil: break
      }
      #expect((detector.event != nil) == isOpen)
    }
  }

  @Test func `a decimal value at a limit is at it, whatever the nominal voltage`() throws {
    // Exact decimal products, as a meter would print them.
    let rows: [(Double, below: Double, back: Double, above: Double, under: Double)] = [
      (230, 207, 211.6, 253, 248.4), (120, 108, 110.4, 132, 129.6), (400, 360, 368, 440, 432),
      (57.7, 51.93, 53.084, 63.47, 62.316), (110, 99, 101.2, 121, 118.8),
      (11_000, 9900, 10_120, 12_100, 11_880), (63.5, 57.15, 58.42, 69.85, 68.58),
    ]
    for (nominal, dip, back, swell, under) in rows {
      var detector = try #require(VoltageEventDetector(.init(nominal: nominal)))
      var time: Int64 = 0
      func kind(_ volts: Double) -> VoltageEvent.Kind? {
        time += 1_000_000_000
        _ = detector.accept(Sample(nanoseconds: time, value: volts))
        return detector.event?.kind
      }
      #expect(kind(dip) == nil && kind(0.99 * dip) == .dip && kind(back) == nil)
      #expect(kind(swell) == nil && kind(1.01 * swell) == .swell && kind(under) == nil)
    }
  }
}
