import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SGP40Tests {
  static func driver(_ written: KeyValuePairs<String, String> = [:]) throws -> SGP40 {
    try SGP40(options: options(SGP40.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x59)) }

  @Suite struct decodes {
    @Test(arguments: [("8000a2", "32768 count"), ("beef92", "48879 count"), ("0001b0", "1 count")])
    func `a word as ticks`(raw: String, ticks: String) throws {
      #expect(try SGP40Tests.driver().decode([bytes(raw)]).text("voc-ticks") == ticks)
    }

    @Test(arguments: ["000081", "ffffac"])
    func `the ends of the range as faults`(raw: String) throws {
      let measurement = try SGP40Tests.driver().decode([bytes(raw)])
      #expect(measurement.cause("voc-ticks") == "signal is at the end of the range")
    }
  }

  @Suite struct talks {
    @Test(arguments: [
      // Section 4, table 10: the defaults, the least and the most that can be written.
      ("25", "50 %", "8000a2 666693"), ("-45", "0 %", "000081 000081"),
      ("130", "100 %", "ffffac ffffac"),
    ])
    func `to identify, test and measure`(
      celsius: String, percent: String, arguments: String
    ) throws {
      let address = try SGP40Tests.address()
      var driver = try SGP40Tests.driver(["temperature": celsius, "humidity": percent])
      let command = try [0x26, 0x0F] + bytes(arguments)
      let data = try bytes("beef92")
      var bus = ScriptedI2CBus([
        .write([0x20, 0x2F], to: address), .read(try bytes("32206c"), from: address),
        .write([0x28, 0x0E], to: address), .read(try bytes("d400c6"), from: address),
        .write(command, to: address),
        .write(command, to: address), .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(320))
      #expect(try driver.configure(on: &bus) == .milliseconds(30))
      #expect(try driver.begin(on: &bus) == .milliseconds(30))
      #expect(driver.conversionTime == .milliseconds(30))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where nobody or another chip answers`() throws {
      let address = try SGP40Tests.address()
      var driver = try SGP40Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, writing: [0x20, 0x2F], at: address),
        .write([0x20, 0x2F], to: address), .read(try bytes("3240d7"), from: address),
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      #expect(
        throws: DriverFailure.wrongIdentity(found: "feature set 0x0040", expected: "0x0020")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `the self-test, or is not done`() throws {
      let address = try SGP40Tests.address()
      var driver = try SGP40Tests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("4b0012"), from: address),
        .failure(.noAcknowledge, reading: 3, at: address),
        .failure(.noAcknowledge, reading: 3, at: address),
      ])
      #expect(throws: DriverFailure.malformed("self-test gave 0x4b00")) {
        try driver.configure(on: &bus)
      }
      #expect(throws: DriverFailure.notReady) { try driver.configure(on: &bus) }
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<24)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes("beef92")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("voc-ticks word")) {
        try SGP40Tests.driver().decode([data])
      }
    }
  }
}
