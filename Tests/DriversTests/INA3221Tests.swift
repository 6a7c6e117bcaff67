import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct INA3221Tests {
  static func driver(_ written: KeyValuePairs<String, String> = ["shunt-1": "0.1 ohm"]) throws
    -> INA3221
  {
    try INA3221(options: options(INA3221.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  /// Channel 1 with 40 mV and 12 V: 1000 and 1500 steps, shifted by 3; channel 2 with -80 mV and
  /// 4.096 V: -2000 and 512 steps; channel 3 at the last values before the ends.
  static let example = ["1f40", "2ee0", "c180", "1000", "8010", "7ff0"]

  static func decoded(
    _ raw: [String], _ written: KeyValuePairs<String, String> = ["shunt-1": "0.1 ohm"]
  ) throws -> Measurement {
    try driver(written).decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    @Test func `three channels`() throws {
      let measurement = try decoded(example)
      #expect(
        measurement.readings.map(\.channel) == INA3221.specification.channels.map(\.name))
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "12 V", "0.04 V", "0.4 A", "4.8 W", "4.096 V", "-0.08 V", "-0.8 A", "-3.2768 W",
          "32.752 V", "-0.16376 V", "-1.6376 A", "-53.6346752 W",
        ])
    }

    @Test func `every channel with its own shunt`() throws {
      let measurement = try decoded(
        example, ["shunt-1": "1 ohm", "shunt-2": "0.3 ohm", "shunt-3": "2 mohm"])
      #expect(measurement.text("current-1") == "0.04 A")
      #expect(measurement.text("current-2") == "-0.266666667 A")
      #expect(measurement.text("power-2") == "-1.092266667 W")
      #expect(measurement.text("current-3") == "-81.88 A")
    }

    @Test(arguments: [("7ff8", "7ff8"), ("8000", "8000"), ("8008", "8008")])
    func `no values beyond the ranges`(shunt: String, bus: String) throws {
      let measurement = try decoded([shunt, "2ee0", "1f40", bus] + example.suffix(2))
      #expect(
        measurement.faults.map(\.channel) == [
          "shunt-voltage-1", "current-1", "power-1", "voltage-2", "power-2",
        ])
      #expect(measurement.cause("power-1") == "shunt voltage is beyond the range")
      #expect(measurement.cause("power-2") == "bus voltage is beyond the range")
      #expect(measurement.text("current-2") == "0.4 A")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure once`() throws {
      var driver = try INA3221Tests.driver()
      let address = try INA3221Tests.address()
      let raw = try example.map { try bytes($0) }
      var bus = ScriptedI2CBus(
        [
          .read([0x54, 0x49], after: [0xFE], from: address),
          .read([0x32, 0x20], after: [0xFF], from: address),
          .write([0x00, 0x80, 0x00], to: address),
          // Three channels, 16 averages, 1.1 ms for both, mode 3.
          .write([0x00, 0x75, 0x23], to: address),
          .read([0x75, 0x23], after: [0x00], from: address),
          .read([0x00, 0x03], after: [0x0F], from: address),
        ]
          + raw.enumerated().map { .read($1, after: [UInt8($0 + 1)], from: address) })
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .zero)
      // 3 x 16 x (1.21 + 1.21) ms.
      #expect(try driver.begin(on: &bus) == .microseconds(116_160))
      #expect(try driver.fetch(from: &bus) == raw)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another maker's or another chip answers`() throws {
      var driver = try INA3221Tests.driver()
      let address = try INA3221Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x60], after: [0xFE], from: address),
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x60], after: [0xFF], from: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "maker 0x0060", expected: "0x5449")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "die 0x2260", expected: "0x3220")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, where it was reset or does not answer`() throws {
      var driver = try INA3221Tests.driver()
      let address = try INA3221Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x75, 0x23], after: [0x00], from: address),
        .read([0x00, 0x02], after: [0x0F], from: address),
        .read([0x71, 0x27], after: [0x00], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x00], reading: 2, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(
        throws: DriverFailure.wasReset("configuration register is 0x7127, was set to 0x7523")
      ) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
