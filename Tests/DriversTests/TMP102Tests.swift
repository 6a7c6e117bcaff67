import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct TMP102Tests {
  static func driver() throws -> TMP102 {
    try TMP102(options: options(TMP102.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x48)) }

  @Suite struct decodes {
    @Test(arguments: [
      // SBOS397 table 7-3, 13 bits: 0x0960, 0x0800, 0x07FF, 0x0190, 0x1FFC, 0x1E70, 0x1C90.
      ("4b01", "150 Cel"), ("4001", "128 Cel"), ("3ff9", "127.9375 Cel"), ("0c81", "25 Cel"),
      ("0009", "0.0625 Cel"), ("0001", "0 Cel"), ("ffe1", "-0.25 Cel"), ("f381", "-25 Cel"),
      ("e481", "-55 Cel"),
      // Table 7-2, 12 bits; periph tmp102_test.go has the same words.
      ("7ff0", "127.9375 Cel"), ("1900", "25 Cel"), ("0000", "0 Cel"), ("ffc0", "-0.25 Cel"),
      ("e700", "-25 Cel"), ("c900", "-55 Cel"),
    ])
    func `words as temperature`(raw: String, celsius: String) throws {
      #expect(try TMP102Tests.driver().decode([bytes(raw)]).text("temperature") == celsius)
    }

    @Test(arguments: ["0c83", "0c85", "1902", "1908"])
    func `no word with bits that the chip has not`(raw: String) throws {
      #expect(
        throws: DriverFailure.malformed("temperature 0x\(raw) has bits that the chip has not")
      ) { try TMP102Tests.driver().decode([bytes(raw)]) }
    }
  }

  @Suite struct talks {
    @Test func `to identify and measure`() throws {
      let address = try TMP102Tests.address()
      var driver = try TMP102Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x60, 0xA0], after: [0x01], from: address),
        .read([0x4B, 0x00], after: [0x02], from: address),
        .read([0x50, 0x00], after: [0x03], from: address),
        .write([0x01, 0x01, 0x90], to: address),
        .write([0x01, 0x81, 0x90], to: address),
        .read([0xE1, 0xB0], after: [0x01], from: address),
        .read([0x0C, 0x81], after: [0x00], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(35))
      #expect(try driver.fetch(from: &bus) == [[0x0C, 0x81]])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try TMP102Tests.address()
      var driver = try TMP102Tests.driver()
      var bus = ScriptedI2CBus([
        // A TMP117, an LM75, then an unknown chip with the right configuration.
        .read([0x02, 0x20], after: [0x01], from: address),
        .read([0x00, 0x00], after: [0x01], from: address),
        .read([0x60, 0xA0], after: [0x01], from: address),
        .read([0x12, 0x34], after: [0x02], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x01], reading: 2, at: address),
      ])
      for found in ["configuration 0x0220", "configuration 0x0000"] {
        #expect(
          throws: DriverFailure.wrongIdentity(
            found: found, expected: "0x60a0 but for its settings")
        ) { try driver.identify(on: &bus) }
      }
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "limit 0x1234", expected: "a limit of at most 13 bits")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and where it was reset`() throws {
      let address = try TMP102Tests.address()
      var driver = try TMP102Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x61, 0xB0], after: [0x01], from: address),
        .read([0x60, 0xA0], after: [0x01], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("configuration is 0x60a0, was set to 0x0190")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
