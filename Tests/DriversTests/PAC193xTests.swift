import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct PAC193xTests {
  static func driver<Chip: PAC193xChip>(
    _ type: PAC193x<Chip>.Type, _ written: KeyValuePairs<String, String> = ["shunt-1": "10 mohm"]
  ) throws -> PAC193x<Chip> {
    try type.init(options: options(type, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x10)) }

  /// What was written, what is in effect and what was for the totals; then the identities.
  static func status(control: String = "00", directions: String = "00", slow: String = "00")
    -> String
  {
    "00\(directions)\(slow) \(control)00\(directions) \(control)00\(directions) 5b5d03"
  }

  @Suite struct decodes {
    /// 12 V and 50 mV over 10 milliohm: 24576 / 65536 of 32 V, 32768 / 65536 of 100 mV; the power
    /// of a sample 60 W / (3.2 / 0.01 W) x 2^28 = 50331648, 1024 times.
    @Test func `one channel`() throws {
      let measurement = try PAC193xTests.driver(PAC1931.self).decode([
        bytes(PAC193xTests.status()), bytes("000400 000c00000000"), bytes("6000 8000"),
      ])
      #expect(measurement.readings.map(\.channel) == PAC1931.specification.channels.map(\.name))
      #expect(
        measurement.readings.map(\.quantity.description) == ["12 V", "5 A", "60 W", "60 J"])
    }

    /// The same with directions: 2^15 and 2^27; backwards, and 512 samples at 256 in a second.
    @Test func `one channel in both directions`() throws {
      let measurement = try PAC193xTests.driver(PAC1931.self).decode([
        bytes(PAC193xTests.status(control: "40", directions: "ff")),
        bytes("000200 fffd00000000"), bytes("3000 c000"),
      ])
      #expect(
        measurement.readings.map(\.quantity.description) == ["12 V", "-5 A", "-60 W", "-120 J"])
    }

    @Test func `four channels with their shunts`() throws {
      let measurement = try PAC193xTests.driver(
        PAC1934.self, ["shunt-1": "10 mohm", "shunt-2": "0.3 ohm", "shunt-4": "1 ohm"]
      ).decode([
        bytes(PAC193xTests.status()),
        bytes("000001 000000000001 000000000001 000000000000 000000000003"),
        bytes("0001 6000 0000 fffe 0001 0003 0000 fffe"),
      ])
      #expect(measurement.readings.count == 16)
      #expect(measurement.text("voltage-1") == "0.000488281 V")
      #expect(measurement.text("current-1") == "0.000152588 A")
      #expect(measurement.text("current-2") == "0.000015259 A")
      #expect(measurement.text("power-1") == "0.000001192 W")
      #expect(measurement.text("power-2") == "0.00000004 W")
      #expect(measurement.text("energy-1") == "0.000000001 J")
      #expect(measurement.text("voltage-4") == "31.999023438 V")
      #expect(measurement.text("current-4") == "0.099996948 A")
      #expect(measurement.text("power-4") == "0.000000036 W")
    }

    @Test(arguments: [
      ("00", "00", "000001 000000000001", "ffff 0001", "voltage is beyond the range"),
      ("00", "00", "000001 000000000001", "0001 ffff", "current is beyond the range"),
      ("00", "ff", "000001 000000000001", "8000 0001", "voltage is beyond the range"),
      ("00", "ff", "000001 000000000001", "0001 7fff", "current is beyond the range"),
      ("00", "00", "000001 ffffffffffff", "0001 0001", "total is full"),
      ("00", "ff", "000001 7fffffffffff", "0001 0001", "total is full"),
      ("00", "ff", "000001 800000000000", "0001 0001", "total is full"),
      ("00", "00", "ffffff 000000000001", "0001 0001", "total is full"),
      ("01", "00", "000001 000000000001", "0001 0001", "total is full"),
      ("00", "00", "000000 000000000000", "0001 0001", "no samples since the measurement before"),
    ])
    func `no power and energy without all samples`(
      control: String, directions: String, totals: String, averages: String, cause: String
    ) throws {
      let measurement = try PAC193xTests.driver(PAC1931.self).decode([
        bytes(PAC193xTests.status(control: control, directions: directions)), bytes(totals),
        bytes(averages),
      ])
      #expect(measurement.cause("power-1") == cause)
      #expect(measurement.cause("energy-1") == cause)
      let beyond = cause.hasSuffix("range") ? 3 : 2
      #expect(measurement.faults.count == beyond)
    }
  }

  @Suite struct talks {
    @Test func `to identify, configure and measure`() throws {
      var driver = try PAC193xTests.driver(
        PAC1932.self, ["shunt-1": "10 mohm", "rate": "64 Hz", "bidirectional": "yes"])
      let address = try PAC193xTests.address()
      let status = try bytes("30ff00 8030ff 8030ff 595d03")
      let totals = [UInt8](repeating: 1, count: 15)
      let averages = [UInt8](repeating: 2, count: 8)
      let refresh: [ScriptedExchange] = [
        .write([0x1D, 0xFF], to: address), .write([0x00], to: address),
        .write([0x1D, 0xFF], to: address),
      ]
      var bus = ScriptedI2CBus(
        [
          .read([0x59], after: [0xFD], from: address), .read([0x5D], after: [0xFE], from: address),
          .write([0x01, 0x80], to: address), .write([0x1C, 0x30], to: address),
          .write([0x20, 0x00], to: address),
        ] + refresh + refresh + [
          .read(status, after: [0x1C], from: address), .read(totals, after: [0x02], from: address),
          .read(averages, after: [0x0F], from: address),
        ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .milliseconds(270))
      #expect(try driver.begin(on: &bus) == .microseconds(1050))
      #expect(driver.conversionTime == .microseconds(1050))
      #expect(try driver.fetch(from: &bus) == [status, totals, averages])
      expectPlayed(bus)
    }

    @Test func `with as many channels as the name says`() {
      #expect(PAC1931.specification.rawLayout.map(\.count) == [12, 9, 4])
      #expect(PAC1932.specification.rawLayout.map(\.count) == [12, 15, 8])
      #expect(PAC1933.specification.rawLayout.map(\.count) == [12, 21, 12])
      #expect(PAC1934.specification.rawLayout.map(\.count) == [12, 27, 16])
      #expect(PAC1933.specification.channels.count == 12)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try PAC193xTests.driver(PAC1934.self)
      let address = try PAC193xTests.address()
      var bus = ScriptedI2CBus([
        .read([0x5A], after: [0xFD], from: address), .read([0x5D], after: [0xFE], from: address),
        .read([0x5B], after: [0xFD], from: address), .read([0x5C], after: [0xFE], from: address),
      ])
      for found in ["product 0x5a, maker 0x5d", "product 0x5b, maker 0x5c"] {
        #expect(throws: DriverFailure.wrongIdentity(found: found, expected: "0x5b, 0x5d")) {
          try driver.identify(on: &bus)
        }
      }
      expectPlayed(bus)
    }

    @Test func `where the supply dipped, settings changed, or nobody answers`() throws {
      var driver = try PAC193xTests.driver(PAC1934.self)
      let address = try PAC193xTests.address()
      var bus = ScriptedI2CBus([
        .read(
          try bytes(PAC193xTests.status(slow: "15")), after: [0x1C], from: address),
        .read(
          try bytes(PAC193xTests.status(control: "c0", directions: "0f")), after: [0x1C],
          from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x1C], reading: 12, at: address),
      ])
      for failure in [
        .wasReset("power-on flag is set"), .wasReset("settings are 0xc0, 0x00, 0x0f"),
        .bus(I2CFailure(.noAcknowledgeOfAddress)),
      ] as [DriverFailure] {
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
    }
  }
}
