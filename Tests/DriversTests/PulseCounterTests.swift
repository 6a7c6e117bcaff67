import Buses
import Drivers
import Quantities
import Testing

@Suite struct PulseCounterTests {
  static let second: Int64 = 1_000_000_000
  static let millisecond: Int64 = 1_000_000

  static func driver(_ written: KeyValuePairs<String, String> = [:]) throws -> PulseCounter {
    try PulseCounter(options: options(PulseCounter.self, written))
  }

  static func raw(_ total: UInt64, _ interval: UInt64, _ age: UInt64) -> [[UInt8]] {
    [eight(total) + eight(interval) + eight(age)]
  }

  @Suite struct decodes {
    @Test func `pulses of one watt-hour that come every 36 seconds as 100 watts`() throws {
      // 1000 pulses a kilowatt-hour: 3.6e6 J / (1000 x 36 s) = 100 W.
      let driver = try PulseCounterTests.driver(["per-pulse": "1 Wh"])
      let measurement = try driver.decode(
        PulseCounterTests.raw(1000, 36_000_000_000, 1_000_000_000))
      #expect(measurement.readings.map(\.channel) == ["pulses", "rate", "energy", "power"])
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "1000 count", "0.027777778 Hz", "3600000 J", "100 W",
        ])
    }

    @Test func `no energy without per-pulse`() throws {
      let measurement = try PulseCounterTests.driver().decode(
        PulseCounterTests.raw(3, 500_000_000, 0))
      #expect(measurement.readings.map(\.channel) == ["pulses", "rate"])
      #expect(measurement.text("rate") == "2 Hz")
      #expect(measurement.faults == [])
    }

    @Test func `an upper bound once the wait is longer than the interval`() throws {
      let driver = try PulseCounterTests.driver(["per-pulse": "1 Wh"])
      func power(_ age: UInt64) throws -> String? {
        try driver.decode(PulseCounterTests.raw(9, 36_000_000_000, age)).text("power")
      }
      #expect(try power(36_000_000_000) == "100 W")
      #expect(try power(72_000_000_000) == "50 W")
      #expect(try power(3_600_000_000_000) == "1 W")
    }

    @Test func `faults before two pulses`() throws {
      let driver = try PulseCounterTests.driver(["per-pulse": "1 Wh"])
      for raw in [
        PulseCounterTests.raw(0, 0, .max), PulseCounterTests.raw(1, 0, 5),
      ] {
        let measurement = try driver.decode(raw)
        #expect(measurement.readings.map(\.channel) == ["pulses", "energy"])
        #expect(measurement.cause("rate") == "fewer than two pulses since the start")
        #expect(measurement.cause("power") == "fewer than two pulses since the start")
      }
    }

    @Test func `the ends of the numbers without a trap`() throws {
      let driver = try PulseCounterTests.driver(["per-pulse": "1000 MJ"])
      let measurement = try driver.decode(PulseCounterTests.raw(.max, 1, 0))
      #expect(measurement.text("pulses") == "18446744073709551615 count")
      #expect(measurement.text("energy") == "18446744073709551615000000000 J")
      #expect(measurement.text("power") == "1000000000000000000 W")
      #expect(measurement.text("rate") == "1000000000 Hz")
      let slowest = try driver.decode(PulseCounterTests.raw(2, .max, 0))
      #expect(slowest.text("rate") == "0 Hz")
    }

    @Test func `an interval without a pulse never`() throws {
      let driver = try PulseCounterTests.driver()
      #expect(
        throws: DriverFailure.malformed("an interval between pulses without a last pulse")
      ) { try driver.decode(PulseCounterTests.raw(2, 5, .max)) }
    }
  }

  @Suite struct talks {
    @Test func `with the edges of a meter`() throws {
      var driver = try PulseCounterTests.driver(["per-pulse": "1 Wh"])
      #expect(driver.fetch(at: 0) == PulseCounterTests.raw(0, 0, .max))
      for pulse in 0..<3 as Range<Int64> {
        driver.accept(LineEdge(.rising, timestamp: pulse * 36 * second))
        driver.accept(LineEdge(.falling, timestamp: pulse * 36 * second + 30 * millisecond))
      }
      #expect(
        driver.fetch(at: 73 * second)
          == PulseCounterTests.raw(3, 36_000_000_000, 1_000_000_000))
    }

    @Test(arguments: [("rising", 2), ("falling", 1), ("both", 3)] as [(String, UInt64)])
    func `counting the chosen edges`(edge: String, total: UInt64) throws {
      var driver = try PulseCounterTests.driver(["edge": edge])
      driver.accept(LineEdge(.rising, timestamp: 0))
      driver.accept(LineEdge(.falling, timestamp: 10))
      driver.accept(LineEdge(.rising, timestamp: 20))
      #expect(driver.fetch(at: 20)[0].prefix(8) == eight(total)[...])
    }

    @Test func `ignoring a contact that bounces when it closes and when it opens`() throws {
      var driver = try PulseCounterTests.driver(["debounce": "20 ms"])
      var count: UInt64 = 0
      for pulse in 0..<50 as Range<Int64> {
        let start = pulse * second
        for bounce in 0..<8 as Range<Int64> {
          let time = start + bounce * millisecond
          driver.accept(LineEdge(bounce % 2 == 0 ? .rising : .falling, timestamp: time))
        }
        for bounce in 0..<9 as Range<Int64> {
          let time = start + 100 * millisecond + bounce * millisecond
          driver.accept(LineEdge(bounce % 2 == 0 ? .falling : .rising, timestamp: time))
        }
        count += 1
        #expect(driver.fetch(at: start + 200 * millisecond)[0].prefix(8) == eight(count)[...])
      }
    }

    @Test func `without dead time that creeps`() throws {
      // An edge every 15 ms never rests for 20 ms, yet every second one must count: the dead time
      // begins at the edge that was accepted, not at the one that was ignored.
      var driver = try PulseCounterTests.driver(["debounce": "20 ms"])
      for edge in 0..<100 as Range<Int64> {
        driver.accept(LineEdge(.rising, timestamp: edge * 15 * millisecond))
      }
      #expect(
        driver.fetch(at: 99 * 15 * millisecond)
          == PulseCounterTests.raw(50, 30_000_000, 15_000_000))
    }

    @Test func `accepting an edge just as the dead time ends`() throws {
      var driver = try PulseCounterTests.driver(["debounce": "20 ms"])
      driver.accept(LineEdge(.rising, timestamp: 0))
      driver.accept(LineEdge(.rising, timestamp: 20 * millisecond - 1))
      driver.accept(LineEdge(.rising, timestamp: 20 * millisecond))
      #expect(
        driver.fetch(at: 20 * millisecond) == PulseCounterTests.raw(2, 20_000_000, 0))
    }

    @Test func `continuing the totals of an earlier run`() throws {
      var earlier = try PulseCounterTests.driver(["per-pulse": "0.5 Wh"])
      for pulse in 0..<7 as Range<Int64> {
        earlier.accept(LineEdge(.rising, timestamp: pulse * second))
      }
      let readings = try earlier.decode(earlier.fetch(at: 7 * second)).readings
      var driver = try PulseCounterTests.driver(["per-pulse": "0.5 Wh"])
      driver.accept(LineEdge(.rising, timestamp: 0))
      driver.resume(from: readings)
      driver.accept(LineEdge(.rising, timestamp: second))
      let measurement = try driver.decode(driver.fetch(at: second))
      #expect(measurement.text("pulses") == "9 count")
      #expect(measurement.text("energy") == "16200 J")
    }
  }

  @Suite struct fails {
    @Test func `softly where the clock seems to go back`() throws {
      var driver = try PulseCounterTests.driver()
      driver.accept(LineEdge(.rising, timestamp: 100))
      driver.accept(LineEdge(.rising, timestamp: 50))
      #expect(driver.fetch(at: 20) == PulseCounterTests.raw(1, 0, 0))
      driver.accept(LineEdge(.rising, timestamp: .max))
      driver.accept(LineEdge(.rising, timestamp: .min))
      #expect(driver.fetch(at: .min)[0].prefix(8) == eight(2)[...])
    }

    @Test func `softly where two edges have one time`() throws {
      var driver = try PulseCounterTests.driver()
      driver.accept(LineEdge(.rising, timestamp: 5))
      driver.accept(LineEdge(.rising, timestamp: 5))
      #expect(driver.fetch(at: 5) == PulseCounterTests.raw(2, 1, 0))
    }

    @Test func `to take readings of another kind for totals`() throws {
      var driver = try PulseCounterTests.driver()
      driver.resume(from: [
        Reading("power", Quantity(nano: 9_000_000_000, unit: .watt)),
        Reading("pulses", Quantity(nano: -9_000_000_000, unit: .count)),
      ])
      #expect(driver.fetch(at: 0) == PulseCounterTests.raw(0, 0, .max))
    }

    @Test func `where the calibration cannot be one`() throws {
      var driver = try PulseCounterTests.driver(["per-pulse": "1 Wh"])
      #expect(driver.calibration == eight(3_600_000_000_000))
      for calibration in [[1], eight(0), eight(.max)] as [[UInt8]] {
        #expect(throws: DriverFailure.self) { try driver.restore(calibration: calibration) }
      }
      #expect(driver.calibration == eight(3_600_000_000_000))
      try driver.restore(calibration: [])
      #expect(driver.calibration == nil)
    }
  }
}
