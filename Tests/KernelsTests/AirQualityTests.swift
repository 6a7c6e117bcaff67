import Testing

@testable import Kernels

private let hour: Int64 = 3_600_000_000_000

@Suite struct AirQualityTests {
  @Test func `the index agrees with every row of the table of 2024`() throws {
    for row in try EnvironmentVectors.rows("aqi_pm25_epa2024") {
      let concentration = try #require(row["pm25_ugm3"])
      let index = AirQualityIndex(concentration, of: .pm25)
      #expect(index.map { Double($0.value) } == row["aqi"], "\(concentration)")
    }
  }

  // EPA-454/B-24-002: both ends of every range of PM10.
  @Test(arguments: [
    (0.0, 0), (54.9, 50), (55, 51), (154, 100), (155, 101), (254, 150), (255, 151), (354, 200),
    (355, 201), (424, 300), (425, 301), (604, 500),
  ])
  func `the index of coarse particles`(_ concentration: Double, _ value: Int) {
    #expect(AirQualityIndex(concentration, of: .pm10)?.value == value)
  }

  @Test func `categories change where the index says`() throws {
    let expected: [(Double, AirQualityIndex.Category)] = [
      (9.0, .good), (9.1, .moderate), (35.4, .moderate), (35.5, .unhealthyForSensitiveGroups),
      (55.5, .unhealthy), (125.5, .veryUnhealthy), (225.5, .hazardous), (900, .hazardous),
    ]
    for (concentration, category) in expected {
      #expect(AirQualityIndex(concentration, of: .pm25)?.category == category)
    }
  }

  @Test func `the index never falls when the concentration rises`() throws {
    for pollutant in AirQualityIndex.Pollutant.allCases {
      var last = -1
      for step in 0...20_000 {
        let index = try #require(AirQualityIndex(Double(step) / 20, of: pollutant))
        #expect(index.value >= last)
        last = index.value
      }
    }
  }

  @Test func `what is no concentration has no index, and clean air reads 0`() {
    for odd in [Double.nan, .infinity, -.infinity, 100_001, 1e300] {
      #expect(AirQualityIndex(odd, of: .pm25) == nil)
    }
    #expect(AirQualityIndex(-3.2, of: .pm25)?.value == 0)
    #expect(AirQualityIndex(-1e300, of: .pm10)?.value == 0)
    #expect(AirQualityIndex(100_000, of: .pm25) != nil)
  }

  @Test func `the NowCast agrees with every row`() throws {
    let (_, rows) = try EnvironmentVectors.fields("nowcast_pm25")
    #expect(rows.count == 40)
    for row in rows {
      for start in [-40 * hour, -5 * hour, 0, 1_000_000 * hour] {
        var nowCast = NowCast(of: .pm25)
        var value: Double?
        // The newest hour stands first.
        for (index, field) in row.prefix(12).reversed().enumerated() {
          let time = start + Int64(index) * hour + 7
          value = nowCast.accept(Sample(nanoseconds: time, value: Double(field) ?? .nan))
        }
        #expect(value == Double(row[12]), "\(row)")
        #expect(nowCast.value == value && nowCast.lateSamples == 0)
      }
    }
  }

  @Test func `a missing hour is the same as one without a number`() throws {
    let (_, rows) = try EnvironmentVectors.fields("nowcast_pm25")
    for row in rows {
      var nowCast = NowCast(of: .pm25)
      for (index, field) in row.prefix(12).reversed().enumerated() {
        guard let value = Double(field) else { continue }
        _ = nowCast.accept(Sample(nanoseconds: Int64(index) * hour, value: value))
      }
      nowCast.advance(to: 11 * hour)
      #expect(nowCast.value == Double(row[12]))
    }
  }

  @Test func `hours may come out of order within the window`() {
    var inOrder = NowCast(of: .pm25)
    var mixed = NowCast(of: .pm25)
    let values = (0..<12).map { Sample(nanoseconds: Int64($0) * hour, value: Double($0 * 3 + 5)) }
    for sample in values { _ = inOrder.accept(sample) }
    for index in [11, 3, 7, 0, 10, 1, 2, 4, 5, 6, 8, 9] { _ = mixed.accept(values[index]) }
    #expect(inOrder.value == mixed.value)
    _ = mixed.accept(Sample(nanoseconds: -hour, value: 1000))
    #expect(mixed.lateSamples == 1 && inOrder.value == mixed.value)
  }

  @Test func `a long gap leaves nothing, and two of three hours bring it back`() {
    var nowCast = NowCast(of: .pm25)
    for index in 0..<12 { _ = nowCast.accept(Sample(nanoseconds: Int64(index) * hour, value: 40)) }
    #expect(nowCast.value == 40)
    nowCast.advance(to: 13 * hour)
    #expect(nowCast.value == nil)
    #expect(nowCast.accept(Sample(nanoseconds: 100 * hour, value: 12.34)) == nil)
    #expect(nowCast.accept(Sample(nanoseconds: 101 * hour, value: 12.34)) == 12.3)
    #expect(nowCast.accept(Sample(nanoseconds: .max, value: 5)) == nil)
    #expect(nowCast.accept(Sample(nanoseconds: .min, value: 5)) == nil)
    #expect(nowCast.lateSamples == 1)
  }

  @Test func `clean air and readings below zero give a number`() {
    var nowCast = NowCast(of: .pm10)
    for index in 0..<3 { _ = nowCast.accept(Sample(nanoseconds: Int64(index) * hour, value: 0)) }
    #expect(nowCast.value == 0)
    for index in 3..<6 { _ = nowCast.accept(Sample(nanoseconds: Int64(index) * hour, value: -2)) }
    #expect(nowCast.value.map { $0 <= 0 } == true)
    for index in 6..<20 {
      let value = nowCast.accept(Sample(nanoseconds: Int64(index) * hour, value: 1e300))
      #expect(value == nil || value?.isNaN == false)
    }
  }
}

@Suite struct HourlyNowCastTests {
  private static let hour: Int64 = 3_600_000_000_000

  /// Hours of samples every ten minutes, as many as there are means; nil for an hour without.
  private func hours(_ means: [Double?], of pollutant: AirQualityIndex.Pollutant = .pm25)
    -> [HourlyNowCast.Hour]
  {
    var cast = HourlyNowCast(of: pollutant)
    var given: [HourlyNowCast.Hour] = []
    func close(upTo time: Int64) {
      while let hour = cast.close(upTo: time) { given.append(hour) }
    }
    for (index, mean) in means.enumerated() {
      guard let mean else { continue }
      for part in 0..<6 {
        let time = Int64(index) * Self.hour + Int64(part) * 600_000_000_000
        close(upTo: time)
        cast.accept(Sample(nanoseconds: time, value: mean + Double(part) - 2.5))
      }
    }
    close(upTo: Int64(means.count) * Self.hour)
    return given
  }

  @Test func `an hour without values has a NowCast while two of the last three have one`() {
    let given = hours([12, 12, nil, 12, nil, nil, nil, 12])
    #expect(given.map { $0.start / Self.hour } == [0, 1, 2, 3, 7])
    #expect(given.map(\.mean) == [12, 12, nil, 12, 12])
    #expect(given.map(\.nowCast) == [nil, 12, 12, 12, nil])
  }

  @Test func `hours give what NowCast gives for their means`() throws {
    let means: [Double?] = [35.9, 30.2, 28.4, nil, 22.1, 19.9, 18, nil, nil, 25, 31, 44.4, 40, 38]
    var nowCast = NowCast(of: .pm10)
    for hour in hours(means, of: .pm10) {
      let index = Int(hour.start / Self.hour)
      nowCast.advance(to: hour.start)
      let value = nowCast.accept(Sample(nanoseconds: hour.start, value: means[index] ?? .nan))
      #expect(hour.nowCast == value && hour.end - hour.start == Self.hour)
    }
  }

  @Test func `a long silence, late samples and odd values trap nothing`() {
    var cast = HourlyNowCast(of: .pm25)
    var generator = SplitMix(state: 61)
    var given = 0
    for _ in 0..<20_000 {
      let time = Int64(bitPattern: generator.next()) >> Int64(generator.next() % 30)
      while let hour = cast.close(upTo: time) {
        given += 1
        #expect(hour.mean != nil || hour.nowCast != nil)
      }
      let value = generator.next() % 3 == 0 ? Double.nan : Double(generator.next() % 90)
      cast.accept(Sample(nanoseconds: time, value: value))
    }
    #expect(given > 0 && cast.lateSamples > 0)
  }
}
