import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SGP41Tests {
  static func driver() throws -> SGP41 {
    try SGP41(
      options: options(SGP41.self, ["temperature": "130", "humidity": "100 %"]),
      address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x59)) }

  @Suite struct decodes {
    @Test func `words as ticks`() throws {
      let measurement = try SGP41Tests.driver().decode([bytes("8000a2 beef92")])
      #expect(measurement.readings.map(\.channel) == ["voc-ticks", "nox-ticks"])
      #expect(measurement.text("voc-ticks") == "32768 count")
      #expect(measurement.text("nox-ticks") == "48879 count")
    }

    @Test func `the ends of the range as faults`() throws {
      let measurement = try SGP41Tests.driver().decode([bytes("000081 ffffac")])
      #expect(measurement.cause("voc-ticks") == "signal is at the end of the range")
      #expect(measurement.cause("nox-ticks") == "signal is at the end of the range")
    }
  }

  @Suite struct talks {
    @Test func `to identify, test, condition and measure`() throws {
      let address = try SGP41Tests.address()
      var driver = try SGP41Tests.driver()
      let data = try bytes("8000a2 beef92")
      var bus = ScriptedI2CBus([
        .write([0x20, 0x2F], to: address), .read(try bytes("3240d7"), from: address),
        .write([0x36, 0x15], to: address),
        .failure(.noAcknowledge, writing: [0x28, 0x0E], at: address),
        .write([0x28, 0x0E], to: address), .read(try bytes("d400c6"), from: address),
        .write(try bytes("2612 8000a2 666693"), to: address),
        .write(try bytes("2619 ffffac ffffac"), to: address), .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(320))
      #expect(try driver.configure(on: &bus) == .seconds(9))
      #expect(try driver.begin(on: &bus) == .milliseconds(50))
      #expect(driver.conversionTime == .milliseconds(50))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or the self-test fails`() throws {
      let address = try SGP41Tests.address()
      var driver = try SGP41Tests.driver()
      var bus = ScriptedI2CBus([
        .write([0x20, 0x2F], to: address), .read(try bytes("32206c"), from: address),
        .read([0xD4, 0x02, SHT3xTests.checksum([0xD4, 0x02])], from: address),
        .failure(.noAcknowledgeOfAddress, reading: 6, at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(found: "feature set 0x0020", expected: "0x0040")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.malformed("self-test gave 0xd402")) {
        try driver.configure(on: &bus)
      }
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes("8000a2 beef92")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum(bit < 24 ? "voc-ticks word" : "nox-ticks word")) {
        try SGP41Tests.driver().decode([data])
      }
    }
  }
}
