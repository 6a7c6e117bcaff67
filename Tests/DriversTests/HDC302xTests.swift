import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct HDC302xTests {
  static func driver(_ noise: String = "lowest") throws -> HDC302x {
    try HDC302x(options: options(HDC302x.self, ["noise": noise]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x44)) }

  @Suite struct decodes {
    @Test(arguments: [
      // A recording of periph.io, devices/hdc302x.
      ("68c551 3b8231", "26.6209 Cel", "23.2456 %RH"),
      // Section 7.3.3 with 0x6666, which is 2/5 of 65535.
      ("666693 666693", "25 Cel", "40 %RH"),
      ("000081 000081", "-45 Cel", "0 %RH"),
      ("666693 ffffac", "25 Cel", "100 %RH"),
    ])
    func `words as temperature and humidity`(raw: String, celsius: String, percent: String) throws {
      let measurement = try HDC302xTests.driver().decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test func `the words that stand for no result as faults`() throws {
      let measurement = try HDC302xTests.driver().decode([bytes("ffffac ffffac")])
      #expect(measurement.readings == [])
      #expect(measurement.cause("temperature") == "chip has no result")
      #expect(measurement.cause("humidity") == "chip has no result")
    }
  }

  @Suite struct talks {
    @Test(
      arguments: [
        ("lowest", 0x00, 14_100), ("low", 0x0B, 8400), ("medium", 0x16, 5700), ("high", 0xFF, 4200),
      ] as [(String, UInt8, Int)])
    func `to identify, reset and measure`(noise: String, command: UInt8, microseconds: Int) throws {
      let address = try HDC302xTests.address()
      var driver = try HDC302xTests.driver(noise)
      let data = try bytes("68c551 3b8231")
      var bus = ScriptedI2CBus([
        .read(try bytes("300033"), after: [0x37, 0x81], from: address),
        .write([0x30, 0xA2], to: address),
        .write([0x30, 0x41], to: address),
        .write([0x24, command], to: address),
        .read(data, from: address),
        .read(try bytes("000081"), after: [0xF3, 0x2D], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(10))
      #expect(try driver.configure(on: &bus) == .milliseconds(1))
      #expect(try driver.begin(on: &bus) == .microseconds(microseconds))
      #expect(driver.conversionTime == .microseconds(microseconds))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip, a damaged word or nobody answers`() throws {
      let address = try HDC302xTests.address()
      var driver = try HDC302xTests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("0010c2"), after: [0x37, 0x81], from: address),
        .read(try bytes("300032"), after: [0x37, 0x81], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x37, 0x81], reading: 3, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0x0010", expected: "0x3000")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.checksum("identity word")) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and after a dip of the supply`() throws {
      let address = try HDC302xTests.address()
      var driver = try HDC302xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, reading: 6, at: address),
        .read(try bytes("68c551 3b8231"), from: address),
        // Recorded by periph.io after a reset.
        .read(try bytes("8010e1"), after: [0xF3, 0x2D], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("status is 0x8010")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes("68c551 3b8231")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum(bit < 24 ? "temperature word" : "humidity word")) {
        try HDC302xTests.driver().decode([data])
      }
    }
  }
}
