import Kernels
import Testing

/// The settings with which ioos_qc 3.0.0 made a file of flags.
private struct GoldenSettings: Sendable {
  let file: String
  let interval: Int64
  let fail: ClosedRange<Double>
  let suspect: ClosedRange<Double>
  let spike: (suspect: Double, fail: Double)
  let rate: (suspect: Double, fail: Double)
  let flat: (suspect: Int64, fail: Int64, tolerance: Double)
  let attenuated: (suspect: Double, fail: Double, period: Int64)
}

private let golden = [
  GoldenSettings(
    file: "qartod_surfrad_temp", interval: 60, fail: -40...50, suspect: -25...30,
    spike: (1, 3), rate: (0.01, 0.05), flat: (900, 1800, 0.05), attenuated: (0.15, 0.05, 3600)),
  GoldenSettings(
    file: "qartod_water_level", interval: 3600, fail: -3...6, suspect: -2...3,
    spike: (0.4, 0.9), rate: (0.0003, 0.0006), flat: (10_800, 21_600, 0.001),
    attenuated: (0.1, 0.03, 86_400)),
]

private let nano = 1_000_000_000 as Int64

@Suite struct QualityGoldenTests {
  @Test(arguments: golden)
  private func `a real series with seeded faults gets the flags of ioos_qc`(
    _ settings: GoldenSettings
  ) throws {
    let grossRange = try #require(GrossRange(fail: settings.fail, suspect: settings.suspect))
    let average = try #require(
      SpikeTest(suspect: settings.spike.suspect, fail: settings.spike.fail))
    var differential = try #require(
      SpikeTest(
        suspect: settings.spike.suspect, fail: settings.spike.fail, method: .differential))
    let rate = try #require(
      RateOfChange(suspect: settings.rate.suspect, fail: settings.rate.fail))
    let flat = try #require(
      FlatLine(
        suspectAfter: settings.flat.suspect * nano, failAfter: settings.flat.fail * nano,
        tolerance: settings.flat.tolerance, interval: settings.interval * nano))
    var attenuated = try #require(
      AttenuatedSignal(
        suspect: settings.attenuated.suspect, fail: settings.attenuated.fail,
        period: settings.attenuated.period * nano, capacity: 70, minimumObservations: 10))
    var control = QualityControl(
      grossRange: grossRange, spike: average, rateOfChange: rate, flatLine: flat)

    var seconds: Int64 = 0
    var expected: [[QualityFlag?]] = []
    var verdicts: [QualityControl.Verdict] = []
    var differentials: [QualityFlag] = []
    var attenuateds: [QualityFlag] = []
    for row in try qualityVectors(settings.file) {
      seconds += Int64(row[0]) ?? settings.interval
      let sample = Sample(nanoseconds: seconds * nano, value: qualityValue(row[1]))
      expected.append(qualityFlags(row[2]))
      if let verdict = control.accept(sample) { verdicts.append(verdict) }
      if let flag = differential.accept(sample) { differentials.append(flag) }
      attenuateds.append(attenuated.accept(sample))
    }
    if let verdict = control.finish() { verdicts.append(verdict) }
    if let flag = differential.finish() { differentials.append(flag) }

    #expect(verdicts.count == expected.count)
    #expect(verdicts.map { $0.flags[.grossRange] } == expected.map { $0[0] })
    #expect(verdicts.map { $0.flags[.spike] } == expected.map { $0[1] })
    #expect(differentials == expected.map { $0[2] })
    #expect(verdicts.map { $0.flags[.rateOfChange] } == expected.map { $0[3] })
    #expect(verdicts.map { $0.flags[.flatLine] } == expected.map { $0[4] })
    #expect(attenuateds == expected.map { $0[5] })
    #expect(verdicts.map(\.aggregate) == expected.map { $0[6] })
  }

  // The vectors have missing values, infinities, uneven intervals and stretches that do not move.
  @Test func `random series get the flags of ioos_qc`() throws {
    let rows = try qualityVectors("qartod_random")
    for series in Set(rows.map { $0[0] }).sorted() {
      let grossRange = try #require(GrossRange(fail: -5...5, suspect: -3...3))
      var average = try #require(SpikeTest(suspect: 1, fail: 3))
      var differential = try #require(SpikeTest(suspect: 1, fail: 3, method: .differential))
      var rate = try #require(RateOfChange(suspect: 0.1, fail: 0.3))
      var flat = try #require(
        FlatLine(
          suspectAfter: 30 * nano, failAfter: 60 * nano, tolerance: 0.5, interval: 10 * nano))
      var deviation = try #require(
        AttenuatedSignal(
          suspect: 0.5, fail: 0.2, period: 60 * nano, capacity: 20, minimumObservations: 3))
      var range = try #require(
        AttenuatedSignal(
          suspect: 1, fail: 0.4, period: 45 * nano, capacity: 20, minimumPeriod: 20 * nano,
          interval: 10 * nano, measure: .range))
      var got: [[QualityFlag?]] = []
      let own = rows.filter { $0[0] == series }
      for row in own {
        let sample = Sample(nanoseconds: (Int64(row[1]) ?? 0) * nano, value: qualityValue(row[2]))
        let spikes = (average.accept(sample), differential.accept(sample))
        if !got.isEmpty {
          got[got.count - 1][1] = spikes.0
          got[got.count - 1][2] = spikes.1
        }
        got.append([
          grossRange.accept(sample), nil, nil, rate.accept(sample), flat.accept(sample),
          deviation.accept(sample), range.accept(sample),
        ])
      }
      got[got.count - 1][1] = average.finish()
      got[got.count - 1][2] = differential.finish()
      let values = own.map { qualityValue($0[2]) }
      let times = own.map { Int64($0[1]) ?? 0 }
      for (index, row) in own.enumerated() {
        var expected = qualityFlags(row[3])
        // The deviations, each as the test's description gives it.
        if index > 0, values[index - 1].isInfinite { expected[3] = got[index][3] }
        if values[max(0, index - 6)...index].filter(\.isFinite).count < 2
          || values[max(0, index - 3)...index].filter(\.isFinite).count < 2
        {
          expected[4] = got[index][4]
        }
        if values.indices.contains(where: {
          $0 <= index && times[$0] > times[index] - 45 && !values[$0].isFinite
        }) {
          expected[6] = got[index][6]
        }
        #expect(got[index] == expected, "series \(series), row \(index)")
      }
    }
  }

  @Test func `random times get the climatology flags of ioos_qc`() throws {
    func season(
      _ period: Climatology.Period, _ first: Int64, _ last: Int64, _ suspect: ClosedRange<Double>,
      _ fail: ClosedRange<Double>? = nil
    ) -> Climatology.Season {
      Climatology.Season(period, from: first, through: last, suspect: suspect, fail: fail)
    }
    let tables = [
      [season(.month, 3, 5, 0...10, -5...20), season(.month, 5, 8, 5...15)],
      [season(.week, 1, 26, 0...10), season(.week, 52, 53, -2...2, -4...4)],
      [season(.dayOfYear, 60, 60, 0...10), season(.dayOfYear, 300, 366, 0...5, -9...9)],
      [season(.dayOfWeek, 5, 6, 0...10), season(.dayOfWeek, 0, 2, 0...3)],
      [season(.quarter, 2, 3, 0...10), season(.year, 1990, 2005, 1...6, 0...7)],
      [season(.hour, 6, 18, 0...10), season(.day, 29, 31, 0...2, -1...5)],
    ]
    var tests = try tables.map { try #require(Climatology($0)) }
    for row in try qualityVectors("climatology") {
      let sample = Sample(nanoseconds: (Int64(row[0]) ?? 0) * nano, value: qualityValue(row[1]))
      let flags = tests.indices.map { tests[$0].accept(sample) }
      if sample.value.isNaN {
        #expect(flags.allSatisfy { $0 == .missing })
      } else {
        #expect(flags == qualityFlags(row[3]), "\(row)")
      }
      let parts = row[2].split(separator: " ").compactMap { Int64($0) }
      for (period, part) in zip(Climatology.Period.allCases, parts) {
        var only = try #require(
          Climatology([season(period, part, part, -100...100)]))
        let flag = only.accept(Sample(nanoseconds: sample.nanoseconds, value: 0))
        #expect(flag == .good, "\(period) \(row)")
      }
    }
  }
}
