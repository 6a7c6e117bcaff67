import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct AHT10Tests {
  static func driver() throws -> AHT10 {
    try AHT10(options: options(AHT10.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x38)) }

  @Suite struct decodes {
    @Test(arguments: [
      // The AHT20's recording of periph.io without its checksum.
      ("18 7552058e40", "19.445800781 Cel", "45.82824707 %RH"),
      ("19 8000060000", "25 Cel", "50 %RH"),
    ])
    func `data as temperature and humidity`(raw: String, celsius: String, percent: String) throws {
      let measurement = try AHT10Tests.driver().decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test(arguments: [
      ("98 8000060000", "chip was still measuring"),
      ("10 8000060000", "chip lacks its calibration"),
      ("19 0000000000", "all data bits are zero"),
      ("19 ffffffffff", "all data bits are one"),
    ])
    func `what is no measurement as faults`(raw: String, cause: String) throws {
      let measurement = try AHT10Tests.driver().decode([bytes(raw)])
      #expect(measurement.readings == [])
      #expect(measurement.cause("temperature") == cause)
      #expect(measurement.cause("humidity") == cause)
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try AHT10Tests.address()
      var driver = try AHT10Tests.driver()
      let data = try bytes("19 8000060000")
      var bus = ScriptedI2CBus([
        .read([0x18], from: address),
        .write([0xBA], to: address),
        .write([0xE1, 0x08, 0x00], to: address),
        .write([0xAC, 0x33, 0x00], to: address),
        .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(20))
      #expect(try driver.configure(on: &bus) == .milliseconds(350))
      #expect(try driver.begin(on: &bus) == .milliseconds(80))
      #expect(driver.conversionTime == .milliseconds(80))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where nobody answers`() throws {
      let address = try AHT10Tests.address()
      var driver = try AHT10Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0xFF], from: address),
        .failure(.noAcknowledgeOfAddress, reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0xff", expected: "a status byte")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and after a dip of the supply`() throws {
      let address = try AHT10Tests.address()
      var driver = try AHT10Tests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("99 8000060000"), from: address),
        .read(try bytes("10 8000060000"), from: address),
        .failure(.noAcknowledge, reading: 6, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("status is 0x10")) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }
  }
}
