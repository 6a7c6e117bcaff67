import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct ACS37800Tests {
  static func driver(_ range: String = "30 A") throws -> ACS37800 {
    try ACS37800(
      options: options(
        ACS37800.self, ["range": range, "divider": "1992 kohm", "sense": "8 kohm"]),
      address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x60)) }

  static func decoded(_ raw: String..., range: String = "30 A") throws -> Measurement {
    try driver(range).decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    /// The divider gives 1/250.
    ///
    /// 62.5 V behind it are 55000 codes, 30 A as many: half of both are
    /// 27500. Half of the power, 468.75 W of 1875 W, is 27500^2 / 32768 / 4 = 5769.7 of 23078.9
    /// codes, so 5770 are 468.77 W; without a sign twice as many.
    @Test func `voltage, current, powers and power factor`() throws {
      // The power factor's 11 bits below two flags: 0x1b00 holds 0x300, which is 768 / 1024.
      let measurement = try decoded("6c6b 6c6b", "8a16 142d", "142d 001b")
      #expect(measurement.readings.map(\.channel) == ACS37800.specification.channels.map(\.name))
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "31.25 V", "15 A", "468.771966942 W", "468.771966942 var", "468.771966942 VA", "0.75 /",
        ])
    }

    /// The data sheet's sensitivities: 3.08 codes a milliwatt before the divider at 30 A, 1.03 at
    /// 90 A, 6.15 and 2.05 without a sign.
    @Test(arguments: [("30 A", 3.08, 6.15), ("90 A", 1.03, 2.05)])
    func `near the data sheet's rounded sensitivities`(
      range: String, signed: Double, unsigned: Double
    ) throws {
      let measurement = try decoded("0000 0000", "1027 1027", "0000 0000", range: range)
      func codes(_ channel: String) throws -> Double {
        10_000 / (Double(try #require(measurement.nano(channel))) / 1_000_000 / 250)
      }
      #expect(abs(try codes("power") - signed) < 0.005)
      #expect(abs(try codes("reactive-power") - unsigned) < 0.005)
    }

    @Test func `backwards, and no values beyond the range`() throws {
      let backwards = try decoded("0000 0000", "76e9 0000", "0000 0004")
      #expect(backwards.text("power") == "-468.771966942 W")
      #expect(backwards.text("power-factor") == "-1 /")
      let beyond = try decoded("ffff ffff", "ff7f ffff", "ffff ff03")
      #expect(beyond.readings.map(\.channel) == ["power-factor"])
      #expect(beyond.text("power-factor") == "0.999023438 /")
      #expect(beyond.cause("power") == "value is beyond the range")
      #expect(
        try decoded("0000 0000", "0080 0000", "0000 0000").faults.map(\.channel) == ["power"])
    }
  }

  @Suite struct talks {
    @Test func `to identify and read`() throws {
      var driver = try ACS37800Tests.driver()
      let address = try ACS37800Tests.address()
      let raw = try ["6c6b6c6b", "8a16142d", "142d001b"].map { try bytes($0) }
      var bus = ScriptedI2CBus([
        .read([0x1E, 0xC4, 0x11, 0x00], after: [0x1B], from: address),
        // With the EEPROM's mark of a corrected error.
        .read([0x1E, 0xC4, 0x11, 0x04], after: [0x0B], from: address),
        .read([0xFC, 0x01, 0x00, 0x00], after: [0x0F], from: address),
        .read(raw[0], after: [0x20], from: address), .read(raw[1], after: [0x21], from: address),
        .read(raw[2], after: [0x22], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(driver.conversionTime == .zero)
      #expect(try driver.fetch(from: &bus) == raw)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test(arguments: [
      ("01000000", "02000000", "03000000", "0x1, 0x2, 0x3"),
      ("60000000", "60000000", "60000000", "0x60, 0x60, 0x60"),
      ("00000000", "00000000", "03000000", "0x0, 0x0, 0x3"),
    ])
    func `where another chip answers`(
      first: String, second: String, third: String, found: String
    ) throws {
      var driver = try ACS37800Tests.driver()
      let address = try ACS37800Tests.address()
      var bus = ScriptedI2CBus([
        .read(try bytes(first), after: [0x1B], from: address),
        .read(try bytes(second), after: [0x0B], from: address),
        .read(try bytes(third), after: [0x0F], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "trims \(found)", expected: "two that are the same and one that is not")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the chip does not answer`() throws {
      var driver = try ACS37800Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(
          .noAcknowledgeOfAddress, writing: [0x20], reading: 4, at: try ACS37800Tests.address())
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
