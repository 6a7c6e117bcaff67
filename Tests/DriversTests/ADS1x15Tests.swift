import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct ADS1x15Tests {
  static func driver<Chip: ADS1x15Chip>(
    _ type: ADS1x15<Chip>.Type, _ written: KeyValuePairs<String, String> = [:]
  ) throws -> ADS1x15<Chip> {
    try type.init(options: options(type, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x48)) }

  @Suite struct decodes {
    /// A step is the range over 32768.
    @Test(arguments: [
      ("c307", "4000", "2.048 V"), ("c307", "0001", "0.000125 V"), ("c307", "ffff", "-0.000125 V"),
      ("c107", "4000", "3.072 V"), ("c507", "4000", "1.024 V"), ("c707", "4000", "0.512 V"),
      ("c907", "4000", "0.256 V"), ("cb07", "4000", "0.128 V"), ("cd07", "4000", "0.128 V"),
      ("cf07", "4000", "0.128 V"), ("cb07", "0001", "0.000007813 V"),
      ("c307", "7ffe", "4.09575 V"), ("c307", "8001", "-4.095875 V"), ("c307", "0000", "0 V"),
    ])
    func `codes of 16 bits in the range of the register`(
      configuration: String, code: String, voltage: String
    ) throws {
      let measurement = try ADS1x15Tests.driver(ADS1115.self).decode([
        bytes(configuration), bytes(code),
      ])
      #expect(measurement.text("voltage") == voltage)
    }

    /// 0xFF50 are -11 steps of the range over 2048.
    @Test(arguments: [
      ("c387", "ff50", "-0.022 V"), ("c387", "4000", "2.048 V"), ("c387", "7fe0", "4.092 V"),
      ("cb87", "0010", "0.000125 V"), ("c387", "8010", "-4.094 V"),
    ])
    func `codes of 12 bits`(configuration: String, code: String, voltage: String) throws {
      let measurement = try ADS1x15Tests.driver(ADS1015.self).decode([
        bytes(configuration), bytes(code),
      ])
      #expect(measurement.text("voltage") == voltage)
    }

    @Test func `no voltage beyond the range, and none of another chip`() throws {
      for code in ["7fff", "8000"] {
        let measurement = try ADS1x15Tests.driver(ADS1115.self).decode([
          bytes("c307"), bytes(code),
        ])
        #expect(measurement.cause("voltage") == "voltage is beyond the range")
      }
      for (code, cause) in [
        ("7ff0", "voltage is beyond the range"), ("8000", "voltage is beyond the range"),
        ("4001", "code has more than 12 bits, as from an ADS1115"),
      ] {
        let measurement = try ADS1x15Tests.driver(ADS1015.self).decode([
          bytes("c387"), bytes(code),
        ])
        #expect(measurement.cause("voltage") == cause)
      }
    }
  }

  @Suite struct talks {
    @Test func `to identify and convert once`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x80, 0x00], after: [0x02], from: address),
        .read([0x7F, 0xFF], after: [0x03], from: address),
        // Input 0 against ground, 4.096 V, single shot, 128 in a second.
        .write([0x01, 0xC3, 0x87], to: address),
        .read([0xC3, 0x87], after: [0x01], from: address),
        .read([0x40, 0x00], after: [0x00], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      // 1 / (0.9 x 128 Hz) and 50 us.
      #expect(try driver.begin(on: &bus) == .nanoseconds(8_680_556 + 50_000))
      #expect(driver.conversionTime == .nanoseconds(8_730_556))
      #expect(try driver.fetch(from: &bus) == [[0xC3, 0x87], [0x40, 0x00]])
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ("0-1", "6.144 V", "128 Hz", 0x8107), ("2-3", "0.256 V", "3300 Hz", 0xBBC7),
        ("3", "1.024 V", "1600 Hz", 0xF787), ("1-3", "2.048 V", "490 Hz", 0xA547),
      ] as [(String, String, String, UInt16)])
    func `with the options in the register`(
      input: String, range: String, rate: String, word: UInt16
    ) throws {
      var driver = try ADS1x15Tests.driver(
        ADS1015.self, ["input": input, "range": range, "rate": rate])
      var bus = ScriptedI2CBus([
        .write(
          [0x01, UInt8(word >> 8), UInt8(word & 0xFF)], to: try ADS1x15Tests.address())
      ])
      _ = try driver.begin(on: &bus)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try ADS1x15Tests.driver(ADS1015.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x4B, 0x00], after: [0x02], from: address),
        .read([0x50, 0x00], after: [0x03], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "thresholds 0x4b00 and 0x5000", expected: "0x8000 and 0x7fff")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `while it converts, where it was reset or does not answer`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x43, 0x87], after: [0x01], from: address),
        .read([0x85, 0x83], after: [0x01], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x01], reading: 2, at: address),
      ])
      for failure in [
        .notReady, .wasReset("configuration register is 0x8583, was set to 0x4387"),
        .bus(I2CFailure(.noAcknowledgeOfAddress)),
      ] as [DriverFailure] {
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
    }

    @Test func `where the chip has no such rate`() throws {
      let error = #expect(throws: (any Error).self) {
        try ADS1x15Tests.driver(ADS1115.self, ["rate": "100 Hz"])
      }
      #expect("\(String(describing: error))".contains("8 Hz, 16 Hz, 32 Hz, 64 Hz, 128 Hz"))
    }
  }
}
