import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct MAX17043Tests {
  static func driver() throws -> MAX17043 {
    try MAX17043(options: options(MAX17043.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x36)) }

  static func decoded(_ raw: String...) throws -> Measurement {
    try driver().decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    /// 3.7 V / 1.25 mV = 2960 steps, shifted by 4; 1/256 %.
    @Test(arguments: [
      ("b900", "5080", "3.7 V", "80.5 %EL"), ("d200", "6501", "4.2 V", "101.00390625 %EL"),
      ("0010", "0000", "0.00125 V", "0 %EL"), ("b901", "0001", "3.700078125 V", "0.00390625 %EL"),
      ("ffe0", "ffff", "5.1175 V", "255.99609375 %EL"),
    ])
    func `voltage and state of charge`(
      voltage: String, charge: String, volt: String, percent: String
    ) throws {
      let measurement = try decoded("971c", voltage, charge)
      #expect(measurement.text("voltage") == volt)
      #expect(measurement.text("charge-level") == percent)
    }

    @Test func `no values of a chip that sleeps or measured nothing, or beyond the range`() throws {
      let sleeping = try decoded("979c", "b900", "5080")
      #expect(sleeping.cause("voltage") == "the chip sleeps")
      #expect(sleeping.cause("charge-level") == "the chip sleeps")
      let fresh = try decoded("971c", "0000", "5080")
      #expect(fresh.cause("voltage") == "nothing was measured yet")
      #expect(fresh.cause("charge-level") == "nothing was measured yet")
      let beyond = try decoded("971c", "fff0", "5080")
      #expect(beyond.cause("voltage") == "voltage is beyond the range")
      #expect(beyond.text("charge-level") == "80.5 %EL")
    }
  }

  @Suite struct talks {
    @Test(arguments: [[0x00, 0x03], [0x00, 0x12]] as [[UInt8]])
    func `to identify and read`(version: [UInt8]) throws {
      var driver = try MAX17043Tests.driver()
      let address = try MAX17043Tests.address()
      var bus = ScriptedI2CBus([
        .read(version, after: [0x08], from: address),
        .read([0x97, 0x1C], after: [0x0C], from: address),
        .read([0x97, 0x1C], after: [0x0C], from: address),
        .read([0xB9, 0x00], after: [0x02], from: address),
        .read([0x50, 0x80], after: [0x04], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(driver.conversionTime == .zero)
      #expect(try driver.fetch(from: &bus) == [[0x97, 0x1C], [0xB9, 0x00], [0x50, 0x80]])
      expectPlayed(bus)
    }

    @Test func `to wake a chip that sleeps`() throws {
      var driver = try MAX17043Tests.driver()
      let address = try MAX17043Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x97, 0x9C], after: [0x0C], from: address),
        .write([0x0C, 0x97, 0x1C], to: address),
      ])
      #expect(try driver.configure(on: &bus) == .seconds(1))
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try MAX17043Tests.driver()
      let address = try MAX17043Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x00], after: [0x08], from: address),
        .read([0x00, 0x20], after: [0x08], from: address),
      ])
      for version in ["0x0000", "0x0020"] {
        #expect(
          throws: DriverFailure.wrongIdentity(
            found: "version \(version)", expected: "0x0001 to 0x001f")
        ) { try driver.identify(on: &bus) }
      }
      expectPlayed(bus)
    }

    @Test func `where nothing was measured, the chip sleeps or does not answer`() throws {
      var driver = try MAX17043Tests.driver()
      let address = try MAX17043Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x97, 0x1C], after: [0x0C], from: address),
        .read([0x00, 0x00], after: [0x02], from: address),
        .read([0x97, 0x9C], after: [0x0C], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x0C], reading: 2, at: address),
      ])
      for failure in [
        .notReady, .wasReset("the chip sleeps, configuration is 0x979c"),
        .bus(I2CFailure(.noAcknowledgeOfAddress)),
      ] as [DriverFailure] {
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
    }
  }
}
