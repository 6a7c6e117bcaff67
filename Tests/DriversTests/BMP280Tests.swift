import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct BMP280Tests {
  /// BST-BMP280-DS001 section 3.12: dig_T 27504, 26435, -1000; dig_P 36477, -10685, 3024, 2855, 140,
  /// -7, 15500, -14600, 6000.
  static let trimming = "706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017"
  /// The counts of the same section: pressure 415148, temperature 519888.
  static let data = "655ac0 7eed00"

  static func driver(
    _ written: KeyValuePairs<String, String> = [:], trimming: String? = trimming
  ) throws -> BMP280 {
    var driver = try BMP280(options: options(BMP280.self, written), address: try address())
    if let trimming { try driver.restore(calibration: bytes(trimming)) }
    return driver
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x76)) }

  @Suite struct decodes {
    @Test func `the data sheet's example`() throws {
      let measurement = try BMP280Tests.driver().decode([bytes(data)])
      // Section 3.12 has 25.08 degrees and 100653.27 Pa.
      #expect(measurement.readings.map(\.channel) == ["temperature", "pressure"])
      #expect(measurement.text("temperature") == "25.0825 Cel")
      #expect(measurement.text("pressure") == "100653.267 Pa")
    }

    @Test func `as a BME280 with the same trimming, to the last digit`() throws {
      var twin = try BME280(options: options(BME280.self), address: BMP280Tests.address())
      try twin.restore(calibration: bytes(trimming + "004b 6e01001305001e"))
      let driver = try BMP280Tests.driver()
      var generator = SteadyGenerator(seed: 4)
      for _ in 0..<1000 {
        let raw = generator.bytes(6)
        let one = try driver.decode([raw])
        let other = try twin.decode([raw + [0x7A, 0x76]])
        #expect(one.nano("temperature") == other.nano("temperature"))
        #expect(one.nano("pressure") == other.nano("pressure"))
      }
    }

    @Test func `no value where nothing was measured`() throws {
      let driver = try BMP280Tests.driver()
      let pressure = try driver.decode([bytes("800000 7eed00")])
      #expect(pressure.text("temperature") == "25.0825 Cel")
      #expect(pressure.cause("pressure") == "pressure was not measured")
      let temperature = try driver.decode([bytes("655ac0 800000")])
      #expect(temperature.cause("temperature") == "temperature was not measured")
      #expect(temperature.cause("pressure") == "temperature was not measured")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try BMP280Tests.address()
      var driver = try BMP280Tests.driver(
        ["temperature-oversampling": "2", "pressure-oversampling": "16", "filter": "4"],
        trimming: nil)
      var bus = ScriptedI2CBus([
        .read([0x58], after: [0xD0], from: address), .read([0x56], after: [0xD0], from: address),
        .write([0xE0, 0xB6], to: address),
        .read([0x00], after: [0xF3], from: address),
        .read(try bytes(trimming), after: [0x88], from: address),
        .write([0xF5, 0x08], to: address), .write([0xF4, 0x54], to: address),
        .write([0xF4, 0x55], to: address),
        .read([0x00, 0x54, 0x08], after: [0xF3], from: address),
        .read(try bytes(data), after: [0xF7], from: address),
      ])
      try driver.identify(on: &bus)
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(10))
      #expect(driver.calibration == nil)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(driver.calibration == (try bytes(trimming)))
      // Table 13: 43.2 ms.
      #expect(try driver.begin(on: &bus) == .microseconds(43_225))
      #expect(try driver.fetch(from: &bus) == [bytes(data)])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try BMP280Tests.address()
      var driver = try BMP280Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x60], after: [0xD0], from: address), .read([0x61], after: [0xD0], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xD0], reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0x60 (a BME280)", expected: "0x58")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "0x61", expected: "0x58")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ([0x08, 0x24, 0x00], .notReady), ([0x01, 0x24, 0x00], .notReady),
        ([0x00, 0x25, 0x00], .notReady),
        ([0x00, 0x00, 0x00], .wasReset("ctrl_meas is 0x00, was set to 0x24")),
        ([0x00, 0x24, 0x10], .wasReset("config is 0x10, was set to 0x00")),
      ] as [([UInt8], DriverFailure)])
    func `while the chip measures, and where it was reset`(
      control: [UInt8], failure: DriverFailure
    ) throws {
      var driver = try BMP280Tests.driver()
      var bus = ScriptedI2CBus([
        .read(control, after: [0xF3], from: try BMP280Tests.address())
      ])
      #expect(throws: failure) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `without trimming, or with blank trimming`() throws {
      let address = try BMP280Tests.address()
      var driver = try BMP280Tests.driver(trimming: nil)
      #expect(
        throws: DriverFailure.malformed("calibration is missing; read or restore it first")
      ) { try driver.decode([bytes(data)]) }
      var bus = ScriptedI2CBus([
        .read([0x01], after: [0xF3], from: address), .read([0x00], after: [0xF3], from: address),
        .read([UInt8](repeating: 0, count: 24), after: [0x88], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.configure(on: &bus) }
      #expect(throws: DriverFailure.malformed("calibration is blank")) {
        try driver.configure(on: &bus)
      }
      #expect(throws: DriverFailure.malformed("calibration has 2 bytes, expected 24")) {
        try driver.restore(calibration: [1, 2])
      }
      expectPlayed(bus)
    }
  }
}
