import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct TMP117Tests {
  static func driver(_ averaging: String = "8") throws -> TMP117 {
    try TMP117(options: options(TMP117.self, ["averaging": averaging]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x48)) }

  @Suite struct decodes {
    @Test(arguments: [
      // SNOSD82 section 7.3.3, table 7-1.
      ("7fff", "255.9921875 Cel"), ("3200", "100 Cel"), ("0c80", "25 Cel"),
      ("0080", "1 Cel"), ("0001", "0.0078125 Cel"), ("0000", "0 Cel"),
      ("ffff", "-0.0078125 Cel"), ("ff80", "-1 Cel"), ("f380", "-25 Cel"),
      ("8001", "-255.9921875 Cel"),
    ])
    func `words as temperature`(raw: String, celsius: String) throws {
      #expect(try TMP117Tests.driver().decode([bytes(raw)]).text("temperature") == celsius)
    }

    @Test func `no value from before the first measurement`() throws {
      let measurement = try TMP117Tests.driver().decode([[0x80, 0x00]])
      #expect(measurement.cause("temperature") == "no measurement since the reset")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try TMP117Tests.address()
      var driver = try TMP117Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x01, 0x17], after: [0x0F], from: address),
        // A TMP119, whose revision is another.
        .read([0x21, 0x17], after: [0x0F], from: address),
        .write([0x01, 0x00, 0x02], to: address),
        // Shutdown, then one shot, each with eight samples and no pause.
        .write([0x01, 0x04, 0x20], to: address),
        .write([0x01, 0x0C, 0x20], to: address),
        .read([0x24, 0x20], after: [0x01], from: address),
        .read([0x0C, 0x80], after: [0x00], from: address),
      ])
      try driver.identify(on: &bus)
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(2))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(140))
      #expect(try driver.fetch(from: &bus) == [[0x0C, 0x80]])
      expectPlayed(bus)
    }

    @Test(arguments: [("1", 0x00, 17_500), ("32", 0x40, 560_000), ("64", 0x60, 1_120_000)])
    func `to average`(averaging: String, bits: Int, microseconds: Int) throws {
      var driver = try TMP117Tests.driver(averaging)
      var bus = ScriptedI2CBus([
        .write([0x01, 0x0C, UInt8(bits)], to: try TMP117Tests.address())
      ])
      #expect(try driver.begin(on: &bus) == .microseconds(microseconds))
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try TMP117Tests.address()
      var driver = try TMP117Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x75, 0x00], after: [0x0F], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x0F], reading: 2, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0x7500", expected: "0x0117")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and where it was reset`() throws {
      let address = try TMP117Tests.address()
      var driver = try TMP117Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x0C, 0x20], after: [0x01], from: address),
        .read([0x22, 0x20], after: [0x01], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("configuration is 0x2220, was set to 0x0420")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
