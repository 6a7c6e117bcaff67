import Buses
import Drivers
import Quantities
import Testing

@Suite struct ZeroCrossingTests {
  static let millisecond: Int64 = 1_000_000

  static func driver(_ written: KeyValuePairs<String, String> = [:]) throws -> ZeroCrossing {
    try ZeroCrossing(options: options(ZeroCrossing.self, written))
  }

  static func raw(
    _ total: UInt64, _ crossings: UInt64, _ intervals: UInt64, _ elapsed: UInt64
  ) -> [[UInt8]] {
    [eight(total) + eight(crossings) + eight(intervals) + eight(elapsed)]
  }

  /// Rising edges of a frequency, with falling ones between, from a time on.
  static func feed(
    _ driver: inout ZeroCrossing, crossings: ClosedRange<Int64>, nanoseconds: Int64
  ) {
    for crossing in crossings {
      driver.accept(LineEdge(.rising, timestamp: crossing * nanoseconds))
      driver.accept(LineEdge(.falling, timestamp: crossing * nanoseconds + nanoseconds / 3))
    }
  }

  @Suite struct decodes {
    @Test func `fifty intervals in a second as 50 Hz`() throws {
      let measurement = try ZeroCrossingTests.driver().decode(
        ZeroCrossingTests.raw(51, 51, 50, 1_000_000_000))
      #expect(measurement.readings.map(\.channel) == ["frequency", "crossings"])
      #expect(measurement.text("frequency") == "50 Hz")
      #expect(measurement.text("crossings") == "51 count")
      #expect(measurement.faults == [])
    }

    @Test func `two crossings a cycle as half the frequency`() throws {
      let driver = try ZeroCrossingTests.driver(["crossings-per-cycle": "2"])
      #expect(driver.calibration == [2])
      let measurement = try driver.decode(
        ZeroCrossingTests.raw(101, 101, 100, 1_000_000_000))
      #expect(measurement.text("frequency") == "50 Hz")
    }

    @Test func `a millionth of a hertz, rounded`() throws {
      let driver = try ZeroCrossingTests.driver()
      // 49 / 0.980196 = 49.990002489... Hz
      #expect(
        try driver.decode(ZeroCrossingTests.raw(49, 49, 49, 980_196_000)).text("frequency")
          == "49.990002 Hz")
    }

    @Test func `no frequency without regular intervals`() throws {
      let driver = try ZeroCrossingTests.driver()
      #expect(
        try driver.decode(ZeroCrossingTests.raw(9, 0, 0, 0)).cause("frequency")
          == "no crossings since the last measurement")
      let few = try driver.decode(ZeroCrossingTests.raw(9, 1, 0, 0))
      #expect(
        few.cause("frequency") == "too few regular crossings since the last measurement")
      #expect(few.text("crossings") == "9 count")
    }

    @Test func `the ends of the numbers without a trap`() throws {
      let driver = try ZeroCrossingTests.driver()
      #expect(
        try driver.decode(ZeroCrossingTests.raw(.max, .max, .max, .max)).text("frequency")
          == "1000000000 Hz")
      #expect(
        try driver.decode(ZeroCrossingTests.raw(.max, .max, .max, 1)).text("crossings")
          == "18446744073709551615 count")
    }
  }

  @Suite struct talks {
    @Test func `with the edges of the grid`() throws {
      var driver = try ZeroCrossingTests.driver()
      // 50.1 Hz: a cycle of 19 960 080 ns.
      ZeroCrossingTests.feed(&driver, crossings: 0...50, nanoseconds: 19_960_080)
      let raw = driver.fetch(at: 0)
      #expect(raw == ZeroCrossingTests.raw(51, 51, 50, 998_004_000))
      #expect(try driver.decode(raw).text("frequency") == "50.1 Hz")
    }

    @Test func `losing no interval between two measurements`() throws {
      var driver = try ZeroCrossingTests.driver()
      ZeroCrossingTests.feed(&driver, crossings: 0...50, nanoseconds: 20_000_000)
      _ = driver.fetch(at: 0)
      ZeroCrossingTests.feed(&driver, crossings: 51...100, nanoseconds: 20_000_000)
      #expect(
        driver.fetch(at: 0) == ZeroCrossingTests.raw(101, 50, 50, 1_000_000_000))
      #expect(driver.fetch(at: 0) == ZeroCrossingTests.raw(101, 0, 0, 0))
    }

    @Test func `ignoring noise next to the crossings`() throws {
      var driver = try ZeroCrossingTests.driver(["nominal": "60 Hz"])
      for crossing in 0...60 as ClosedRange<Int64> {
        let time = crossing * 16_666_667
        driver.accept(LineEdge(.rising, timestamp: time))
        driver.accept(LineEdge(.rising, timestamp: time + 1))
        driver.accept(LineEdge(.rising, timestamp: time + 3 * millisecond))
        driver.accept(LineEdge(.rising, timestamp: time + 12 * millisecond))
      }
      let raw = driver.fetch(at: 0)
      #expect(raw == ZeroCrossingTests.raw(61, 61, 60, 1_000_000_020))
      #expect(try driver.decode(raw).text("frequency") == "59.999999 Hz")
    }

    @Test func `leaving out intervals that lost a crossing`() throws {
      var driver = try ZeroCrossingTests.driver()
      for crossing in 0...50 as ClosedRange<Int64> where crossing % 10 != 5 {
        driver.accept(LineEdge(.rising, timestamp: crossing * 20 * millisecond))
      }
      let raw = driver.fetch(at: 0)
      #expect(raw == ZeroCrossingTests.raw(46, 46, 40, 800_000_000))
      #expect(try driver.decode(raw).text("frequency") == "50 Hz")
    }

    @Test func `taking intervals from 3/4 to 5/4 of the nominal one`() throws {
      for (distance, crossings, intervals) in [
        (15_000_000 - 1, 1, 0), (15_000_000, 2, 1), (25_000_000, 2, 1), (25_000_000 + 1, 2, 0),
      ] as [(Int64, UInt64, UInt64)] {
        var driver = try ZeroCrossingTests.driver()
        driver.accept(LineEdge(.rising, timestamp: 0))
        driver.accept(LineEdge(.rising, timestamp: distance))
        #expect(
          driver.fetch(at: 0)
            == ZeroCrossingTests.raw(
              crossings, crossings, intervals, intervals == 0 ? 0 : UInt64(distance)))
      }
    }

    @Test func `continuing the count of an earlier run`() throws {
      var driver = try ZeroCrossingTests.driver()
      driver.resume(from: [
        Reading("frequency", Quantity(nano: 50_000_000_000, unit: .hertz)),
        Reading("crossings", Quantity(nano: 7_000_000_000, unit: .count)),
      ])
      driver.accept(LineEdge(.rising, timestamp: 0))
      #expect(driver.fetch(at: 0) == ZeroCrossingTests.raw(8, 1, 0, 0))
    }
  }

  @Suite struct fails {
    @Test func `where counts contradict each other`() throws {
      let driver = try ZeroCrossingTests.driver()
      for raw in [
        ZeroCrossingTests.raw(1, 2, 0, 0), ZeroCrossingTests.raw(5, 2, 3, 5),
        ZeroCrossingTests.raw(5, 2, 0, 5), ZeroCrossingTests.raw(5, 2, 2, 0),
      ] {
        #expect(
          throws: DriverFailure.malformed(
            "counts of crossings and intervals contradict each other")
        ) { try driver.decode(raw) }
      }
    }

    @Test func `softly where the clock seems to go back`() throws {
      var driver = try ZeroCrossingTests.driver()
      driver.accept(LineEdge(.rising, timestamp: 100))
      driver.accept(LineEdge(.rising, timestamp: 50))
      driver.accept(LineEdge(.rising, timestamp: .max))
      driver.accept(LineEdge(.rising, timestamp: .min))
      #expect(driver.fetch(at: .min) == ZeroCrossingTests.raw(2, 2, 0, 0))
    }

    @Test func `where the calibration cannot be one`() throws {
      var driver = try ZeroCrossingTests.driver()
      for calibration in [[], [0], [3], [1, 1]] as [[UInt8]] {
        #expect(throws: DriverFailure.self) { try driver.restore(calibration: calibration) }
      }
      #expect(driver.calibration == [1])
    }
  }
}
