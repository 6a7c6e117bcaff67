import Testing

@testable import Kernels

private let second: Int64 = 1_000_000_000

/// A sample of wind.
private struct Gale {
  let time: Int64
  let speed: Double
  let direction: Double
}

private func results(_ averages: WindAverages, _ gales: [Gale]) -> [WindAverages.Result] {
  var averages = averages
  return gales.compactMap {
    averages.accept(nanoseconds: $0.time, speed: $0.speed, direction: $0.direction)
  }
}

private func steady(
  _ speed: Double, _ direction: Double, seconds: Int64, start: Int64 = 0
) -> [Gale] {
  (0..<seconds * 4).map {
    Gale(time: start * second + $0 * second / 4, speed: speed, direction: direction)
  }
}

@Suite struct WindAveragesTests {
  @Test func `averages agree with every row`() throws {
    let (_, rows) = try EnvironmentVectors.fields("wind")
    #expect(rows.count == 25)
    for row in rows {
      var averages = try #require(WindAverages())
      let samples = row[1].split(separator: " ").map {
        $0.split(separator: ":").compactMap { Double($0) }
      }
      // Over several panes, so that their sums are added as well.
      for (index, pair) in samples.enumerated() {
        let time = 1_700_000_400 * second + Int64(index) * 7 * second
        let early = averages.accept(nanoseconds: time, speed: pair[0], direction: pair[1])
        #expect(early == nil || early?.samples ?? 0 <= UInt64(index))
      }
      var last: WindAverages.Result?
      for minute: Int64 in 1...9 {
        last = averages.advance(to: (1_700_000_400 + minute * 60) * second) ?? last
      }
      let result = try #require(last)
      #expect(result.samples == UInt64(samples.count))
      let values = [
        result.meanSpeed, result.vectorSpeed, result.direction, result.vectorDirection,
        result.directionDeviation,
      ]
      for (value, golden) in zip(values, row.dropFirst(2)) {
        let value = try #require(value)
        #expect(EnvironmentVectors.agrees(value, Double(golden), digits: 9), "\(row[0]): \(golden)")
      }
    }
  }

  @Test func `a gust is the greatest mean over three seconds within ten minutes`() throws {
    let averages = try #require(WindAverages())
    // Half a second of 20 m/s, then four seconds of 12 from the south.
    var gales = steady(5, 270, seconds: 1800)
    for index in 1200..<1202 {
      gales[index] = Gale(time: gales[index].time, speed: 20, direction: 90)
    }
    for index in 2000..<2016 {
      gales[index] = Gale(time: gales[index].time, speed: 12, direction: 180)
    }
    let given = results(averages, gales)
    #expect(given.count == 29)
    #expect(given.map(\.end) == (1...29).map { $0 * 60 * second })
    // A twelfth of the mean is each sample's.
    let short = (10 * 5 + 2 * 20) / 12.0
    for result in given {
      let minute = result.end / (60 * second)
      let expected = minute <= 5 ? 5 : minute <= 8 ? short : minute <= 18 ? 12 : 5
      let gust = try #require(result.gust)
      #expect(abs(gust.speed - expected) < 1e-12, "\(minute)")
      #expect(gust.direction == (expected == 12 ? 180 : expected == 5 ? 270 : 90) || minute <= 8)
      #expect(gust.nanoseconds >= result.start && gust.nanoseconds < result.end)
    }
  }

  @Test func `north is 360, and calm has no direction but 0`() throws {
    let averages = try #require(WindAverages())
    for direction in [0.0, 360] {
      let north = try #require(results(averages, steady(3, direction, seconds: 61)).first)
      #expect(north.direction == 360 && north.vectorDirection == 360)
      #expect(north.gust?.direction == 360)
      #expect(north.directionDeviation.map { $0 < 1e-6 } == true)
    }
    let calm = try #require(results(averages, steady(0.1, 45, seconds: 61)).first)
    #expect(calm.direction == 0 && calm.vectorDirection == 0 && calm.directedSamples == 240)
    let vane = try #require(WindAverages(startingSpeed: 0.5))
    let still = try #require(
      results(vane, steady(0.48, 45, seconds: 30) + steady(0, 7, seconds: 31, start: 30)).first)
    #expect(still.directedSamples == 0 && still.direction == nil && still.vectorSpeed == 0)
    #expect(abs(still.meanSpeed - 0.24) < 1e-9 && still.directionDeviation == nil)
  }

  @Test func `a still sample has no direction but shortens the vector`() throws {
    let averages = try #require(WindAverages())
    var gales = steady(4, 90, seconds: 61)
    for index in 0..<120 { gales[index] = Gale(time: gales[index].time, speed: 0, direction: 0) }
    let half = try #require(results(averages, gales).first)
    #expect(half.directedSamples == 120 && half.direction.map { abs($0 - 90) < 1e-9 } == true)
    #expect(half.vectorSpeed.map { abs($0 - 2) < 1e-12 } == true && half.meanSpeed == 2)
  }

  @Test func `winds across north average to north, and opposite ones to nothing`() throws {
    let averages = try #require(WindAverages())
    var gales = steady(4, 350, seconds: 60)
    for index in stride(from: 0, to: gales.count, by: 2) {
      gales[index] = Gale(time: gales[index].time, speed: 4, direction: 10)
    }
    let north = try #require(results(averages, gales + steady(1, 0, seconds: 1, start: 60)).first)
    #expect(north.direction.map { min($0, 360 - $0) < 1e-9 || $0 == 360 } == true)
    #expect(abs((north.directionDeviation ?? 0) - 10) < 0.1)
    gales = gales.enumerated().map {
      Gale(time: $1.time, speed: 4, direction: $0 % 2 == 0 ? 90 : 270)
    }
    let none = try #require(results(averages, gales + steady(1, 0, seconds: 1, start: 60)).first)
    #expect(none.direction == nil && none.vectorDirection == nil)
    #expect(none.vectorSpeed.map { $0 < 1e-12 } == true && none.meanSpeed == 4)
  }

  @Test func `slow samples give no gust unless they are asked for`() throws {
    let gales = (0..<130).map { Gale(time: Int64($0) * second, speed: 4, direction: 90) }
    let strict = try #require(WindAverages())
    #expect(results(strict, gales).allSatisfy { $0.gust == nil })
    let lenient = try #require(WindAverages(leastGustSamples: 3))
    #expect(results(lenient, gales).allSatisfy { $0.gust?.speed == 4 })
  }

  @Test func `a missing direction still has a speed`() throws {
    let averages = try #require(WindAverages())
    var gales = steady(6, .nan, seconds: 30) + steady(6, 999, seconds: 30, start: 30)
    let none = try #require(results(averages, gales + steady(6, 9, seconds: 1, start: 60)).first)
    #expect(none.samples == 240 && none.directedSamples == 0 && none.direction == nil)
    gales += steady(6, 200, seconds: 60, start: 60)
    let some = try #require(results(averages, gales + steady(6, 9, seconds: 1, start: 120)).last)
    #expect(some.directedSamples == 240 && abs((some.direction ?? 0) - 200) < 1e-9)
  }

  @Test func `bad samples are passed over, late ones counted`() throws {
    let clean = try #require(WindAverages())
    let gales = steady(5, 30, seconds: 700)
    var averages = clean
    var given: [WindAverages.Result] = []
    for (index, gale) in gales.enumerated() {
      for odd in [Double.nan, .infinity, -1, 201] {
        _ = averages.accept(nanoseconds: gale.time - second, speed: odd, direction: 30)
      }
      if index > 8 {
        _ = averages.accept(nanoseconds: gale.time - second, speed: 90, direction: 30)
      }
      let result = averages.accept(
        nanoseconds: gale.time, speed: gale.speed, direction: gale.direction)
      if let result { given.append(result) }
    }
    #expect(given == results(clean, gales))
    #expect(averages.lateSamples == UInt64(gales.count - 9))
  }

  @Test func `a gap closes the open pane and empties the others`() throws {
    let averages = try #require(WindAverages())
    let gales = steady(5, 30, seconds: 30) + steady(9, 30, seconds: 61, start: 86_400)
    let given = results(averages, gales)
    #expect(given.map(\.meanSpeed) == [5, 9])
    #expect(given.map(\.end) == [60 * second, 86_460 * second])
    #expect(given.last?.start == 85_860 * second)
  }

  @Test func `no time traps, and no result lies outside its inputs`() throws {
    var generator = SplitMix(state: 12)
    for round in 0..<50 {
      var averages = try #require(
        WindAverages(
          gustTime: Int64(generator.next() % 5 + 1) * second, leastGustSamples: 1,
          paneTime: round % 2 == 0 ? Int64.max : Int64(generator.next() % 100 + 1) * second,
          paneCount: Int(generator.next() % 12 + 1)))
      for _ in 0..<500 {
        let time =
          generator.next() % 20 == 0
          ? Int64(bitPattern: generator.next()) : Int64(generator.next() % 4000) * second / 4
        let speed =
          generator.next() % 10 == 0
          ? Double(bitPattern: generator.next()) : Double(generator.next() % 300) / 10
        let result = averages.accept(
          nanoseconds: time, speed: speed, direction: Double(generator.next() % 400))
        guard let result else { continue }
        #expect(result.meanSpeed >= 0 && result.meanSpeed <= 200)
        #expect(result.direction.map { $0 >= 0 && $0 <= 360 } ?? true)
        #expect(result.vectorSpeed.map { $0 >= 0 && $0 <= 200 } ?? true)
        #expect(result.start < result.end && result.gust.map { $0.speed <= 200 } ?? true)
      }
    }
    #expect(WindAverages(gustTime: 0) == nil && WindAverages(paneCount: 0) == nil)
    #expect(WindAverages(leastGustSamples: 0) == nil && WindAverages(calm: .nan) == nil)
    #expect(WindAverages(paneTime: -1) == nil && WindAverages(paneCount: 1001) == nil)
  }

  @Test func `components and direction undo each other`() throws {
    for degrees in stride(from: 1.0, through: 360, by: 1) {
      let (east, north) = Wind.components(speed: 7, direction: degrees)
      let back = try #require(Wind.direction(east: east, north: north))
      #expect(abs(back - degrees) < 1e-9)
    }
    // A wind from the west blows toward east.
    #expect(abs(Wind.components(speed: 2, direction: 270).east - 2) < 1e-12)
    #expect(Wind.direction(east: 0, north: 0) == nil && Wind.direction(east: .nan, north: 1) == nil)
    #expect(Wind.directionDeviation(meanSine: .nan, meanCosine: 0).isNaN)
  }
}
