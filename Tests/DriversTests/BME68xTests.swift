import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct BME68xTests {
  /// Temperature, pressure and humidity of one chip (wrclark/bme680, README), with par_gh1 -30,
  /// par_gh2 -5969, par_gh3 18, res_heat_val 50, res_heat_range 1, range_sw_err 0.
  static let trimming =
    "97670300c088d4d75800dc2536ff181e0000fcfd73f21e 3efa31002d14789c5b66afe8e212 3200100000"

  static func driver<Model>(
    _ type: BME68x<Model>.Type, _ written: KeyValuePairs<String, String> = [:],
    trimming: String? = trimming
  ) throws -> BME68x<Model> {
    var driver = try BME68x<Model>(options: options(type, written), address: try address())
    if let trimming { try driver.restore(calibration: bytes(trimming)) }
    return driver
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x76)) }

  /// A BME680's bytes with counts of pressure and temperature, of humidity, and of gas.
  static func field(_ air: String, _ humidity: String, _ gas: String) throws -> [[UInt8]] {
    [try bytes("8000" + air + humidity + "000000" + gas)]
  }

  @Suite struct decodes {
    /// With what the maker's integer formulas make of it (PyPI bme680 2.0.0).
    @Test(arguments: [
      (
        "5c3000 76a000", "5a00", ["21.0694 Cel", "53.6667 %RH", "91415.908 Pa"], 21.07, 53.654,
        91415
      ),
      (
        "580000 7d2c00", "4f80", ["29.5491 Cel", "38.4059 %RH", "95803.153 Pa"], 29.55, 38.396,
        95803
      ),
      ("620000 6a0000", "8fff", ["4.7193 Cel", "100 %RH", "84811.017 Pa"], 4.72, 100, 84808),
      ("5c3000 76a000", "1000", ["21.0694 Cel", "0 %RH", "91415.908 Pa"], 21.07, 0, 91415),
      (
        "500000 7ffff0", "6000", ["33.2121 Cel", "65.495 %RH", "102330.65 Pa"], 33.21, 65.478,
        102_324
      ),
    ])
    func `air, as the maker's integer formulas do`(
      air: String, humidity: String, texts: [String], celsius: Double, percent: Double,
      pascal: Double
    ) throws {
      let measurement = try BME68xTests.driver(BME680.self).decode(field(air, humidity, "9638"))
      #expect(
        measurement.readings.map(\.channel)
          == ["temperature", "humidity", "pressure", "gas-resistance"])
      #expect(measurement.readings.prefix(3).map(\.quantity.description) == texts)
      let nano = measurement.readings.map { Double($0.quantity.nano) / 1e9 }
      #expect(abs(nano[0] - celsius) < 0.01)
      #expect(abs(nano[1] - percent) < 0.03)
      #expect(abs(nano[2] - pascal) < 7)
    }

    /// `calc_gas_resistance_low` in Python; its integer form gives the same within half an ohm.
    @Test(arguments: [
      ("9638", "29353.6 Ohm"), ("8030", "8000000 Ohm"), ("0030", "12946859.9 Ohm"),
      ("ffff", "176.7 Ohm"), ("4b35", "295482.3 Ohm"), ("af37", "55197.5 Ohm"),
      ("c834", "411136.8 Ohm"),
    ])
    func `gas of a BME680`(gas: String, ohm: String) throws {
      let measurement = try BME68xTests.driver(BME680.self).decode(
        field("5c3000 76a000", "5a00", gas))
      #expect(measurement.text("gas-resistance") == ohm)
    }

    @Test func `gas of a BME680 with an error of its ranges`() throws {
      // range_sw_err -3, beside four bits of something else.
      let driver = try BME68xTests.driver(
        BME680.self, trimming: String(BME68xTests.trimming.dropLast(2)) + "d7")
      let measurement = try driver.decode(field("5c3000 76a000", "5a00", "c834"))
      #expect(measurement.text("gas-resistance") == "410315 Ohm")
    }

    @Test(arguments: [
      ("9638", "234862.4 Ohm"), ("8030", "64000000 Ohm"), ("0030", "102400000 Ohm"),
      ("ffff", "1421.2 Ohm"), ("4b35", "2367630.1 Ohm"),
    ])
    func `gas of a BME688`(gas: String, ohm: String) throws {
      let raw = try field("5c3000 76a000", "5a00", "ffff" + gas)
      let measurement = try BME68xTests.driver(BME688.self).decode(raw)
      #expect(measurement.text("gas-resistance") == ohm)
      #expect(measurement.text("pressure") == "91415.908 Pa")
    }

    @Test func `no value where nothing was measured, or nothing valid`() throws {
      let driver = try BME68xTests.driver(BME680.self)
      let none = try driver.decode(field("800000 800000", "8000", "9618"))
      #expect(none.readings == [])
      for channel in ["temperature", "humidity", "pressure"] {
        #expect(none.cause(channel) == "temperature was not measured")
      }
      #expect(none.cause("gas-resistance") == "gas measurement is not valid")
      let warm = try driver.decode(field("800000 76a000", "8000", "9628"))
      #expect(warm.readings.map(\.channel) == ["temperature"])
      #expect(warm.cause("humidity") == "humidity was not measured")
      #expect(warm.cause("pressure") == "pressure was not measured")
      #expect(warm.cause("gas-resistance") == "heater did not reach its target")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure with a BME680`() throws {
      let address = try BME68xTests.address()
      var driver = try BME68xTests.driver(BME680.self, ["filter": "3"], trimming: nil)
      let trimming = try bytes(trimming)
      let data = try field("5c3000 76a000", "5a00", "9638")[0]
      var bus = ScriptedI2CBus([
        .read([0x61], after: [0xD0], from: address), .read([0x00], after: [0xF0], from: address),
        .write([0xE0, 0xB6], to: address),
        .read(Array(trimming[..<23]), after: [0x8A], from: address),
        .read(Array(trimming[23..<37]), after: [0xE1], from: address),
        .read(Array(trimming[37...]), after: [0x00], from: address),
        // 320 degrees by `calc_res_heat`; 37 x 4 ms.
        .write([0x5A, 116], to: address), .write([0x64, 0x65], to: address),
        .write([0x70, 0x00], to: address), .write([0x71, 0x10], to: address),
        .write([0x72, 0x02], to: address), .write([0x75, 0x08], to: address),
        .write([0x74, 0x8C], to: address),
        .write([0x74, 0x8D], to: address),
        .read([0x00, 0x10, 0x02, 0x00, 0x8C, 0x08], after: [0x70], from: address),
        .read(data, after: [0x1D], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(10))
      #expect(driver.calibration == nil)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(driver.calibration == trimming)
      // 14 samples: 1.15 x (14 x 1963 + 9 x 477 + 1000 + 150000) us.
      #expect(try driver.begin(on: &bus) == .microseconds(210_191))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        (200, "1 ms", 85, 0x01), (300, "64 ms", 111, 0x50), (320, "253 ms", 116, 0x7F),
        (400, "1.008 s", 137, 0xBF), (400, "4.032 s", 137, 0xFF),
      ] as [(Int, String, UInt8, UInt8)])
    func `to a BME688 about its heater`(
      celsius: Int, duration: String, resistance: UInt8, code: UInt8
    ) throws {
      let address = try BME68xTests.address()
      var driver = try BME68xTests.driver(
        BME688.self, ["heater-temperature-celsius": "\(celsius)", "heater-duration": duration])
      let trimming = try bytes(trimming)
      var bus = ScriptedI2CBus([
        .read([0x61], after: [0xD0], from: address), .read([0x01], after: [0xF0], from: address),
        .read(Array(trimming[..<23]), after: [0x8A], from: address),
        .read(Array(trimming[23..<37]), after: [0xE1], from: address),
        .read(Array(trimming[37...]), after: [0x00], from: address),
        .write([0x5A, resistance], to: address), .write([0x64, code], to: address),
        .write([0x70, 0x00], to: address), .write([0x71, 0x20], to: address),
        .write([0x72, 0x02], to: address), .write([0x75, 0x00], to: address),
        .write([0x74, 0x8C], to: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.configure(on: &bus) == .zero)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try BME68xTests.address()
      var driver = try BME68xTests.driver(BME680.self)
      var bus = ScriptedI2CBus([
        .read([0x60], after: [0xD0], from: address), .read([0x61], after: [0xD0], from: address),
        .read([0x01], after: [0xF0], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xD0], reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0x60", expected: "0x61")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "variant 0x01", expected: "0x00")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ([0, 0x10, 2, 0, 0x8D, 0], .notReady),
        ([0, 0x00, 0, 0, 0x00, 0], .wasReset("ctrl_gas_1 is 0x00, was set to 0x10")),
        ([0, 0x10, 0, 0, 0x8C, 0], .wasReset("ctrl_hum is 0x00, was set to 0x02")),
        ([0, 0x10, 2, 0, 0x00, 0], .wasReset("ctrl_meas is 0x00, was set to 0x8c")),
        ([0, 0x10, 2, 0, 0x8C, 4], .wasReset("config is 0x04, was set to 0x00")),
      ] as [([UInt8], DriverFailure)])
    func `while the chip measures, and where it was reset`(
      control: [UInt8], failure: DriverFailure
    ) throws {
      var driver = try BME68xTests.driver(BME680.self)
      var bus = ScriptedI2CBus([.read(control, after: [0x70], from: try BME68xTests.address())])
      #expect(throws: failure) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: [0x00, 0xC0, 0xA0] as [UInt8])
    func `where the data are not new`(status: UInt8) throws {
      let address = try BME68xTests.address()
      var driver = try BME68xTests.driver(BME688.self)
      let data = [status] + [UInt8](repeating: 1, count: 16)
      var bus = ScriptedI2CBus([
        .read([0x00, 0x20, 0x02, 0x00, 0x8C, 0x00], after: [0x70], from: address),
        .read(data, after: [0x1D], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      if status == 0 {
        #expect(throws: DriverFailure.malformed("data are not new")) { try driver.decode([data]) }
      }
      expectPlayed(bus)
    }

    @Test func `without trimming, or with blank trimming`() throws {
      var driver = try BME68xTests.driver(BME680.self, trimming: nil)
      #expect(
        throws: DriverFailure.malformed("calibration is missing; read or restore it first")
      ) { try driver.decode(field("5c3000 76a000", "5a00", "9638")) }
      for byte in [0x00, 0xFF] as [UInt8] {
        #expect(throws: DriverFailure.malformed("calibration is blank")) {
          try driver.restore(calibration: [UInt8](repeating: byte, count: 42))
        }
      }
    }
  }
}
