import Kernels
import Testing

/// The changes that values make, a second apart unless times are given.
private func changes(
  _ threshold: Threshold, _ values: [Double], times: [Int64]? = nil
) -> [Threshold.Change?] {
  var threshold = threshold
  return values.enumerated().map { index, value in
    let time = times?[index] ?? Int64(index) * 1_000_000_000
    return threshold.accept(Sample(nanoseconds: time, value: value))
  }
}

@Suite struct ThresholdTests {
  @Test func `is raised strictly beyond the limit and released at it`() throws {
    let above = try #require(Threshold(.above, 30, release: 30))
    #expect(
      changes(above, [29, 30, 30.1, 31, 30, 29])
        == [nil, nil, .raised(30.1), nil, .released(30), nil])
    let below = try #require(Threshold(.below, 5, release: 5))
    #expect(
      changes(below, [6, 5, 4.9, 4, 5, 6]) == [nil, nil, .raised(4.9), nil, .released(5), nil])
  }

  @Test func `between limit and release nothing changes`() throws {
    let above = try #require(Threshold(.above, 30, release: 28))
    #expect(
      changes(above, [31, 29, 31, 28.1, 28, 29, 30, 30.5])
        == [.raised(31), nil, nil, nil, .released(28), nil, nil, .raised(30.5)])
    let below = try #require(Threshold(.below, 49.5, release: 49.9))
    #expect(
      changes(below, [49.4, 49.6, 49.8, 49.9, 49.6, 49.49])
        == [.raised(49.4), nil, nil, .released(49.9), nil, .raised(49.49)])
  }

  @Test func `is raised when the limit has been passed for the hold time`() throws {
    let threshold = try #require(
      Threshold(.above, 30, release: 30, hold: 2_000_000_000, releaseHold: 0))
    #expect(changes(threshold, [31, 31, 32]) == [nil, nil, .raised(32)])
    // A value inside starts the wait again.
    #expect(
      changes(threshold, [31, 31, 30, 31, 31, 31]) == [nil, nil, nil, nil, nil, .raised(31)])
  }

  @Test func `is released when the value has been back for the release time`() throws {
    let threshold = try #require(
      Threshold(.below, 5, release: 6, hold: 0, releaseHold: 2_000_000_000))
    #expect(
      changes(threshold, [4, 6, 6, 5.9, 6, 7, 8])
        == [.raised(4), nil, nil, nil, nil, nil, .released(8)])
  }

  @Test func `values that are not finite neither raise, release nor interrupt`() throws {
    let threshold = try #require(Threshold(.above, 30, release: 30, hold: 2_000_000_000))
    #expect(
      changes(threshold, [31, .nan, 31, .infinity, -.infinity, .nan, 29])
        == [nil, nil, .raised(31), nil, nil, nil, .released(29)])
  }

  @Test func `time that goes back starts the wait again`() throws {
    let threshold = try #require(Threshold(.above, 30, release: 30, hold: 10))
    #expect(
      changes(threshold, [31, 31, 31, 31, 31], times: [100, 105, 50, 59, 60])
        == [nil, nil, nil, nil, .raised(31)])
  }

  @Test func `holds of the whole of time neither trap nor wrap`() throws {
    let threshold = try #require(Threshold(.above, 30, release: 30, hold: .max))
    #expect(
      changes(threshold, [31, 31], times: [.min, .max]) == [nil, .raised(31)])
    #expect(changes(threshold, [31, 31], times: [0, .max]) == [nil, .raised(31)])
    #expect(changes(threshold, [31, 31], times: [1, .max]) == [nil, nil])
  }

  @Test func `a release beyond the limit, or a level that is no number, is refused`() {
    #expect(Threshold(.above, 30, release: 30.1) == nil)
    #expect(Threshold(.below, 5, release: 4.9) == nil)
    for wrong in [Double.nan, .infinity, -.infinity] {
      #expect(Threshold(.above, wrong, release: 0) == nil)
      #expect(Threshold(.below, 0, release: wrong) == nil)
    }
    #expect(Threshold(.above, 30, release: -1)?.release == -1)
  }

  @Test func `negative holds are none`() throws {
    let threshold = try #require(
      Threshold(.above, 30, release: 30, hold: -5, releaseHold: .min))
    #expect(threshold.hold == 0 && threshold.releaseHold == 0)
    #expect(changes(threshold, [31, 29]) == [.raised(31), .released(29)])
  }

  @Test func `alarms alternate and are justified, whatever comes`() throws {
    var generator = SplitMix(state: 8)
    for round in 0..<200 {
      let isAbove = round % 2 == 0
      let limit = Double(generator.next() % 100) - 50
      let band = Double(generator.next() % 10)
      let side: Threshold.Side = isAbove ? .above : .below
      let release = isAbove ? limit - band : limit + band
      var threshold = try #require(
        Threshold(
          side, limit, release: release, hold: Int64(generator.next() % 50),
          releaseHold: Int64(generator.next() % 50)))
      for _ in 0..<500 {
        let wasRaised = threshold.isRaised
        let value =
          generator.next() % 10 == 0
          ? Double(bitPattern: generator.next()) : Double(generator.next() % 120) - 60
        let time =
          generator.next() % 50 == 0
          ? Int64(bitPattern: generator.next()) : Int64(generator.next() % 1000)
        switch threshold.accept(Sample(nanoseconds: time, value: value)) {
        case .raised(let cause):
          #expect(!wasRaised && threshold.isRaised)
          #expect(cause == value && (isAbove ? value > limit : value < limit))
        case .released(let cause):
          #expect(wasRaised && !threshold.isRaised)
          #expect(cause == value && (isAbove ? value <= release : value >= release))
        case nil: #expect(threshold.isRaised == wasRaised)
        }
      }
    }
  }
}
