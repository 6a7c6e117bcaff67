import Quantities
import Testing

private func converted(_ value: Double, _ from: String, _ to: String) -> Double? {
  Unit(code: from).conversion(to: Unit(code: to))?.value(value)
}

@Suite struct UnitConversionTests {
  // Secondary units of RFC 8798 section 3, and definitions.
  @Test(
    arguments: [
      (101_325, "Pa", "hPa", 1013.25), (1013.25, "hPa", "Pa", 101_325), (36, "km/h", "m/s", 10),
      (10, "m/s", "km/h", 36), (3600, "mm/h", "m/h", 3.6), (1, "kWh", "J", 3_600_000),
      (1, "kWh", "Wh", 1000), (7_200_000, "J", "kWh", 2), (25, "Cel", "K", 298.15),
      (298.15, "K", "Cel", 25), (0.5, "Cel", "K", 273.65), (1.5, "kW", "W", 1500),
      (250, "mV", "V", 0.25), (1, "Ah", "C", 3600), (90, "1/min", "1/s", 1.5),
      (12, "ug/m3", "kg/m3", 0.000_000_012), (0.25, "/", "%", 25), (25, "%", "/100", 25),
      (400, "ppm", "/1000", 0.4), (2, "KiB", "B", 2048), (8, "Mbit/s", "MB/s", 1),
      (5, "Wh/km", "J/m", 18), (-3, "dBW", "dBm", 27), (90, "min", "h", 1.5), (3, "mm", "cm", 0.3),
      (7, "V", "V", 7),
    ] as [(Double, String, String, Double)])
  func `a value has its worth in another unit of its kind`(
    _ value: Double, _ from: String, _ to: String, _ expected: Double
  ) throws {
    // Tenths and hundredths are no binary fractions: the last bit may differ.
    let found = try #require(converted(value, from, to))
    #expect((found - expected).magnitude <= expected.ulp)
    let back = try #require(converted(expected, to, from))
    #expect((back - value).magnitude <= 1e-12 * max(1, value.magnitude))
  }

  @Test(
    arguments: [
      ("Pa", "Cel"), ("W", "VA"), ("%RH", "%"), ("", "Pa"), ("Pa", ""), ("", ""), ("V", "volt"),
      ("Hz", "1/s"), ("J", "W"), ("deg", "rad"),
    ])
  func `units of different kinds, and unknown ones, are not converted`(_ from: String, _ to: String)
  {
    #expect(Unit(code: from).conversion(to: Unit(code: to)) == nil)
  }

  @Test func `relatives are of the registry, go both ways, and are not the unit itself`() {
    for code in Unit.registry {
      let unit = Unit(code: code)
      #expect(unit.conversion(to: unit)?.value(3.25) == 3.25)
      for relative in unit.relatives {
        #expect(relative != unit && relative.relatives.contains(unit))
        #expect(relative.relatives.count == unit.relatives.count)
      }
    }
    #expect(Unit.pascal.relatives.map(\.code) == ["hPa"])
    #expect(Unit.joule.relatives.map(\.code) == ["Wh", "kWh"])
    #expect(Unit.relativeHumidity.relatives.isEmpty && Unit(code: "").relatives.isEmpty)
  }

  @Test func `a difference has no zero`() throws {
    let conversion = try #require(Unit.celsius.conversion(to: Unit(code: "K")))
    #expect(conversion.difference(5) == 5 && conversion.value(5) == 278.15)
    #expect(Unit.pascal.conversion(to: Unit(code: "hPa"))?.difference(50) == 0.5)
  }

  @Test func `what is not finite stays so`() throws {
    let conversion = try #require(Unit(code: "kWh").conversion(to: .joule))
    #expect(conversion.value(.nan).isNaN && conversion.value(-.infinity) == -.infinity)
    #expect(conversion.value(1e305) == .infinity)
  }
}
