import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct MCP9808Tests {
  static func driver(_ resolution: String = "0.0625") throws -> MCP9808 {
    try MCP9808(options: options(MCP9808.self, ["resolution": resolution]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x18)) }

  @Suite struct decodes {
    @Test(arguments: [
      // periph mcp9808_test.go; DS25095A section 5.1.3.1 for the bits of the alert.
      ("00a0", "10 Cel"), ("1f60", "-10 Cel"), ("0000", "0 Cel"), ("0001", "0.0625 Cel"),
      ("1fff", "-0.0625 Cel"), ("c194", "25.25 Cel"), ("fe6c", "-25.25 Cel"),
      ("07d0", "125 Cel"), ("1d80", "-40 Cel"), ("08c0", "140 Cel"), ("1c90", "-55 Cel"),
      ("08c1", nil), ("1c8f", nil), ("0fff", nil), ("1000", nil),
    ])
    func `words as temperature`(raw: String, celsius: String?) throws {
      let measurement = try MCP9808Tests.driver().decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(
        measurement.cause("temperature")
          == (celsius == nil ? "value is beyond the chip's range" : nil))
    }
  }

  @Suite struct talks {
    @Test(arguments: [
      ("0.5", 0x00, 36), ("0.25", 0x01, 78), ("0.125", 0x02, 156), ("0.0625", 0x03, 300),
    ])
    func `to identify and measure`(resolution: String, code: Int, milliseconds: Int) throws {
      let address = try MCP9808Tests.address()
      var driver = try MCP9808Tests.driver(resolution)
      var bus = ScriptedI2CBus([
        .read([0x00, 0x54], after: [0x06], from: address),
        .read([0x04, 0x01], after: [0x07], from: address),
        .write([0x08, UInt8(code)], to: address),
        .write([0x01, 0x03, 0x00], to: address),
        .write([0x01, 0x02, 0x00], to: address),
        .read([0x02, 0x00], after: [0x01], from: address),
        .read([0xC1, 0x94], after: [0x05], from: address),
        .write([0x01, 0x03, 0x00], to: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(milliseconds))
      #expect(try driver.fetch(from: &bus) == [[0xC1, 0x94]])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try MCP9808Tests.address()
      var driver = try MCP9808Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x33], after: [0x06], from: address),
        .read([0x00, 0x54], after: [0x06], from: address),
        .read([0x02, 0x00], after: [0x07], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x06], reading: 2, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "maker 0x0033", expected: "0x0054")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "chip 0x0200", expected: "0x0400")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where the chip was reset`() throws {
      var driver = try MCP9808Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x00], after: [0x01], from: try MCP9808Tests.address())
      ])
      #expect(throws: DriverFailure.wasReset("configuration is 0x0000, was set to 0x0200")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
