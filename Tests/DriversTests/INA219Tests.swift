import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct INA219Tests {
  /// 10 A through 2 milliohm, 11.98 V, with 1 mA a step.
  ///
  /// Calibration 0.04096 / (1 mA x 2 mohm) =
  /// 20480. Shunt 20 mV / 10 uV = 2000; bus 11.98 V / 4 mV = 2995, shifted by 3; current 2000 x
  /// 20480 / 4096 = 10000; power 10000 x 2995 / 5000 = 5990 steps of 20 mW.
  static let example = ["5000", "5d98", "07d0", "2710", "1766"]

  static func driver(_ written: KeyValuePairs<String, String> = ["shunt": "2 mohm"]) throws
    -> INA219
  {
    try INA219(options: options(INA219.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  static func decoded(
    _ raw: [String], _ written: KeyValuePairs<String, String> = ["shunt": "2 mohm"]
  ) throws -> Measurement {
    try driver(written).decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    @Test func `the example`() throws {
      let measurement = try decoded(example)
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "11.98 V", "0.02 V", "10 A", "119.8 W",
        ])
      #expect(measurement.faults == [])
    }

    @Test func `currents backwards, and shunts of any resistance without loss`() throws {
      // With 4096 a step of the current register is 10 uV over the shunt.
      let measurement = try decoded(["1000", "0002", "fc18", "fc18", "0000"], ["shunt": "0.3 ohm"])
      #expect(measurement.text("current") == "-0.033333333 A")
      #expect(measurement.text("shunt-voltage") == "-0.01 V")
      #expect(measurement.text("voltage") == "0 V")
    }

    @Test(arguments: [
      ("40 mV", "0f9f", "0fa0"), ("80 mV", "e0c1", "e0c0"), ("160 mV", "3e7f", "3e80"),
      ("320 mV", "8301", "8300"),
    ])
    func `a shunt voltage up to the end of its range`(
      range: String, last: String, end: String
    ) throws {
      func decode(_ shunt: String) throws -> Measurement {
        try decoded(
          ["1000", "5d98", shunt, "0001", "0001"], ["shunt": "1 ohm", "shunt-range": range])
      }
      #expect(try decode(last).faults == [])
      let beyond = try decode(end)
      #expect(beyond.readings.map(\.channel) == ["voltage"])
      #expect(beyond.faults.map(\.channel) == ["shunt-voltage", "current", "power"])
      #expect(beyond.cause("power") == "shunt voltage is beyond the range")
    }

    @Test(arguments: [("16 V", "7cfa", "7d02", "15.996 V"), ("32 V", "f9fa", "fa02", "31.996 V")])
    func `a bus voltage up to the end of its range`(
      range: String, last: String, end: String, text: String
    ) throws {
      func decode(_ bus: String) throws -> Measurement {
        try decoded(["1000", bus, "0001", "0001", "0001"], ["shunt": "1 ohm", "bus-range": range])
      }
      #expect(try decode(last).text("voltage") == text)
      #expect(try decode(end).cause("voltage") == "bus voltage is beyond the range")
    }

    @Test func `no current and power where the overflow bit is set`() throws {
      let measurement = try decoded(["5000", "5d9b", "07d0", "2710", "1766"])
      #expect(measurement.readings.map(\.channel) == ["voltage", "shunt-voltage"])
      #expect(measurement.cause("current") == "arithmetic overflow bit is set")
      #expect(measurement.cause("power") == "arithmetic overflow bit is set")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset, configure and measure once`() throws {
      var driver = try INA219Tests.driver(["shunt": "2 mohm", "shunt-range": "40 mV"])
      let address = try INA219Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x39, 0x9F], after: [0x00], from: address),
        .read([0x00, 0x02], after: [0x02], from: address),
        .read([0x00, 0x00], after: [0x05], from: address),
        .write([0x00, 0x80, 0x00], to: address),
        // 32 V, 40 mV, 16 samples for both; mode 0, then mode 3.
        .write([0x00, 0x26, 0x60], to: address),
        .write([0x05, 0x80, 0x00], to: address),
        .write([0x00, 0x26, 0x63], to: address),
        .read([0x80, 0x00], after: [0x05], from: address),
        .read([0x5D, 0x9A], after: [0x02], from: address),
        .read([0x07, 0xD0], after: [0x01], from: address),
        .read([0x3E, 0x80], after: [0x04], from: address),
        .read([0x25, 0x70], after: [0x03], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .microseconds(40))
      // 16 x 2 x 586 us.
      #expect(try driver.begin(on: &bus) == .microseconds(18_752))
      let raw = try driver.fetch(from: &bus)
      #expect(raw == [[0x80, 0], [0x5D, 0x9A], [0x07, 0xD0], [0x3E, 0x80], [0x25, 0x70]])
      // 16000 steps of 0.625 mA, 9584 of 12.5 mW.
      let measurement = try driver.decode(raw)
      #expect(measurement.text("current") == "10 A")
      #expect(measurement.text("power") == "119.8 W")
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ("16 V", "80 mV", "1", 0x0C40, 0x4000, 1172), ("32 V", "160 mV", "2", 0x34C8, 0x2000, 2344),
        ("32 V", "320 mV", "128", 0x3FF8, 0x1000, 150_016),
      ] as [(String, String, String, UInt16, UInt16, Int)])
    func `the sampling options`(
      bus: String, shunt: String, averaging: String, configuration: UInt16, calibration: UInt16,
      microseconds: Int
    ) throws {
      var driver = try INA219Tests.driver([
        "shunt": "0.1 ohm", "bus-range": bus, "shunt-range": shunt, "averaging": averaging,
      ])
      let address = try INA219Tests.address()
      var script = ScriptedI2CBus([
        .write([0x00, UInt8(configuration >> 8), UInt8(configuration & 0xFF)], to: address),
        .write([0x05, UInt8(calibration >> 8), 0], to: address),
      ])
      _ = try driver.configure(on: &script)
      #expect(driver.conversionTime == .microseconds(microseconds))
      expectPlayed(script)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try INA219Tests.driver()
      let address = try INA219Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x41, 0x27], after: [0x00], from: address),
        .read([0x00, 0x00], after: [0x00], from: address),
        .read([0x39, 0x9F], after: [0x00], from: address),
        .read([0x00, 0x04], after: [0x02], from: address),
        .read([0x00, 0x00], after: [0x05], from: address),
        .read([0x39, 0x9F], after: [0x00], from: address),
        .read([0x00, 0x00], after: [0x02], from: address),
        .read([0x00, 0x01], after: [0x05], from: address),
      ])
      for found in [
        "configuration 0x4127", "configuration 0x0000", "bus voltage 0x0004, calibration 0x0000",
        "bus voltage 0x0000, calibration 0x0001",
      ] {
        let error = #expect(throws: DriverFailure.self) { try driver.identify(on: &bus) }
        #expect(error?.description.hasPrefix("identity is \(found), expected ") == true)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, where it was reset or does not answer`() throws {
      var driver = try INA219Tests.driver()
      let address = try INA219Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x10, 0x00], after: [0x05], from: address),
        .read([0x5D, 0x98], after: [0x02], from: address),
        .read([0x00, 0x00], after: [0x05], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x05], reading: 2, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(
        throws: DriverFailure.wasReset("calibration register is 0x0000, was set to 0x1000")
      ) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where nothing was computed`() throws {
      #expect(throws: DriverFailure.malformed("calibration register is zero")) {
        try decoded(["0000", "5d98", "07d0", "0000", "0000"])
      }
    }

    @Test func `where the chip has no such range`() throws {
      let error = #expect(throws: OptionConflict.self) {
        try INA219Tests.driver(["shunt": "0.1 ohm", "shunt-range": "100 mV"])
      }
      #expect(error?.option == "shunt-range")
      #expect(error?.remedy == "write one of 40 mV, 80 mV, 160 mV, 320 mV")
    }
  }
}
