import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct DPS310Tests {
  /// c0 204, c1 -261; c00 81517, c10 -54207, c01 -2826, c11 1257, c20 -9836, c21 115, c30 -1431.
  static let coefficients = "0ccefb13e6df2c41f4f604e9d9940073fa69"

  static func driver(
    _ temperature: String = "1", _ pressure: String = "16", coefficients: String? = coefficients
  ) throws -> DPS310 {
    var driver = try DPS310(
      options: options(
        DPS310.self,
        ["temperature-oversampling": temperature, "pressure-oversampling": pressure]),
      address: try address())
    if let coefficients { try driver.restore(calibration: bytes(coefficients)) }
    return driver
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x77)) }

  @Suite struct decodes {
    @Test(arguments: [
      // Section 4.9's formulas in exact fractions.
      ("1", "16", "fe8ce8 025d78", "24.8382 Cel", "99523.825 Pa"),
      ("16", "64", "f3cb00 013880", "19.7797 Cel", "116860.787 Pa"),
      ("1", "1", "fd8f00 027100", "22.3491 Cel", "96208.061 Pa"),
      ("128", "128", "000001 ffffff", "102.0001 Cel", "81516.975 Pa"),
      ("4", "2", "ffffff 000001", "101.9999 Cel", "81517.034 Pa"),
      ("32", "8", "d9da60 0f4240", "-403.7199 Cel", "91573.473 Pa"),
    ])
    func `counts as temperature and pressure`(
      temperature: String, pressure: String, raw: String, celsius: String, pascal: String
    ) throws {
      let measurement = try DPS310Tests.driver(temperature, pressure).decode([bytes(raw)])
      #expect(measurement.readings.map(\.channel) == ["temperature", "pressure"])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("pressure") == pascal)
    }

    @Test func `no value from before the first result`() throws {
      let driver = try DPS310Tests.driver()
      let pressure = try driver.decode([bytes("800000 025d78")])
      #expect(pressure.text("temperature") == "24.8382 Cel")
      #expect(pressure.cause("pressure") == "no pressure since the reset")
      let temperature = try driver.decode([bytes("fe8ce8 800000")])
      #expect(temperature.cause("temperature") == "no temperature since the reset")
      #expect(temperature.cause("pressure") == "no temperature since the reset")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try DPS310Tests.address()
      var driver = try DPS310Tests.driver(coefficients: nil)
      let data = try bytes("fe8ce8 025d78")
      var bus = ScriptedI2CBus([
        .read([0x10], after: [0x0D], from: address),
        .write([0x0C, 0x09], to: address),
        .read([0xC0], after: [0x08], from: address),
        .read(try bytes(coefficients), after: [0x10], from: address),
        .read([0x80], after: [0x28], from: address),
        .read([0x02], after: [0x32], from: address),
        .write([0x08, 0x00], to: address),
        // 16 pairs a second, for 32 of 31.2 ms leave less than 10 ms of it.
        .write([0x06, 0x44], to: address), .write([0x07, 0xC0], to: address),
        .write([0x09, 0x04], to: address),
        .write([0x08, 0x07], to: address),
        .read([0x44, 0xC0, 0xF7, 0x04], after: [0x06], from: address),
        .write([0x08, 0x00], to: address),
        .read(data, after: [0x00], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(40))
      #expect(driver.calibration == nil)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(driver.calibration == (try bytes(coefficients)))
      #expect(try driver.begin(on: &bus) == driver.conversionTime)
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }

    @Test func `to mend a chip that reads too warm`() throws {
      let address = try DPS310Tests.address()
      var driver = try DPS310Tests.driver("128", "128")
      var bus = ScriptedI2CBus([
        .read([0xC0], after: [0x08], from: address),
        .read(try bytes(coefficients), after: [0x10], from: address),
        .read([0x00], after: [0x28], from: address), .read([0x00], after: [0x32], from: address),
        .write([0x0E, 0xA5], to: address), .write([0x0F, 0x96], to: address),
        .write([0x62, 0x02], to: address), .write([0x0E, 0x00], to: address),
        .write([0x0F, 0x00], to: address),
        .write([0x08, 0x00], to: address), .write([0x06, 0x17], to: address),
        .write([0x07, 0x17], to: address), .write([0x09, 0x0C], to: address),
      ])
      #expect(try driver.configure(on: &bus) == .zero)
      expectPlayed(bus)
    }

    @Test(arguments: [
      // 2 x 2 ms + 1.6 ms a sample, an interval, 10 ms.
      ("1", "1", 4000 + 3200 + 7812 + 10_000), ("1", "16", 4000 + 27_200 + 62_500 + 10_000),
      ("128", "128", 4000 + 409_600 + 500_000 + 10_000),
    ])
    func `no longer than two samples and an interval`(
      temperature: String, pressure: String, microseconds: Int
    ) throws {
      #expect(
        try DPS310Tests.driver(temperature, pressure).conversionTime
          == .microseconds(microseconds))
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try DPS310Tests.address()
      var driver = try DPS310Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x1A], after: [0x0D], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x0D], reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0x1a", expected: "0x10")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        // No pressure yet, no temperature yet.
        ([0x44, 0x40, 0xE7, 0x04], .notReady), ([0x44, 0x40, 0xD7, 0x04], .notReady),
        ([0x00, 0x00, 0xC0, 0x00], .wasReset("settings are 0x00 0x00 0xc0 0x00")),
        ([0x44, 0x40, 0xF0, 0x04], .wasReset("settings are 0x44 0x40 0xf0 0x04")),
      ] as [([UInt8], DriverFailure)])
    func `while the chip measures, and where it was reset`(
      control: [UInt8], failure: DriverFailure
    ) throws {
      var driver = try DPS310Tests.driver()
      var bus = ScriptedI2CBus([.read(control, after: [0x06], from: try DPS310Tests.address())])
      #expect(throws: failure) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `without coefficients, or with blank ones`() throws {
      let address = try DPS310Tests.address()
      var driver = try DPS310Tests.driver(coefficients: nil)
      #expect(
        throws: DriverFailure.malformed("calibration is missing; read or restore it first")
      ) { try driver.decode([bytes("fe8ce8 025d78")]) }
      for byte in [0x00, 0xFF] as [UInt8] {
        #expect(throws: DriverFailure.malformed("calibration is blank")) {
          try driver.restore(calibration: [UInt8](repeating: byte, count: 18))
        }
      }
      var bus = ScriptedI2CBus([.read([0x40], after: [0x08], from: address)])
      #expect(throws: DriverFailure.notReady) { try driver.configure(on: &bus) }
      expectPlayed(bus)
    }
  }
}
