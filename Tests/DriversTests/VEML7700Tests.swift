import Buses
import BusesTesting
import Configuration
import Drivers
import Testing

@Suite struct VEML7700Tests {
  static func driver(_ gain: String = "1/8", _ time: String = "100 ms") throws -> VEML7700 {
    try VEML7700(
      options: options(VEML7700.self, ["gain": gain, "integration-time": time]),
      address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x10)) }

  @Suite struct decodes {
    @Test(arguments: [
      // Steps of the resolution table, and the application note's polynomial, in decimal
      // arithmetic of 60 digits.
      ("2", "800 ms", 1, "0.0042 lx"), ("2", "800 ms", 65534, "275.2428 lx"),
      ("1/8", "100 ms", 1000, "537.6 lx"), ("1/8", "100 ms", 1860, "999.936 lx"),
      ("1/8", "100 ms", 1861, "1075.5366 lx"), ("1/8", "100 ms", 20000, "16559.3499 lx"),
      ("1/8", "100 ms", 40000, "94427.1503 lx"), ("1/8", "25 ms", 10000, "94427.1503 lx"),
      ("1/8", "25 ms", 1, "2.1504 lx"), ("1", "100 ms", 65534, "5418.3939 lx"),
      ("1/4", "50 ms", 10, "5.376 lx"), ("1", "400 ms", 10, "0.168 lx"),
      ("2", "200 ms", 0, "0 lx"),
    ])
    func `counts as illuminance`(gain: String, time: String, count: Int, lux: String) throws {
      let measurement = try VEML7700Tests.driver(gain, time).decode([
        [UInt8(count & 0xFF), UInt8(count >> 8)]
      ])
      #expect(measurement.text("illuminance") == lux)
    }

    @Test(arguments: [("2", "800 ms", 0xFFFF), ("1/8", "100 ms", 46000), ("1/8", "25 ms", 65534)])
    func `no value beyond the range`(gain: String, time: String, count: Int) throws {
      let measurement = try VEML7700Tests.driver(gain, time).decode([
        [UInt8(count & 0xFF), UInt8(count >> 8)]
      ])
      #expect(measurement.cause("illuminance") == "illuminance is beyond the range")
    }
  }

  @Suite struct talks {
    @Test(
      arguments: [
        ("1/8", "100 ms", 0x1000, 204), ("1/4", "25 ms", 0x1B00, 54), ("1", "50 ms", 0x0200, 104),
        ("2", "200 ms", 0x0840, 404), ("2", "400 ms", 0x0880, 804), ("2", "800 ms", 0x08C0, 1604),
      ] as [(String, String, Int, Int)])
    func `to measure`(gain: String, time: String, control: Int, milliseconds: Int) throws {
      let address = try VEML7700Tests.address()
      var driver = try VEML7700Tests.driver(gain, time)
      let (low, high) = (UInt8(control & 0xFF), UInt8(control >> 8))
      var bus = ScriptedI2CBus([
        .write([0x00, low | 1, high], to: address), .write([0x03, 0x00, 0x00], to: address),
        .write([0x00, low, high], to: address),
        .read([low, high], after: [0x00], from: address),
        .read([0xE8, 0x03], after: [0x04], from: address),
        .write([0x00, low | 1, high], to: address),
      ])
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(milliseconds))
      #expect(try driver.fetch(from: &bus) == [[0xE8, 0x03]])
      expectPlayed(bus)
    }

    @Test func `to identify a chip with an identity, and one without`() throws {
      let address = try VEML7700Tests.address()
      var driver = try VEML7700Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x81, 0xC4], after: [0x07], from: address),
        .read([0x00, 0x00], after: [0x07], from: address),
        .read([0x01, 0x00], after: [0x00], from: address),
        .read([0x00, 0x00], after: [0x03], from: address),
      ])
      try driver.identify(on: &bus)
      try driver.identify(on: &bus)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try VEML7700Tests.address()
      var driver = try VEML7700Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x34, 0x12], after: [0x07], from: address),
        .read([0xFF, 0xFF], after: [0x00], from: address),
        .read([0x00, 0x00], after: [0x03], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x07], reading: 2, at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x1234", expected: "0x81 in the lower byte, or reserved bits of zero")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where the chip was reset`() throws {
      var driver = try VEML7700Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x01, 0x00], after: [0x00], from: try VEML7700Tests.address())
      ])
      #expect(throws: DriverFailure.wasReset("ALS_CONF is 0x0001, was set to 0x1000")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `for a time that the chip has not`() {
      let error = #expect(throws: OptionConflict.self) {
        try VEML7700Tests.driver("1", "75 ms")
      }
      #expect(
        error?.remedy == "write one of 25 ms, 50 ms, 100 ms, 200 ms, 400 ms, 800 ms")
    }
  }
}
