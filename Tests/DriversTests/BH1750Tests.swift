import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct BH1750Tests {
  static func driver(_ mode: String = "high", _ time: Int = 69) throws -> BH1750 {
    try BH1750(
      options: options(BH1750.self, ["mode": mode, "measurement-time": "\(time)"]),
      address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x23)) }

  @Suite struct decodes {
    @Test(arguments: [
      // 11046EDT01 page 7, and the formulas of pages 7 and 11 in decimal arithmetic.
      ("high", 69, "8390", "28066.667 lx"), ("low", 69, "8390", "28066.667 lx"),
      ("high-2", 69, "8390", "14033.333 lx"), ("high", 69, "0000", "0 lx"),
      ("high", 69, "0001", "0.833 lx"), ("high-2", 254, "0001", "0.113 lx"),
      ("high", 254, "03e8", "226.378 lx"), ("high", 31, "fffe", "121555 lx"),
      ("high", 69, "fffe", "54611.667 lx"), ("high-2", 254, "fffe", "7417.726 lx"),
    ])
    func `counts as illuminance`(mode: String, time: Int, raw: String, lux: String) throws {
      let measurement = try BH1750Tests.driver(mode, time).decode([bytes(raw)])
      #expect(measurement.text("illuminance") == lux)
    }

    @Test func `no value from the largest count`() throws {
      let measurement = try BH1750Tests.driver().decode([[0xFF, 0xFF]])
      #expect(measurement.cause("illuminance") == "illuminance is beyond the range")
    }
  }

  @Suite struct talks {
    @Test(
      arguments: [
        ("low", 69, 0x42, 0x65, 0x23, 24_000), ("high", 69, 0x42, 0x65, 0x20, 180_000),
        ("high-2", 254, 0x47, 0x7E, 0x21, 662_609), ("high", 31, 0x40, 0x7F, 0x20, 80_870),
      ] as [(String, Int, UInt8, UInt8, UInt8, Int)])
    func `to measure`(
      mode: String, time: Int, high: UInt8, low: UInt8, command: UInt8, microseconds: Int
    ) throws {
      let address = try BH1750Tests.address()
      var driver = try BH1750Tests.driver(mode, time)
      var bus = ScriptedI2CBus([
        .read([0x00, 0x00], from: address),
        .write([high], to: address), .write([low], to: address), .write([command], to: address),
        .read([0x83, 0x90], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .microseconds(microseconds))
      #expect(try driver.fetch(from: &bus) == [[0x83, 0x90]])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where no chip answers`() throws {
      let address = try BH1750Tests.address()
      var driver = try BH1750Tests.driver()
      let failure = DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, reading: 2, at: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x42], at: address),
        .failure(.noAcknowledgeOfAddress, reading: 2, at: address),
      ])
      #expect(throws: failure) { try driver.identify(on: &bus) }
      #expect(throws: failure) { try driver.begin(on: &bus) }
      #expect(throws: failure) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }
  }
}
