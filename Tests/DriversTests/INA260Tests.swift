import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct INA260Tests {
  static func driver() throws -> INA260 {
    try INA260(options: options(INA260.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  static func decoded(_ raw: String...) throws -> Measurement {
    try driver().decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    /// Steps of 1.25 mA, 1.25 mV and 10 mW: 10 A are 8000, 11.98 V are 9584, 119.8 W are 11980.
    @Test func `steps of the three registers`() throws {
      let measurement = try decoded("1f40", "2570", "2ecc", "0008")
      #expect(
        measurement.readings.map(\.quantity.description) == ["11.98 V", "10 A", "119.8 W"])
      #expect(measurement.faults == [])
    }

    @Test func `the ends`() throws {
      let low = try decoded("8001", "0000", "0000", "0008")
      #expect(low.readings.map(\.quantity.description) == ["0 V", "-40.95875 A", "0 W"])
      let high = try decoded("7ffe", "7ffe", "ffff", "0008")
      #expect(
        high.readings.map(\.quantity.description) == ["40.9575 V", "40.9575 A", "655.35 W"])
      #expect(
        try decoded("ffff", "7fff", "0001", "0008").cause("voltage")
          == "bus voltage is beyond the range")
    }

    @Test(arguments: ["7fff", "8000"])
    func `no current and power beyond the range`(current: String) throws {
      let measurement = try decoded(current, "2570", "2ecc", "0008")
      #expect(measurement.readings.map(\.channel) == ["voltage"])
      #expect(measurement.faults.map(\.channel) == ["current", "power"])
    }

    @Test func `no power where the overflow flag is set`() throws {
      let measurement = try decoded("1f40", "2570", "2ecc", "000c")
      #expect(measurement.readings.map(\.channel) == ["voltage", "current"])
      #expect(measurement.cause("power") == "arithmetic overflow flag is set")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure once`() throws {
      var driver = try INA260Tests.driver()
      let address = try INA260Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x71], after: [0xFF], from: address),
        .write([0x00, 0x80, 0x00], to: address),
        // 16 averages, 1.1 ms for both, mode 3.
        .write([0x00, 0x65, 0x23], to: address),
        .read([0x65, 0x23], after: [0x00], from: address),
        .read([0x00, 0x08], after: [0x06], from: address),
        .read([0x1F, 0x40], after: [0x01], from: address),
        .read([0x25, 0x70], after: [0x02], from: address),
        .read([0x2E, 0xCC], after: [0x03], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(driver.conversionTime == .microseconds(38_720))
      #expect(try driver.begin(on: &bus) == .microseconds(38_720))
      #expect(
        try driver.fetch(from: &bus) == [
          [0x1F, 0x40], [0x25, 0x70], [0x2E, 0xCC], [0x00, 0x08],
        ])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another maker's or another chip answers`() throws {
      var driver = try INA260Tests.driver()
      let address = try INA260Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x60], after: [0xFE], from: address),
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x60], after: [0xFF], from: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "maker 0x0060", expected: "0x5449")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "die 0x2260", expected: "0x2270")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, where it was reset or does not answer`() throws {
      var driver = try INA260Tests.driver()
      let address = try INA260Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x65, 0x23], after: [0x00], from: address),
        .read([0x00, 0x00], after: [0x06], from: address),
        .read([0x61, 0x27], after: [0x00], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x00], reading: 2, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(
        throws: DriverFailure.wasReset("configuration register is 0x6127, was set to 0x6523")
      ) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
