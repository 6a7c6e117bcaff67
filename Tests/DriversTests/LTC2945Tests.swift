import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct LTC2945Tests {
  /// 12 V and 50 mV: 480 and 2000 steps, times 16; power 480 x 2000.
  static let example = ["05", "0ea600", "7d00", "1e00"]

  static func driver(_ shunt: String = "20 mohm") throws -> LTC2945 {
    try LTC2945(options: options(LTC2945.self, ["shunt": shunt]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x6F)) }

  static func decoded(_ raw: [String], _ shunt: String = "20 mohm") throws -> Measurement {
    try driver(shunt).decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    @Test func `voltage, current and power`() throws {
      let measurement = try decoded(example)
      #expect(
        measurement.readings.map(\.quantity.description) == ["12 V", "0.05 V", "2.5 A", "30 W"])
      #expect(try decoded(example, "0.3 ohm").text("current") == "0.166666667 A")
      let low = try decoded(["01", "000000", "0000", "0000"])
      #expect(low.readings.map(\.quantity.description) == ["0 V", "0 V", "0 A", "0 W"])
    }

    @Test func `no values beyond the ranges`() throws {
      let shunt = try decoded(["05", "0ea600", "fff0", "1e00"])
      #expect(shunt.readings.map(\.channel) == ["voltage"])
      #expect(shunt.cause("power") == "shunt voltage is beyond the range")
      let voltage = try decoded(["05", "0ea600", "ffe0", "fff0"])
      #expect(voltage.readings.map(\.channel) == ["shunt-voltage", "current"])
      #expect(voltage.cause("voltage") == "voltage is beyond the range")
      #expect(voltage.cause("power") == "voltage is beyond the range")
    }
  }

  @Suite struct talks {
    @Test func `to identify, configure and read`() throws {
      var driver = try LTC2945Tests.driver()
      let address = try LTC2945Tests.address()
      let raw = try example.map { try bytes($0) }
      var bus = ScriptedI2CBus([
        .read([0x7D, 0x00], after: [0x14], from: address),
        .read([0x1E, 0x00], after: [0x1E], from: address),
        .read([0xFF, 0xF0], after: [0x2E], from: address),
        .read([0x00, 0x00], after: [0x30], from: address),
        .read([0x05], after: [0x00], from: address),
        // Shut down, the multiplier with the auxiliary input.
        .read([0x06], after: [0x00], from: address),
        .write([0x00, 0x05], to: address),
        .read(raw[0], after: [0x00], from: address),
        .read(raw[1], after: [0x05], from: address),
        .read(raw[2], after: [0x14], from: address),
        .read(raw[3], after: [0x1E], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .milliseconds(200))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(driver.conversionTime == .zero)
      #expect(try driver.fetch(from: &bus) == raw)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try LTC2945Tests.driver()
      let address = try LTC2945Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x7D, 0x00], after: [0x14], from: address),
        .read([0x1E, 0x08], after: [0x1E], from: address),
        .read([0x00, 0x00], after: [0x14], from: address),
        .read([0x00, 0x00], after: [0x1E], from: address),
        .read([0x00, 0x00], after: [0x2E], from: address),
        .read([0x00, 0x00], after: [0x30], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x1e08 in register 0x1e", expected: "12 bits and four zeros")
      ) { try driver.identify(on: &bus) }
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "thresholds 0x0000 and 0x0000", expected: "a lower and a higher one")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the mode is another, or the chip does not answer`() throws {
      var driver = try LTC2945Tests.driver()
      let address = try LTC2945Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x04], after: [0x00], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x00], reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wasReset("control register is 0x04")) {
        try driver.fetch(from: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where the bytes are of another mode or chip`() throws {
      #expect(throws: DriverFailure.malformed("control register 0x85 is of another mode")) {
        try decoded(["85", "0ea600", "7d00", "1e00"])
      }
      #expect(throws: DriverFailure.malformed("more than 12 bits: 0x7d00, 0x1e01")) {
        try decoded(["05", "0ea600", "7d00", "1e01"])
      }
    }
  }
}
