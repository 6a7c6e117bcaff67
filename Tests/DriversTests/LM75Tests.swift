import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct LM75Tests {
  static func driver(_ resolution: String = "9") throws -> LM75 {
    try LM75(options: options(LM75.self, ["resolution": resolution]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x48)) }

  @Suite struct decodes {
    @Test(arguments: [
      // SNOS808, temperature data format: nine bits. The seven bits below mean nothing.
      ("9", "7d00", "125 Cel"), ("9", "1900", "25 Cel"), ("9", "0080", "0.5 Cel"),
      ("9", "0000", "0 Cel"), ("9", "ff80", "-0.5 Cel"), ("9", "e700", "-25 Cel"),
      ("9", "c900", "-55 Cel"), ("9", "197f", "25 Cel"), ("10", "1940", "25.25 Cel"),
      // LM75B section 7.4.3: eleven bits.
      ("11", "7f00", nil), ("11", "7ee0", nil), ("11", "7d00", "125 Cel"),
      ("11", "1900", "25 Cel"), ("11", "0020", "0.125 Cel"), ("11", "ffe0", "-0.125 Cel"),
      ("11", "e720", "-24.875 Cel"), ("11", "c920", "-54.875 Cel"), ("11", "c900", "-55 Cel"),
      ("11", "c8e0", nil),
    ])
    func `words as temperature`(bits: String, raw: String, celsius: String?) throws {
      let measurement = try LM75Tests.driver(bits).decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(
        measurement.cause("temperature")
          == (celsius == nil ? "value is beyond the chip's range" : nil))
    }
  }

  @Suite struct talks {
    @Test func `to identify and measure`() throws {
      let address = try LM75Tests.address()
      var driver = try LM75Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x00], after: [0x01], from: address),
        .read([0x4B, 0x00], after: [0x02], from: address),
        .read([0x50, 0x00], after: [0x03], from: address),
        .write([0x01, 0x09], to: address),
        .write([0x01, 0x08], to: address),
        .read([0x08], after: [0x01], from: address),
        .read([0x19, 0x00], after: [0x00], from: address),
        .write([0x01, 0x09], to: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(300))
      #expect(try driver.fetch(from: &bus) == [[0x19, 0x00]])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test(
      arguments: [
        // Limits of other chips, of a TMP117 for one, and none at all.
        ([0x60, 0x00], [0x80, 0x00], "limits 0x6000 and 0x8000"),
        ([0x00, 0x00], [0x00, 0x00], "limits 0x0000 and 0x0000"),
        ([0x4B, 0x00], [0x50, 0x10], "limits 0x4b00 and 0x5010"),
        ([0xFF, 0xFF], [0xFF, 0xFF], "limits 0xffff and 0xffff"),
      ] as [([UInt8], [UInt8], String)])
    func `where the limits are another chip's`(low: [UInt8], high: [UInt8], found: String) throws {
      let address = try LM75Tests.address()
      var driver = try LM75Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x02], after: [0x01], from: address), .read(low, after: [0x02], from: address),
        .read(high, after: [0x03], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: found, expected: "two limits of nine bits between -55 and 125 degrees")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `where another chip answers, and where it was reset`() throws {
      let address = try LM75Tests.address()
      var driver = try LM75Tests.driver()
      var bus = ScriptedI2CBus([
        // A TMP102.
        .read([0x60], after: [0x01], from: address),
        .read([0x00], after: [0x01], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x01, 0x08], at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "configuration 0x60", expected: "zeros in its highest three bits")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.wasReset("configuration is 0x00, was set to 0x08")) {
        try driver.fetch(from: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.begin(on: &bus)
      }
      expectPlayed(bus)
    }
  }
}
