import Kernels
import Testing

private let nano = 1_000_000_000 as Int64

private func flags(_ values: [Double], _ accept: (Sample) -> QualityFlag) -> [QualityFlag] {
  values.enumerated().map { accept(second(Double($0), $1)) }
}

/// A composite with every test.
private func everything() -> QualityControl {
  QualityControl(
    timing: TimingTest(interval: nano),
    sentinels: SentinelValues([-9999, 85]),
    grossRange: GrossRange(fail: -80...60, suspect: -40...50),
    climatology: Climatology([Climatology.Season(.month, from: 11, through: 2, suspect: -30...20)]),
    spike: SpikeTest(suspect: 3, fail: 6),
    rateOfChange: RateOfChange(suspect: 5),
    flatLine: FlatLine(
      suspectAfter: 5 * nano, failAfter: 10 * nano, tolerance: 0.01, interval: nano),
    attenuatedSignal: AttenuatedSignal(suspect: 0.1, fail: 0.01, period: 10 * nano, capacity: 12))
}

@Suite struct QualityTests {
  // The loop of `qartod_compare` in ioos_qc 3.0.0: 9, 2, 1, 3, 4.
  @Test func `fail prevails over suspect, good, not evaluated and missing`() {
    let order: [QualityFlag] = [.missing, .notEvaluated, .good, .suspect, .fail]
    #expect(QualityFlag.allCases.map(\.rawValue) == [1, 2, 3, 4, 9])
    #expect(QualityFlag.allCases.sorted { $0.priority < $1.priority } == order)
    for (index, flag) in order.enumerated() {
      #expect(QualityFlag.aggregate(order[...index].shuffled()) == flag)
      for other in order[...index] {
        #expect(flag.combined(with: other) == flag && other.combined(with: flag) == flag)
      }
    }
    #expect(QualityFlag.aggregate([]) == .notEvaluated)
  }

  @Test func `the flags of a sample hold one for each test`() {
    var flags = QualityFlags()
    #expect(flags.aggregate == .notEvaluated)
    for (index, test) in QualityTest.allCases.enumerated() {
      #expect(flags[test] == nil)
      flags[test] = QualityFlag.allCases[index % 5]
    }
    for (index, test) in QualityTest.allCases.enumerated() {
      #expect(flags[test] == QualityFlag.allCases[index % 5])
    }
    #expect(flags.aggregate == .fail)
    for test in QualityTest.allCases { flags[test] = nil }
    #expect(flags == QualityFlags())
    flags[.spike] = .missing
    #expect(flags.aggregate == .missing)
  }

  @Test func `the ends belong to a gross range`() throws {
    let range = try #require(GrossRange(fail: 0...10, suspect: 2...8))
    #expect(
      flags([-0.1, 0, 1.9, 2, 8, 8.1, 10, 10.1], range.accept)
        == [.fail, .suspect, .suspect, .good, .good, .suspect, .suspect, .fail])
    #expect(flags([.nan, .infinity], range.accept) == [.missing, .fail])
    let half = try #require(GrossRange(fail: 0...Double.infinity))
    #expect(flags([.infinity, -.infinity, 1], half.accept) == [.missing, .fail, .good])
    #expect(GrossRange(fail: 0...10, suspect: -1...8) == nil)
  }

  @Test func `a rate is one of real seconds`() throws {
    var rate = try #require(RateOfChange(suspect: 1, fail: 10))
    let times: [(Double, Double)] = [(0, 0), (0.5, 0.5), (0.75, 1), (0.8, 2), (0.8, 2), (0.5, 2)]
    #expect(
      times.map { rate.accept(second($0.0, $0.1)) }
        == [.good, .good, .suspect, .fail, .notEvaluated, .good])
    #expect(rate.accept(second(1, .nan)) == .missing)
    #expect(rate.accept(second(2, 900)) == .good)
    #expect(RateOfChange(suspect: .nan) == nil && RateOfChange(suspect: 1, fail: -1) == nil)
  }

  @Test func `one step over the limit of a minute is suspect, the limit itself is not`() throws {
    let preset = QualityPreset.wmoAirTemperature
    var control = try #require(preset.control(interval: 60 * nano))
    let got = [10.0, 13, 10, 13.1].enumerated().map { index, value in
      control.accept(second(Double(index) * 60, value))?.flags[.rateOfChange]
    }
    #expect(got == [.good, .good, .good, .suspect])
    #expect(!control.isDelayed && control.finish() == nil)
  }

  @Test func `a flat line is flagged when its window is full`() throws {
    var flat = try #require(
      FlatLine(suspectAfter: 3 * nano, failAfter: 5 * nano, tolerance: 0.1, interval: nano))
    #expect(
      flags([1, 1.05, 1, 1, 1.05, 1, 1, 2, 2], { flat.accept($0) })
        == [.good, .good, .good, .suspect, .suspect, .fail, .fail, .good, .good])
    // One value after an outage does not stand still.
    var outage = try #require(FlatLine(suspectAfter: 2 * nano, tolerance: 0.1, interval: nano))
    #expect(
      flags([1, .nan, .nan, 7, 7], { outage.accept($0) })
        == [.good, .missing, .missing, .good, .suspect])
    #expect(FlatLine(suspectAfter: nano, tolerance: 0, interval: nano) == nil)
    #expect(FlatLine(suspectAfter: nano - 1, tolerance: 1, interval: nano) == nil)
    #expect(FlatLine(suspectAfter: .max, tolerance: 1, interval: 1) == nil)
  }

  @Test func `an attenuated signal starts anew when time goes back`() throws {
    var test = try #require(
      AttenuatedSignal(
        suspect: 1, fail: 0.5, period: 10 * nano, capacity: 3, minimumObservations: 3))
    #expect(
      flags([0, 4, 0, 4, 4, 4], { test.accept($0) })
        == [.notEvaluated, .notEvaluated, .good, .good, .good, .fail])
    #expect(test.accept(second(2, 0)) == .notEvaluated)
    #expect(AttenuatedSignal(suspect: 1, fail: 1, period: 0, capacity: 3) == nil)
    #expect(
      AttenuatedSignal(suspect: 1, fail: 1, period: 5, capacity: 3, minimumObservations: 4)
        == nil)
  }

  @Test func `limits that fail before they are suspect are refused, equal ones are not`() {
    #expect(SpikeTest(suspect: 4, fail: 2) == nil && SpikeTest(suspect: 4, fail: 4) != nil)
    #expect(RateOfChange(suspect: 4, fail: 2) == nil && RateOfChange(suspect: 4, fail: 4) != nil)
    func flat(_ failAfter: Int64) -> FlatLine? {
      FlatLine(suspectAfter: 60 * nano, failAfter: failAfter * nano, tolerance: 1, interval: nano)
    }
    #expect(flat(59) == nil && flat(60) != nil)
    #expect(AttenuatedSignal(suspect: 1, fail: 1.5, period: 5, capacity: 5) == nil)
    #expect(AttenuatedSignal(suspect: .nan, fail: 1, period: 5, capacity: 5) == nil)
    #expect(AttenuatedSignal(suspect: 1, fail: .nan, period: 5, capacity: 5) == nil)
    func season(_ suspect: ClosedRange<Double>, _ fail: ClosedRange<Double>) -> Climatology? {
      Climatology([.init(.month, from: 1, through: 3, suspect: suspect, fail: fail)])
    }
    #expect(season(0...10, 0...10) != nil)
    #expect(season(0...10, 1...10) == nil && season(0...10, 0...9) == nil)
  }

  @Test(arguments: Climatology.Period.allCases)
  func `a season begins and ends with numbers of its period`(_ period: Climatology.Period) {
    func season(_ first: Int64, _ last: Int64) -> Climatology? {
      Climatology([.init(period, from: first, through: last, suspect: 0...1)])
    }
    let (least, most) = (period.range.lowerBound, period.range.upperBound)
    #expect(season(least, most) != nil && season(most, least) != nil)
    #expect(season(least - 1, most) == nil && season(least, most + 1) == nil)
    #expect(season(least, .max) == nil && season(.min, most) == nil)
  }

  @Test func `stamps are early, late, missing, doubled or backwards`() throws {
    var timing = try #require(
      TimingTest(interval: 10 * nano, tolerance: 2 * nano, maximumGap: 60 * nano))
    var arrivals: [TimingTest.Arrival?] = []
    let got = [0.0, 10, 22, 29.9, 43, 43, 64, 100, 50, 60, 125, 133].map { time in
      let flag = timing.accept(second(time, 1))
      arrivals.append(timing.arrival)
      return flag
    }
    #expect(
      arrivals == [
        .first, .onTime, .onTime, .early, .late, .duplicate, .afterMissing(1), .afterMissing(3),
        .backwards, .onTime, .afterMissing(6), .onTime,
      ])
    #expect(
      got == [
        .notEvaluated, .good, .good, .suspect, .suspect, .fail, .suspect, .suspect, .fail, .good,
        .fail, .good,
      ])
    #expect(timing.missingSamples == 10)
    #expect(timing.overdue(at: 144 * nano) == 0 && timing.overdue(at: 145 * nano) == 1)
    #expect(timing.overdue(at: .min) == 0 && timing.overdue(at: .max) > 0)
    #expect(timing.accept(second(143, .nan)) == .missing)
    #expect(TimingTest(interval: 0) == nil && TimingTest(interval: 5, tolerance: 5) == nil)
  }

  @Test func `a dew point over the temperature is suspect`() throws {
    let test = try #require(Consistency(.notAbove(tolerance: 0.25)))
    #expect(test.flag(first: 5, second: 4.75) == .good)
    #expect(test.flag(first: 5, second: 4.5) == .suspect)
    #expect(test.flag(first: -5, second: 4) == .good)
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(test.flag(first: value, second: 9) == .missing)
      #expect(test.flag(first: 9, second: value) == .missing)
    }
  }

  @Test func `a wind of no speed has no direction`() throws {
    let test = try #require(Consistency(.zeroTogether(tolerance: 0), flag: .fail))
    for (speed, direction, flag) in [
      (0.0, 0.0, QualityFlag.good), (0, 90, .fail), (3, 0, .fail), (3, 360, .good),
    ] { #expect(test.flag(first: speed, second: direction) == flag) }
    #expect(Consistency(.notAbove(tolerance: -1)) == nil)
    #expect(Consistency(.zeroTogether(tolerance: .nan)) == nil)
  }

  @Test func `a sentinel fails and leaves its neighbours alone`() throws {
    var control = everything()
    var verdicts: [QualityControl.Verdict] = []
    for (index, value) in [10, 10.4, 85, 10.6, 10.1, 19].enumerated() {
      if let verdict = control.accept(second(Double(index), value)) { verdicts.append(verdict) }
    }
    if let last = control.finish() { verdicts.append(last) }
    #expect(verdicts.map(\.sample.value) == [10, 10.4, 85, 10.6, 10.1, 19])
    #expect(verdicts.map { $0.flags[.sentinel] } == [.good, .good, .fail, .good, .good, .good])
    #expect(verdicts.map(\.aggregate) == [.good, .good, .fail, .good, .suspect, .suspect])
    #expect(verdicts[2].flags[.rateOfChange] == .missing)
    #expect(control.finish() == nil)
  }

  @Test func `a missing sample is missing to all tests and in the whole`() throws {
    var control = everything()
    #expect(control.accept(second(0, 1)) == nil)
    _ = control.accept(second(1, .nan))
    let held = control.finish()
    let verdict = try #require(held)
    for test in QualityTest.allCases where test != .consistency {
      #expect(verdict.flags[test] == .missing, "\(test)")
    }
    #expect(verdict.aggregate == .missing)
  }

  @Test func `every preset makes its tests`() throws {
    let presets: [QualityPreset] = [
      .wmoAirTemperature, .wmoDewPoint, .wmoRelativeHumidity, .wmoPressure, .wmoWindSpeed,
      .wmoWindGust, .wmoWindDirection, .weatherXMRelativeHumidity, .weatherXMAirTemperature,
      .weatherXMWindDirection, .weatherXMWindSpeed, .weatherXMPressure, .weatherXMIlluminance,
    ]
    for preset in presets {
      for seconds in [16, 60] as [Int64] {
        var control = try #require(preset.control(interval: seconds * nano))
        let inside = control.accept(second(0, preset.range.upperBound))
        #expect(inside?.flags[.grossRange] == .good)
        let outside = control.accept(second(60, preset.range.upperBound + 0.1))
        #expect(outside?.aggregate == .fail)
      }
      #expect(preset.control(interval: 0) == nil)
    }
  }

  // A value of 100 units with all limits scaled by 100 is the same value.
  @Test func `flags do not depend on the unit`() {
    func control(_ scale: Double) -> QualityControl {
      QualityControl(
        grossRange: GrossRange(fail: (-64 * scale)...(64 * scale)),
        spike: SpikeTest(suspect: 4 * scale, fail: 16 * scale),
        rateOfChange: RateOfChange(suspect: 8 * scale),
        flatLine: FlatLine(suspectAfter: 3 * nano, tolerance: 2 * scale, interval: nano),
        attenuatedSignal: AttenuatedSignal(
          suspect: 8 * scale, fail: 2 * scale, period: 8 * nano, capacity: 8))
    }
    for scale in [0.25, 1024, -1] {
      var (one, other) = (control(1), control(abs(scale)))
      var generator = SplitMix(state: 50)
      for index in 0..<2000 {
        let value = generator.next() % 3 == 0 ? 1 : Double(generator.next() % 200) - 100
        let plain = one.accept(second(Double(index), value))
        let scaled = other.accept(second(Double(index), value * scale))
        #expect(plain?.flags == scaled?.flags)
      }
    }
  }

  @Test func `no test traps, whatever comes, and every sample has one verdict`() throws {
    var generator = SplitMix(state: 51)
    for _ in 0..<10 {
      var control = everything()
      var copy = control
      var verdicts = 0
      for step in 0..<2000 {
        let sample = hostileSample(&generator)
        let verdict = control.accept(sample)
        verdicts += verdict == nil ? 0 : 1
        if step == 1000 { copy = control }
        if step > 1000 { #expect(copy.accept(sample)?.flags == verdict?.flags) }
      }
      verdicts += control.finish() == nil ? 0 : 1
      #expect(verdicts == 2000)
    }
  }
}
