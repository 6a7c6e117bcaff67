import BrokerTesting
import Foundation
import Testing

/// Tables with what others computed from them, through the program as a user would.
@Suite struct ComputeGoldenTests {
  private let directory: Directory
  private let vectors = Cairn.package + "/Tests/KernelsTests/Vectors"

  init() throws { directory = try Directory() }

  /// A series with the flags of ioos_qc 3.0.0, and the configuration in its first lines as options.
  struct FlaggedSeries: Sendable {
    let name: String
    let interval: Int
    let tests: String
    let spike: String
    let attenuated: String
  }

  @Test(arguments: [
    FlaggedSeries(
      name: "qartod_surfrad_temp", interval: 60,
      tests: "gross-range: { fail: -40..50, suspect: -25..30 }, rate-of-change: { suspect: 0.01,"
        + " fail: 0.05 }, flat-line: { suspect-after: 15 min, fail-after: 30 min, tolerance: 0.05 }",
      spike: "suspect: 1.0, fail: 3.0", attenuated: "suspect: 0.15, fail: 0.05, period: 1 h"),
    FlaggedSeries(
      name: "qartod_water_level", interval: 3600,
      tests:
        "gross-range: { fail: -3..6, suspect: -2..3 }, rate-of-change: { suspect: 0.0003, fail:"
        + " 0.0006 }, flat-line: { suspect-after: 3 h, fail-after: 6 h, tolerance: 0.001 }",
      spike: "suspect: 0.4, fail: 0.9", attenuated: "suspect: 0.1, fail: 0.03, period: 1 d"),
  ])
  func `every row gets the flags of ioos_qc`(_ series: FlaggedSeries) async throws {
    let path = "\(vectors)/Quality/\(series.name).csv"
    let text = String(decoding: try Files.bytes(path), as: UTF8.self)
    var table = "seconds,value,flags\n"
    var seconds = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      seconds += Int(fields[0]) ?? series.interval
      table += "\(seconds),\(fields[1]),\(fields[2])\n"
    }
    let kind = "{ kind: qartod, of: value, interval: \(series.interval) s, "
    let result = try await ComputedTable(
      text: table,
      [
        "--time", "seconds", "--kernel", "q: \(kind)\(series.tests), spike: { \(series.spike) } }",
        "--kernel", "steps: \(kind)spike: { \(series.spike), method: differential } }",
        "--kernel", "spread: \(kind)attenuated-signal: { \(series.attenuated) } }",
      ], in: directory)
    let columns = try [
      "q.gross-range", "q.spike", "steps.spike", "q.rate-of-change", "q.flat-line",
      "spread.attenuated-signal", "q.flag",
    ].map { try result[$0] }
    let expected = try result["flags"]
    #expect(expected.count > 1400 && Set(expected).count > 10)
    let wrong = expected.indices.filter { row in
      columns.map { $0[row] }.joined() != expected[row]
    }
    #expect(wrong.isEmpty)
  }

  /// A kernel over the table of weather, with the column that holds what must come out.
  struct DerivedColumn: Sendable, CustomTestStringConvertible {
    let kernel: String
    let column: String
    let scale: Double
    let offset: Double
    var testDescription: String { column }

    init(_ column: String, _ kernel: String, scale: Double = 1, offset: Double = 0) {
      self.kernel = kernel
      self.column = column
      self.scale = scale
      self.offset = offset
    }
  }

  private static let air = "temperature: temp_c, humidity: rh_pct"

  @Test func `derived weather agrees with its references to the last digit of the table`()
    async throws
  {
    let derived = [
      DerivedColumn("magnus_wmo8_dewpoint_c", "{ kind: dew-point, \(Self.air) }"),
      DerivedColumn(
        "abs_humidity_gm3", "{ kind: absolute-humidity, \(Self.air) }", scale: 1000),
      DerivedColumn(
        "vpd_kpa_tetens", "{ kind: vapor-pressure-deficit, \(Self.air) }", scale: 0.001),
      DerivedColumn("stull_wetbulb_c", "{ kind: wet-bulb, \(Self.air) }"),
      DerivedColumn(
        "metpy_heat_index_f", "{ kind: heat-index, \(Self.air) }", scale: 1.8, offset: 32),
      DerivedColumn(
        "metpy_windchill_c", "{ kind: wind-chill, temperature: temp_c, wind: wind_ms }"),
    ]
    let names = derived.indices.map { "k\($0)" }
    let result = try await ComputedTable(
      "\(vectors)/env_derived.csv",
      zip(names, derived).flatMap { ["--kernel", "\($0): \($1.kernel)"] }, in: directory)
    for (name, derived) in zip(names, derived) {
      let golden = try result.numbers(derived.column)
      var compared = 0
      for (row, value) in try result.numbers("\(name).value").enumerated() {
        // Where wind does not chill, or the fitted wet bulb does not hold, there is nothing.
        guard value.isFinite else { continue }
        compared += 1
        let scaled = value * derived.scale + derived.offset
        // Ten digits; zeros of the table are residues of the reference's arithmetic.
        let room = max(0.501e-9 * abs(golden[row]), 1e-9)
        #expect(abs(scaled - golden[row]) <= room, "\(derived.column), row \(row)")
      }
      let least = ["metpy_windchill_c": 20, "stull_wetbulb_c": 92][derived.column] ?? 120
      #expect(golden.count == 120 && compared >= least)
    }
  }

  @Test func `pressures in hectopascal are brought to pascal and then to the level of the sea`()
    async throws
  {
    let path = "\(vectors)/env_derived.csv"
    let elevations = try ComputedTable(text: String(decoding: Files.bytes(path), as: UTF8.self))[
      "elev_m"
    ].prefix(20)
    var arguments = [
      "--kernel", "pascal: { kind: calibrate-linear, of: press_hpa, points: [0 -> 0, 1 -> 100] }",
    ]
    for (row, elevation) in elevations.enumerated() {
      let kernel = "{ kind: sea-level-pressure, pressure: pascal.value, altitude: \(elevation) m"
      arguments += ["--kernel", "still-\(row): \(kernel) }"]
      arguments += ["--kernel", "warm-\(row): \(kernel), temperature: temp_c }"]
    }
    let result = try await ComputedTable(path, arguments, in: directory)
    for (kernel, golden) in [("warm", "slp_isa_hpa"), ("still", "slp_std_isa15_hpa")] {
      let expected = try result.numbers(golden)
      for row in elevations.indices {
        let value = try result.numbers("\(kernel)-\(row).value")[row] / 100
        #expect(abs(value - expected[row]) <= 0.501e-9 * expected[row] + 1e-9, "\(kernel) \(row)")
      }
    }
  }

  @Test func `the Iberian blackout is found in the rows in which it happened`() async throws {
    let result = try await ComputedTable(
      Cairn.package + "/boards/recordings/iberia-toledo-2025-04-28.csv",
      [
        "--time", "time_cest", "--unit", "v_l1=V", "--unit", "freq_hz=Hz",
        "--kernel", "oscillation: { of: v_l1 }",
        "--kernel", "voltage-events: { of: v_l1, nominal: 27 kV, swell: 1.07 }",
        "--kernel",
        "frequency: { frequency: freq_hz, voltage: v_l1, nominal-voltage: 27 kV, slope-window: 2 s }",
      ], in: directory)
    let times = try result["time_cest"].map { String($0.suffix(8)) }
    func changes(_ name: String) throws -> [String] {
      try result.changes(of: name).map { "\(times[$0.row]) \($0.text)" }
    }
    // Seen by eye from 12:03:24 to about 12:08 and from 12:19:24 to about 12:22.
    let swings = try changes("oscillation.alarm")
    #expect(swings.count == 5 && swings.map { $0.suffix(1) } == ["0", "1", "0", "1", "0"])
    #expect(swings[1] >= "12:03:14" && swings[1] <= "12:03:36")
    #expect(swings[3] >= "12:19:14" && swings[3] <= "12:19:36")
    #expect(
      try changes("voltage-events.event") == [
        "11:00:00 0", "12:33:18 2", "12:33:22 0", "12:33:24 3",
      ])
    #expect(try changes("voltage-events.extreme") == ["12:33:22 29077.078"])
    #expect(try changes("voltage-events.duration") == ["12:33:22 4"])
    #expect(
      try changes("frequency.under") == ["11:00:00 0", "12:33:20 1", "12:33:24 0"])
    #expect(try changes("frequency.over") == ["11:00:00 0"])
    #expect(try changes("frequency.valid") == ["11:00:00 1", "12:33:24 0"])
    let slope = try result.numbers("frequency.rate-of-change")
    #expect(slope.filter { $0.isFinite }.min().map { abs($0 + 0.673) < 1e-9 } == true)
  }
}
