import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SHT4xTests {
  static func driver(_ repeatability: String = "high") throws -> SHT4x {
    try SHT4x(
      options: options(SHT4x.self, ["repeatability": repeatability]),
      address: try #require(I2CAddress(0x44)))
  }

  @Suite struct decodes {
    @Test(arguments: [
      // Section 4.6 with 0x6666, which is 2/5 of 65535.
      ("666693 666693", "25 Cel", "44 %RH"),
      // Section 4.4, the checksum of 0xBEEF.
      ("beef92 beef92", "85.523 Cel", "87.2307 %RH"),
      ("000081 000081", "-45 Cel", "0 %RH"),
      ("ffffac ffffac", "130 Cel", "100 %RH"),
    ])
    func `words as temperature and humidity`(raw: String, celsius: String, percent: String) throws {
      let measurement = try SHT4xTests.driver().decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try #require(I2CAddress(0x44))
      var driver = try SHT4xTests.driver("low")
      let data = try bytes("666693 666693")
      var bus = ScriptedI2CBus([
        .write([0x89], to: address),
        .read(try bytes("beef92 000081"), from: address),
        .write([0x94], to: address),
        .write([0xE0], to: address),
        .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .microseconds(1600))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `while the chip measures, and where no chip answers`() throws {
      let address = try #require(I2CAddress(0x44))
      var driver = try SHT4xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, reading: 6, at: address),
        .failure(.timeout, reading: 6, at: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x89], at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where another chip answers with wrong checksums`() throws {
      let address = try #require(I2CAddress(0x44))
      var driver = try SHT4xTests.driver()
      var bus = ScriptedI2CBus([
        .write([0x89], to: address), .read(try bytes("beef93 000081"), from: address),
      ])
      #expect(throws: DriverFailure.checksum("serial number word")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes("666693 666693")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum(bit < 24 ? "temperature word" : "humidity word")) {
        try SHT4xTests.driver().decode([data])
      }
    }
  }
}
