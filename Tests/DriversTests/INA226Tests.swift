import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct INA226Tests {
  /// The data sheet's example (SBOS547A section 7.5, table 1): 10 A through 2 milliohm, 11.98 V,
  /// with 1 mA a step, which is a largest current of 32.768 A.
  static let example: [[UInt8]] = [
    [0x1F, 0x40], [0x25, 0x70], [0x12, 0xB8], [0x27, 0x10], [0x00, 0x08],
  ]

  static func driver(
    _ written: KeyValuePairs<String, String> = ["shunt": "2 mohm", "max-current": "32.768 A"]
  ) throws -> INA226 {
    try INA226(options: options(INA226.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  @Suite struct decodes {
    @Test func `the data sheet's example`() throws {
      let driver = try INA226Tests.driver()
      // Calibration 0xA00 and 2 milliohm.
      #expect(driver.calibration == [0x0A, 0x00] + eight(2_000_000))
      let measurement = try driver.decode(example)
      #expect(
        measurement.readings.map(\.channel) == ["voltage", "shunt-voltage", "current", "power"])
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "11.98 V", "0.02 V", "10 A", "119.8 W",
        ])
      #expect(measurement.faults == [])
    }

    /// With 0.1 ohm and no largest current a step is 25 uA and 625 uW.
    @Test(
      arguments: [
        (0x7FFE, 0x7FFE, "0.081915 V", "0.81915 A"),
        (0x8001, 0x8001, "-0.0819175 V", "-0.819175 A"),
        (0x0000, 0x0000, "0 V", "0 A"), (0xFFFF, 0xFFFF, "-0.0000025 V", "-0.000025 A"),
        (0x0001, 0x0001, "0.0000025 V", "0.000025 A"),
      ] as [(UInt16, UInt16, String, String)])
    func `the ends, zero and one below of shunt voltage and current`(
      shunt: UInt16, current: UInt16, voltage: String, ampere: String
    ) throws {
      let driver = try INA226Tests.driver(["shunt": "0.1 ohm"])
      let measurement = try driver.decode([
        [UInt8(shunt >> 8), UInt8(shunt & 0xFF)], [0, 0], [0, 0],
        [UInt8(current >> 8), UInt8(current & 0xFF)], [0x00, 0x08],
      ])
      #expect(measurement.text("shunt-voltage") == voltage)
      #expect(measurement.text("current") == ampere)
      #expect(measurement.faults == [])
    }

    @Test func `the ends of voltage and power`() throws {
      let driver = try INA226Tests.driver(["shunt": "0.1 ohm"])
      func decode(_ bus: [UInt8], _ power: [UInt8]) throws -> Measurement {
        try driver.decode([[0, 1], bus, power, [0, 1], [0x00, 0x08]])
      }
      let highest = try decode([0x7F, 0xFE], [0xFF, 0xFF])
      #expect(highest.text("voltage") == "40.9575 V")
      #expect(highest.text("power") == "40.959375 W")
      let lowest = try decode([0x00, 0x00], [0x00, 0x00])
      #expect(lowest.text("voltage") == "0 V")
      #expect(lowest.text("power") == "0 W")
      let beyond = try decode([0x7F, 0xFF], [0x00, 0x01])
      #expect(beyond.cause("voltage") == "bus voltage is beyond the range")
      #expect(beyond.text("power") == "0.000625 W")
    }

    @Test func `a third of an ohm without loss by a rounded step`() throws {
      // 0.3 ohm: a step is 25/3 uA, so 30000 steps are exactly 250 mA.
      let driver = try INA226Tests.driver(["shunt": "0.3 ohm"])
      let measurement = try driver.decode([
        [0x75, 0x30], [0, 0], [0, 0], [0x75, 0x30], [0x00, 0x08],
      ])
      #expect(measurement.text("current") == "0.25 A")
      #expect(measurement.text("shunt-voltage") == "0.075 V")
    }

    @Test(arguments: [[0x7F, 0xFF], [0x80, 0x00]] as [[UInt8]])
    func `no current from a shunt voltage beyond the range`(shunt: [UInt8]) throws {
      let measurement = try INA226Tests.driver().decode(
        [shunt] + INA226Tests.example.dropFirst())
      #expect(measurement.readings.map(\.channel) == ["voltage"])
      #expect(measurement.faults.map(\.channel) == ["shunt-voltage", "current", "power"])
    }

    @Test func `no current and power where the overflow flag is set`() throws {
      let measurement = try INA226Tests.driver().decode(example.dropLast() + [[0x00, 0x0C]])
      #expect(measurement.readings.map(\.channel) == ["voltage", "shunt-voltage"])
      #expect(
        measurement.faults == [
          ChannelFault("current", cause: "arithmetic overflow flag is set"),
          ChannelFault("power", cause: "arithmetic overflow flag is set"),
        ])
    }

    @Test func `by restored calibration, whatever the options are`() throws {
      var other = try INA226Tests.driver(["shunt": "5 ohm"])
      try other.restore(calibration: [0x0A, 0x00] + eight(2_000_000))
      #expect(try other.decode(example) == INA226Tests.driver().decode(example))
    }
  }

  @Suite struct talks {
    @Test func `to identify the chip and any revision of its die`() throws {
      var driver = try INA226Tests.driver()
      let address = try INA226Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x60], after: [0xFF], from: address),
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x61], after: [0xFF], from: address),
      ])
      try driver.identify(on: &bus)
      try driver.identify(on: &bus)
      expectPlayed(bus)
    }

    @Test func `to reset, configure and measure once`() throws {
      var driver = try INA226Tests.driver()
      let address = try INA226Tests.address()
      var bus = ScriptedI2CBus([
        .write([0x00, 0x80, 0x00], to: address),
        // 16 averages, 1.1 ms for both; mode 0, then mode 3.
        .write([0x00, 0x45, 0x20], to: address),
        .write([0x05, 0x0A, 0x00], to: address),
        .write([0x00, 0x45, 0x23], to: address),
        .read([0x0A, 0x00], after: [0x05], from: address),
        .read([0x00, 0x08], after: [0x06], from: address),
        .read([0x1F, 0x40], after: [0x01], from: address),
        .read([0x25, 0x70], after: [0x02], from: address),
        .read([0x12, 0xB8], after: [0x03], from: address),
        .read([0x27, 0x10], after: [0x04], from: address),
      ])
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .microseconds(40))
      // 16 x (1.21 + 1.21) ms.
      #expect(try driver.begin(on: &bus) == .microseconds(38_720))
      #expect(try driver.fetch(from: &bus) == example)
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ("1", "140 us", "140 us", [0x40, 0x00], 308),
        ("4", "204 us", "332 us", [0x42, 0x50], 4 * (224 + 365)),
        ("128", "588 us", "2.116 ms", [0x48, 0xE8], 128 * (646 + 2328)),
        ("1024", "8.244 ms", "4.156 ms", [0x4F, 0xF0], 1024 * (9068 + 4572)),
      ] as [(String, String, String, [UInt8], Int)])
    func `the sampling options`(
      averaging: String, bus: String, shunt: String, word: [UInt8], microseconds: Int
    ) throws {
      var driver = try INA226Tests.driver([
        "shunt": "0.1 ohm", "averaging": averaging, "bus-conversion-time": bus,
        "shunt-conversion-time": shunt,
      ])
      let address = try INA226Tests.address()
      var script = ScriptedI2CBus([
        .write([0x00] + word, to: address), .write([0x05, 0x08, 0x00], to: address),
      ])
      _ = try driver.configure(on: &script)
      #expect(driver.conversionTime == .microseconds(microseconds))
      expectPlayed(script)
    }
  }

  @Suite struct fails {
    @Test func `where no chip answers`() throws {
      var driver = try INA226Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(
          .noAcknowledgeOfAddress, writing: [0xFE], reading: 2, at: try INA226Tests.address())
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where another maker's or another chip answers`() throws {
      var driver = try INA226Tests.driver()
      let address = try INA226Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x60], after: [0xFE], from: address),
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x22, 0x70], after: [0xFF], from: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "maker 0x0060", expected: "0x5449")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.wrongIdentity(found: "die 0x2270", expected: "0x2260")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures`() throws {
      var driver = try INA226Tests.driver()
      let address = try INA226Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x0A, 0x00], after: [0x05], from: address),
        .read([0x00, 0x00], after: [0x06], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the supply dipped`() throws {
      var driver = try INA226Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x00], after: [0x05], from: try INA226Tests.address())
      ])
      #expect(
        throws: DriverFailure.wasReset(
          "calibration register is 0x0000, was set to 0x0a00")
      ) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the bus voltage is negative`() throws {
      let driver = try INA226Tests.driver()
      #expect(throws: DriverFailure.malformed("bus voltage 0x8000 is negative")) {
        try driver.decode([[0, 0], [0x80, 0x00], [0, 0], [0, 0], [0, 8]])
      }
    }

    @Test(arguments: [
      ("100 A", "max-current", "write at most '40960 mA', or use a smaller shunt"),
      ("1 A", "max-current", "write at least '2561 mA', or use a larger shunt"),
    ])
    func `where the largest current does not fit the shunt`(
      current: String, option: String, remedy: String
    ) throws {
      let error = #expect(throws: OptionConflict.self) {
        try INA226Tests.driver(["shunt": "2 mohm", "max-current": current])
      }
      #expect(error?.option == option)
      #expect(error?.remedy.hasPrefix(remedy.prefix(18)) == true)
    }

    @Test(arguments: [
      "10 uohm", "0.37 mohm", "2 mohm", "3 mohm", "0.1 ohm", "0.7 ohm", "13 ohm", "50 ohm",
    ])
    func `no more where the remedy is followed`(shunt: String) throws {
      for current in ["100 uA", "10 kA"] {
        let error = #expect(throws: OptionConflict.self) {
          try INA226Tests.driver(["shunt": shunt, "max-current": current])
        }
        let words = try #require(error).remedy.split(separator: "'")
        let proposed = String(try #require(words.dropFirst().first))
        _ = try INA226Tests.driver(["shunt": shunt, "max-current": proposed])
      }
    }

    @Test func `where the chip has no such conversion time`() throws {
      let error = #expect(throws: OptionConflict.self) {
        try INA226Tests.driver(["shunt": "0.1 ohm", "bus-conversion-time": "1 ms"])
      }
      #expect(error?.option == "bus-conversion-time")
      #expect(
        error?.remedy
          == "write one of 140 us, 204 us, 332 us, 588 us, 1.1 ms, 2.116 ms, 4.156 ms, 8.244 ms")
    }

    @Test func `where the calibration cannot be one`() throws {
      var driver = try INA226Tests.driver()
      for calibration in [
        [], [0x0A, 0x00], [0x00, 0x00] + eight(1), [0x80, 0x00] + eight(1),
        [0x0A, 0x00] + eight(0),
      ] as [[UInt8]] {
        #expect(throws: DriverFailure.self) { try driver.restore(calibration: calibration) }
      }
      #expect(driver.calibration == [0x0A, 0x00] + eight(2_000_000))
    }
  }
}
