import Testing

@testable import Kernels

/// Conditions of the table of derived values, with a formula's name and what it gives.
private struct Formula: CustomTestStringConvertible {
  let column: String
  let value: @Sendable ([String: Double]) -> Double
  var testDescription: String { column }

  init(_ column: String, _ value: @escaping @Sendable (Double, Double, Double) -> Double) {
    self.column = column
    self.value = { row in
      value(row["temp_c"] ?? .nan, row["rh_pct"] ?? .nan, (row["press_hpa"] ?? .nan) * 100)
    }
  }

  init(
    row column: String, _ value: @escaping @Sendable (Double, Double, Double, Double) -> Double
  ) {
    self.column = column
    self.value = { row in
      value(
        row["temp_c"] ?? .nan, row["press_hpa"] ?? .nan, row["elev_m"] ?? .nan,
        row["wind_ms"] ?? .nan)
    }
  }
}

private let formulas = [
  Formula("magnus_wmo8_es_hpa") { t, _, _ in WaterVapor.saturationPressure(t) / 100 },
  Formula("magnus_wmo8_dewpoint_c") { t, h, _ in
    WaterVapor.dewPoint(temperature: t, relativeHumidity: h)
  },
  Formula("abs_humidity_gm3") { t, h, _ in
    WaterVapor.absoluteHumidity(temperature: t, relativeHumidity: h)
  },
  Formula("vpd_kpa_tetens") { t, h, _ in
    WaterVapor.pressureDeficit(temperature: t, relativeHumidity: h) / 1000
  },
  Formula("psychrolib_dewpoint_c") { t, h, _ in
    Psychrometrics.dewPoint(temperature: t, relativeHumidity: h)
  },
  Formula("psychrolib_humratio_kgkg") { t, h, p in
    Psychrometrics.humidityRatio(temperature: t, relativeHumidity: h, pressure: p)
  },
  Formula("psychrolib_enthalpy_jkg") { t, h, p in
    Psychrometrics.enthalpy(
      temperature: t,
      humidityRatio: Psychrometrics.humidityRatio(
        temperature: t, relativeHumidity: h, pressure: p))
  },
  Formula("psychrolib_vpd_pa") { t, h, _ in
    Psychrometrics.vaporPressureDeficit(temperature: t, relativeHumidity: h)
  },
  Formula("stull_wetbulb_c") { t, h, _ in
    Psychrometrics.wetBulbByStull(temperature: t, relativeHumidity: h)
  },
  Formula("metpy_heat_index_f") { t, h, _ in
    ThermalComfort.heatIndex(temperature: t, relativeHumidity: h) * 1.8 + 32
  },
  Formula(row: "metpy_windchill_c") { t, _, _, v in
    ThermalComfort.unboundedWindChill(temperature: t, windSpeed: v)
  },
  Formula(row: "slp_isa_hpa") { t, p, z, _ in
    Barometry.seaLevelPressure(stationPressure: p, elevation: z, temperature: t)
  },
  Formula(row: "slp_std_isa15_hpa") { _, p, z, _ in
    Barometry.standardSeaLevelPressure(stationPressure: p, elevation: z)
  },
]

@Suite struct EnvironmentFormulaTests {
  @Test(arguments: formulas) private func `agrees with every row of its reference`(
    _ formula: Formula
  ) throws {
    let rows = try EnvironmentVectors.rows("env_derived")
    #expect(rows.count == 120)
    for row in rows {
      let value = formula.value(row)
      let golden = row[formula.column]
      if formula.column == "stull_wetbulb_c", try Self.isColdAndDry(row) {
        #expect(value.isNaN)
        continue
      }
      #expect(EnvironmentVectors.agrees(value, golden), "\(row)")
    }
  }

  /// Where the fitted formula for the wet bulb does not hold.
  private static func isColdAndDry(_ row: [String: Double]) throws -> Bool {
    try #require(row["rh_pct"]) < 15 - 2 * (try #require(row["temp_c"]))
  }

  @Test func `the fitted wet bulb errs as its ranges say, and gives nothing in cold, dry air`() {
    for t in stride(from: -20.0, through: 50, by: 0.5) {
      for h in stride(from: 5.0, through: 99, by: 1) {
        let fitted = Psychrometrics.wetBulbByStull(temperature: t, relativeHumidity: h)
        #expect(fitted.isNaN == (h < 15 - 2 * t))
        guard !fitted.isNaN else { continue }
        let error =
          fitted - Psychrometrics.wetBulb(temperature: t, relativeHumidity: h, pressure: 101_325)
        if h < 10 {
          #expect(error >= -1.17 && error <= 0.76)
        } else if t <= 0 {
          #expect(error >= -0.7 && error <= 0.64)
        } else if t <= 35 {
          #expect(error >= -0.65 && error <= 0.72)
        } else {
          #expect(error >= -0.31 && error <= 1.17)
        }
      }
    }
  }

  // PsychroLib halves an interval until it is below 0.001 degrees.
  @Test func `the wet bulb is within the tolerance of its reference`() throws {
    for row in try EnvironmentVectors.rows("env_derived") {
      let (t, h) = (try #require(row["temp_c"]), try #require(row["rh_pct"]))
      let pressure = try #require(row["press_hpa"]) * 100
      let bulb = Psychrometrics.wetBulb(temperature: t, relativeHumidity: h, pressure: pressure)
      let golden = try #require(row["psychrolib_wetbulb_c"])
      #expect(abs(bulb - golden) <= 0.0005, "\(row)")
      let balance = WetBulbBalance(temperature: t, pressure: pressure, isIce: bulb < 0)
      let ratio = Psychrometrics.humidityRatio(
        temperature: t, relativeHumidity: h, pressure: pressure)
      #expect(balance.humidityRatio(bulb - 1e-6) < ratio, "\(row)")
      #expect(balance.humidityRatio(bulb + 1e-6) > ratio, "\(row)")
    }
  }

  // M. H. P. Ambaum 2020, as MetPy has it; the two differ by the formula for the vapor.
  @Test func `the Magnus form is near a formula from thermodynamics`() throws {
    for row in try EnvironmentVectors.rows("env_derived") {
      let (t, h) = (try #require(row["temp_c"]), try #require(row["rh_pct"]))
      let dewPoint = WaterVapor.dewPoint(temperature: t, relativeHumidity: h)
      #expect(abs(dewPoint - (try #require(row["metpy_dewpoint_c"]))) < 0.3)
      let saturation = WaterVapor.saturationPressure(t) / 100
      let other = try #require(row["metpy_es_hpa"])
      #expect(abs(saturation / other - 1) < 0.011)
    }
  }

  @Test func `vapor over ice, and points of settling`() {
    // Smithsonian Meteorological Tables (Goff and Gratch): 103.2 Pa over ice and 125.4 Pa over
    // water at -20 degrees.
    #expect(abs(WaterVapor.saturationPressure(-20, over: .ice) / 103.2 - 1) < 0.006)
    #expect(abs(WaterVapor.saturationPressure(-20) / 125.4 - 1) < 0.006)
    for t in stride(from: -40.0, to: 0, by: 2.5) {
      for h in stride(from: 5.0, through: 100, by: 5) {
        let dew = WaterVapor.dewPoint(temperature: t, relativeHumidity: h)
        let frost = WaterVapor.frostPoint(temperature: t, relativeHumidity: h)
        #expect(dew < frost)
        let vapor = WaterVapor.pressure(temperature: t, relativeHumidity: h)
        #expect(abs(WaterVapor.saturationPressure(dew) / vapor - 1) < 1e-12)
        #expect(abs(WaterVapor.saturationPressure(frost, over: .ice) / vapor - 1) < 1e-12)
      }
    }
  }

  @Test func `bulb and dew point lie in order, and meet in saturated air`() {
    for t in stride(from: -60.0, through: 60, by: 1.25) {
      for h in stride(from: 1.0, through: 100, by: 4.5) {
        for pressure in [60_000.0, 101_325] {
          let dew = Psychrometrics.dewPoint(temperature: t, relativeHumidity: h)
          let bulb = Psychrometrics.wetBulb(
            temperature: t, relativeHumidity: h, pressure: pressure)
          #expect(dew <= bulb + 1e-6 && bulb <= t, "\(t) \(h)")
        }
      }
      let saturated = Psychrometrics.wetBulb(
        temperature: t, relativeHumidity: 100, pressure: 95_000)
      #expect(abs(saturated - t) < 1e-6)
      #expect(abs(Psychrometrics.dewPoint(temperature: t, relativeHumidity: 100) - t) < 1e-6)
      #expect(abs(WaterVapor.dewPoint(temperature: t, relativeHumidity: 100) - t) < 1e-10)
    }
  }

  @Test func `humidity over 100 counts as 100, below 0 as none`() {
    #expect(
      WaterVapor.dewPoint(temperature: 10, relativeHumidity: 104)
        == WaterVapor.dewPoint(temperature: 10, relativeHumidity: 100))
    #expect(WaterVapor.pressureDeficit(temperature: 10, relativeHumidity: 104) == 0)
    #expect(WaterVapor.pressure(temperature: 10, relativeHumidity: -1).isNaN)
    #expect(WaterVapor.dewPoint(temperature: 10, relativeHumidity: 0).isNaN)
    #expect(WaterVapor.frostPoint(temperature: 10, relativeHumidity: 0).isNaN)
    #expect(Psychrometrics.dewPoint(temperature: 10, relativeHumidity: 0).isNaN)
    #expect(
      Psychrometrics.wetBulb(temperature: 20, relativeHumidity: 0, pressure: 100_000) < 6)
  }

  @Test func `wind chill is given where it is defined`() {
    #expect(ThermalComfort.windChill(temperature: 10.1, windSpeed: 5).isNaN)
    #expect(ThermalComfort.windChill(temperature: 0, windSpeed: 1.3).isNaN)
    // NWS chart: 0 degrees Fahrenheit and 15 mph give -19.
    let chill = ThermalComfort.windChill(temperature: -160.0 / 9, windSpeed: 15 * 0.44704)
    #expect(abs(chill * 1.8 + 32 - -19) < 0.5)
  }

  // NWS chart of the heat index, whole degrees Fahrenheit.
  @Test(arguments: [(90.0, 70.0, 105.0), (80, 40, 80), (100, 55, 124), (110, 40, 136)])
  func `heat index is that of the chart`(_ t: Double, _ h: Double, _ index: Double) {
    let felt = ThermalComfort.heatIndex(temperature: (t - 32) / 1.8, relativeHumidity: h)
    #expect(abs(felt * 1.8 + 32 - index) <= 1)
  }

  @Test func `no number traps, and what is no condition gives no number`() {
    let odd: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, -273.15, -243.12, -237.3, -272.62, 1e300, -1e300, 100,
      .leastNonzeroMagnitude, 150, 200, 201, -100, -101, 50, 101_325,
    ]
    for a in odd {
      for b in odd {
        for c in odd {
          let bulb = Psychrometrics.wetBulb(temperature: a, relativeHumidity: b, pressure: c)
          #expect(bulb.isNaN || bulb <= a && bulb >= -100)
          _ = Barometry.seaLevelPressure(stationPressure: a, elevation: b, temperature: c)
        }
        for value in [
          WaterVapor.dewPoint(temperature: a, relativeHumidity: b),
          WaterVapor.absoluteHumidity(temperature: a, relativeHumidity: b),
          WaterVapor.pressureDeficit(temperature: a, relativeHumidity: b),
          Psychrometrics.dewPoint(temperature: a, relativeHumidity: b),
          Psychrometrics.wetBulbByStull(temperature: a, relativeHumidity: b),
          ThermalComfort.heatIndex(temperature: a, relativeHumidity: b),
        ] where a.isNaN || b.isNaN || b < 0 || a.isInfinite {
          #expect(value.isNaN)
        }
        _ = ThermalComfort.windChill(temperature: a, windSpeed: b)
        _ = Barometry.standardSeaLevelPressure(stationPressure: a, elevation: b)
      }
    }
    #expect(Barometry.standardSeaLevelPressure(stationPressure: 1, elevation: 50_000).isNaN)
  }
}
