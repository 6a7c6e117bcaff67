import Board
import Kernels
import Quantities
import Testing

private let columns = [
  column("air.temperature", .celsius), column("air.humidity", .relativeHumidity),
  column("air.pressure", .pascal), column("station", .hectopascal), column("wind", .metrePerSecond),
  column("gust", Unit(code: "km/h")), column("power", .watt), column("load", Unit(code: "kW")),
  column("volts", .volt), column("small", Unit(code: "mV")), column("amps", .ampere),
  column("tips", .count), column("bare"), column("kelvin", .kelvin),
]

/// The column of a name.
private func named(_ name: String) throws -> ChannelReference {
  try #require(columns.first { $0.description == name })
}

/// What a kernel makes of values of its one stream, a minute apart.
private func outputs(_ line: String, _ name: String, _ values: Double...) throws -> [Double] {
  var row = KernelRow(try kernels(line, over: columns))
  let channel = try named(name)
  return values.enumerated().flatMap { index, value in
    row.take(value, of: channel, at: Int64(index) * 60)
  }.map(\.value)
}

@Suite struct KernelUnitTests {
  // MARK: Presets

  @Test func `the limits of a preset are in the unit of the channel`() throws {
    for (name, scale) in [("air.pressure", 100.0), ("station", 1), ("bare", 1)] {
      for preset in ["wmo-pressure", "weatherxm-pressure"] {
        let line = "q: { kind: qartod, of: \(name), preset: \(preset), interval: 1 min }"
        let kernel = try #require(try kernels(line, over: columns).first)
        #expect(
          kernel.outputs.map(\.name) == ["flag", "gross-range", "rate-of-change", "flat-line"])
        var row = KernelRow([kernel])
        func flag(_ hectopascal: Double, _ minute: Int64) throws -> Double? {
          row.take(hectopascal * scale, of: try named(name), at: minute * 60)
            .first { $0.name == "q.flag" }?.value
        }
        #expect(try flag(1013.25, 0) == 1)
        #expect(try flag(1013.5, 1) == 1)
        // Half a hectopascal in a minute, or eight tenths in 16 s.
        #expect(try flag(1018, 2) == 3)
        #expect(try flag(1018, 3) == 1)
        #expect(try flag(1100.5, 4) == 4)
        // What does not move by a tenth in an hour, or by 0.005 in two.
        for minute in Int64(5)..<400 {
          let flag = try flag(1000, minute)
          if minute > 130 { #expect(flag == 3, "\(name) \(preset) \(minute)") }
        }
      }
    }
    let gust = "q: { kind: qartod, of: gust, preset: wmo-wind-speed }"
    #expect(try outputs(gust, "gust", 260).first == 1)
    #expect(try outputs(gust, "gust", 271).first == 4)
  }

  @Test func `a preset of another quantity is refused with those that fit`() throws {
    #expect(
      try faults("q: { kind: qartod, of: air.humidity, preset: wmo-pressure }", over: columns) == [
        "the limits of 'wmo-pressure' are in hPa, but 'air.humidity' is in %RH;"
          + " write one of weatherxm-humidity, wmo-humidity"
      ])
    #expect(
      try faults("q: { kind: qartod, of: power, preset: wmo-humidity }", over: columns) == [
        "the limits of 'wmo-humidity' are in %RH, but 'power' is in W;"
          + " write limits of your own, for example 'gross-range: { fail: -40..85 }'"
      ])
  }

  // MARK: Streams of a unit

  @Test(
    arguments: [
      ("rain-rate", "", "a count", "tips", "tips", "count"),
      ("voltage-events", "nominal: 230 V", "volts", "RMS voltage", "volts", "V"),
      (
        "waveform", "sample-rate: 860 Hz, nominal: 230 V", "volts", "sampled voltage", "volts", "V"
      ),
      ("energy", "", "watts", "power", "power", "W"),
    ] as [(String, String, String, String, String, String)])
  func `a kind refuses what is in another unit`(
    _ kind: String, _ options: String, _ words: String, _ quantity: String, _ fitting: String,
    _ unit: String
  ) throws {
    func line(_ name: String) -> String { "k: { kind: \(kind), of: \(name), \(options) }" }
    for channel in columns where channel.unit.code != "" && channel.unit.code != unit {
      let remedy =
        channel.unit.conversion(to: Unit(code: unit)) == nil
        ? "name a channel of \(quantity)" : "name a kernel 'convert' of it, with 'to: \(unit)'"
      #expect(
        try faults(line(channel.description), over: columns)
          == ["'\(kind)' needs \(words), but '\(channel)' is in \(channel.unit); \(remedy)"])
    }
    #expect(try faults(line(fitting), over: columns).isEmpty)
    #expect(try faults(line("bare"), over: columns).isEmpty)
  }

  @Test func `a wind comes from degrees, and what can be converted is told so`() throws {
    #expect(
      try faults("k: { kind: wind, speed: wind, direction: volts }", over: columns)
        == ["'direction' must be in deg, but 'volts' is in V; name a channel in deg"])
    #expect(
      try faults("k: { kind: wind, speed: gust }", over: columns) == [
        "'speed' must be in m/s, but 'gust' is in km/h;"
          + " name a kernel 'convert' of it, with 'to: m/s'"
      ])
  }

  @Test func `a pressure is reduced to the sea in its own unit`() throws {
    func reduced(_ name: String, _ value: Double) throws -> (Unit, Double?) {
      let line = "k: { kind: sea-level-pressure, pressure: \(name), altitude: 300 m }"
      let unit = try #require(try kernels(line, over: columns).first?.outputs.first).unit
      return (unit, try outputs(line, name, value).first)
    }
    let (pascal, inPascal) = try reduced("air.pressure", 97_000)
    let (hectopascal, inHectopascal) = try reduced("station", 970)
    let (none, bare) = try reduced("bare", 970)
    #expect(pascal == .pascal && hectopascal == .hectopascal && none == Unit(code: ""))
    // ICAO standard atmosphere, 970 (1 - 0.0065 300 / 288.15)^-5.25588.
    let value = try #require(inHectopascal)
    #expect(inPascal.map { $0 / 100 } == value)
    #expect((value - 1005.24).magnitude < 0.01)
    // A number of unknown unit is not scaled.
    #expect((try #require(bare) - 1005.24).magnitude < 0.01)
    #expect(
      try faults(
        "k: { kind: sea-level-pressure, pressure: power, altitude: 300 m }", over: columns)
        == ["'pressure' must be in Pa or hPa, but 'power' is in W; name a channel in Pa or hPa"])
  }

  @Test func `a wet bulb takes its pressure in hectopascal as well`() throws {
    func bulb(_ pressure: String, _ value: Double) throws -> [Double] {
      var row = KernelRow(
        try kernels(
          "k: { kind: wet-bulb, temperature: air.temperature, humidity: air.humidity,"
            + " pressure: \(pressure) }", over: columns))
      return
        (row.take(20, of: try named("air.temperature"), at: 0)
        + row.take(50, of: try named("air.humidity"), at: 0)
        + row.take(value, of: try named(pressure), at: 0)).map(\.value)
    }
    let values = try bulb("air.pressure", 90_000)
    let same = try bulb("station", 900)
    #expect(values.count == 1 && values == same)
  }

  @Test func `a rate must be that of the sensor`() throws {
    func board(_ every: String, _ rate: String) -> String {
      """
      board: { name: cellar }
      buses: { i2c-1: { device: /dev/i2c-1 } }
      sensors:
        supply: { driver: ina226, on: i2c-1, every: \(every), shunt: 10 mohm }
      kernels:
        mains: { kind: waveform, of: supply.voltage, sample-rate: \(rate), nominal: 24 V }

      """
    }
    #expect(
      try errors(board("1 s", "860 Hz")) == [
        "f:6:61: error: 'sample-rate' is 860 Hz, but 'supply' is measured every 1 s;"
          + " write the rate at which it is measured, or run the kind over a file with"
          + " 'cairn compute'"
      ])
  }

  // MARK: Conversion

  @Test func `values are converted to a unit of their kind`() throws {
    let line = "c: { kind: convert, of: air.pressure, to: hPa }"
    #expect(try kernels(line, over: columns)[0].outputs.map(\.unit) == [.hectopascal])
    #expect(try outputs(line, "air.pressure", 101_325, .nan, 0) == [1013.25, 0])
    #expect(
      try outputs("c: { kind: convert, of: air.temperature, to: K }", "air.temperature", 25)
        == [298.15])
    #expect(
      try outputs("c: { kind: convert, of: bare, from: km/h, to: m/s }", "bare", 36) == [10])
    // Kinds that take one unit take what is converted to it.
    #expect(
      try faults(
        "c: { kind: convert, of: load, to: W }", "e: { kind: energy, of: c.value }", over: columns
      ).isEmpty)
    let both = try kernels(
      "c: { kind: convert, of: [air.pressure, station], to: hPa }", over: columns)
    #expect(both[0].outputs.map(\.name) == ["air.pressure.value", "station.value"])
  }

  @Test func `what cannot be converted is told`() throws {
    #expect(
      try faults(
        "a: { kind: convert, of: air.pressure, to: Cel }",
        "b: { kind: convert, of: air.humidity, to: '%' }",
        "c: { kind: convert, of: bare, to: hPa }",
        "d: { kind: convert, of: station, from: Pa, to: hPa }",
        "e: { kind: convert, of: wind, to: mm }", over: columns) == [
          "'air.pressure' in Pa has no value in Cel; write 'hPa'",
          "'air.humidity' in %RH has no value in %;"
            + " name another channel, for %RH is converted to no other unit",
          "the unit of 'bare' is not known; write it, for example 'from: Pa'",
          "'station' is in hPa, as its sensor or kernel says; remove 'from'",
          "'wind' in m/s has no value in mm; write one of mm/h, m/h, km/h",
        ])
  }

  @Test func `a calibration gives the unit that is written`() throws {
    let made = try kernels(
      "a: { kind: calibrate-linear, of: volts, points: [0 -> 0, 5 -> 360], unit: deg }",
      "b: { kind: calibrate-polynomial, of: volts, points: [0 -> 0, 5 -> 9], degree: 1, unit: hPa }",
      "c: { kind: calibrate-linear, of: volts, points: [0 -> 0, 5 -> 5] }",
      "w: { kind: wind, speed: wind, direction: a.value }", over: columns)
    #expect(
      made.prefix(3).map { $0.outputs[0].unit } == [.degreesOfArc, .hectopascal, .volt])
  }

  // MARK: Several streams

  @Test(
    arguments: [
      ("sum", "power, load", 500, 2, 2500, "W"), ("sum", "load, power", 2, 500, 2.5, "kW"),
      ("difference", "power, load", 500, 2, -1500, "W"),
      ("mean", "power, load", 500, 2, 1250, "W"), ("min", "power, load", 500, 2, 500, "W"),
      ("max", "power, load", 500, 2, 2000, "W"), ("ratio", "power, load", 500, 2, 0.25, "/"),
      ("difference", "air.temperature, kelvin", 20, 278.15, 15, "K"),
      ("mean", "air.temperature, kelvin", 20, 278.15, 12.5, "Cel"),
      ("sum", "power, bare", 500, 2, 502, "W"), ("ratio", "bare, power", 6, 3, 2, ""),
      ("product", "power, bare", 6, 3, 18, ""),
    ] as [(String, String, Double, Double, Double, String)])
  func `streams are combined in the unit of the first`(
    _ kind: String, _ names: String, _ first: Double, _ next: Double, _ result: Double,
    _ unit: String
  ) throws {
    #expect(try combined("as: \(kind)", names, first, next) == [result])
    let line = "k: { kind: combine, of: [\(names)], as: \(kind) }"
    #expect(try kernels(line, over: columns)[0].outputs.map(\.unit.code) == [unit])
  }

  @Test(
    arguments: [
      ("as: sum, unit: kW", "power, load", 500, 2, 2.5),
      ("as: sum, unit: W", "load, power", 2, 500, 2500),
      ("as: ratio, unit: '%'", "power, load", 500, 2, 25),
      ("as: difference, unit: Cel", "air.temperature, kelvin", 20, 278.15, 15),
      ("as: product, unit: W", "volts, amps", 230, 2, 460),
      ("as: ratio, unit: Ohm", "volts, amps", 230, 2, 115),
      ("as: sum, unit: V", "bare, bare2", 1, 2, 3),
    ] as [(String, String, Double, Double, Double)])
  func `a result is given in the unit that is written`(
    _ options: String, _ names: String, _ first: Double, _ next: Double, _ result: Double
  ) throws {
    #expect(try combined(options, names, first, next) == [result])
  }

  private func combined(
    _ options: String, _ names: String, _ values: Double...
  ) throws -> [Double] {
    let all = columns + [column("bare2")]
    var row = KernelRow(
      try kernels("k: { kind: combine, of: [\(names)], \(options) }", over: all))
    return try zip(names.split(separator: ", "), values).flatMap { name, value in
      row.take(value, of: try #require(all.first { $0.description == name }), at: 5)
    }.map(\.value)
  }

  @Test func `what cannot be combined is told`() throws {
    #expect(
      try faults(
        "a: { kind: combine, of: [power, volts], as: sum }",
        "b: { kind: combine, of: [volts, amps], as: product }",
        "c: { kind: combine, of: [volts, amps], as: ratio }",
        "d: { kind: combine, of: [power, load, volts], as: ratio }",
        "e: { kind: combine, of: [power, load], as: sum, unit: V }",
        "f: { kind: combine, of: [power], as: sum }",
        "g: { kind: combine, of: [power, load], as: ratio, unit: W }", over: columns) == [
          "'sum' needs channels of one kind, but 'power' is in W and 'volts' in V;"
            + " name channels of one kind",
          "a product of V and A needs 'unit';"
            + " write the unit of the result, for example 'unit: W' for V and A",
          "a ratio of V and A needs 'unit';"
            + " write the unit of the result, for example 'unit: W' for V and A",
          "'ratio' takes two channels, the first over the second, but 3 are named; name two",
          "the sum is in W, and has no value in V; write one of W, kW",
          "'combine' needs at least 2 channels; name more of them",
          "the ratio is in /, and has no value in W; write one of /, %, ppm, /100, /1000",
        ])
  }

  @Test func `what is divided by zero or grows beyond numbers is not given`() throws {
    #expect(try combined("as: ratio", "power, load", 1, 0).isEmpty)
    #expect(try combined("as: product, unit: W", "volts, amps", 1e300, 1e300).isEmpty)
    #expect(try combined("as: sum", "power, load", .nan, 2).isEmpty)
    #expect(try combined("as: min", "power, load", 1, .infinity).isEmpty)
  }

  @Test func `streams are combined in the order in which they are named`() throws {
    let line = "k: { kind: combine, of: [load, power, air.temperature], as: difference }"
    #expect(try faults(line, over: columns).count == 1)
    let three = [column("a", .volt), column("b", .volt), column("c", .volt)]
    var row = KernelRow(
      try kernels("k: { kind: combine, of: [c, a, b], as: difference }", over: three))
    let given = zip(three, [1.0, 2, 10]).flatMap { row.take($1, of: $0, at: 0) }
    #expect(given == [NamedValue("k.value", 7, at: 0)])
  }
}
