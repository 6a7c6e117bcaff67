import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SPS30Tests {
  static func driver() throws -> SPS30 {
    try SPS30(options: options(SPS30.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x69)) }

  /// 4.7, 5.5, 6.5 and 12.25 micrograms, five numbers that do not matter, and 0.55 um.
  static func data(first: String = "40966666", size: String = "3f0ccccd") throws -> [UInt8] {
    try SCD30Tests.words(
      first + "40b00000 40d00000 41440000"
        + "41a10000 41a10000 41a10000 41a10000 7fc00000" + size)
  }

  @Suite struct decodes {
    @Test func `numbers as concentrations and a size`() throws {
      let measurement = try SPS30Tests.driver().decode([
        SPS30Tests.data(), bytes("000081 000081"),
      ])
      #expect(
        measurement.readings.map(\.channel)
          == ["pm1", "pm2-5", "pm4", "pm10", "typical-particle-size"])
      #expect(measurement.text("pm1") == "4.7 ug/m3")
      #expect(measurement.nano("pm2-5") == 5_500_000_000)
      #expect(measurement.nano("pm4") == 6_500_000_000)
      #expect(measurement.nano("pm10") == 12_250_000_000)
      #expect(measurement.text("typical-particle-size") == "0.00000055 m")
      #expect(measurement.faults == [])
    }

    @Test(arguments: ["7fc00000", "bf800000", "4e6e6b28", "7f800000"])
    func `what is no concentration as a fault`(bits: String) throws {
      let measurement = try SPS30Tests.driver().decode([
        SPS30Tests.data(first: bits, size: bits), bytes("000081 000081"),
      ])
      #expect(measurement.cause("pm1") == "number is outside the sensor's range")
      #expect(measurement.cause("typical-particle-size") == "number is outside the sensor's range")
      #expect(measurement.nano("pm10") == 12_250_000_000)
    }

    @Test(arguments: [
      // Section 4.4: bits 5, 4 and 21; the worst comes first.
      ("0000 0020", "laser has failed"), ("0000 0010", "fan has failed"),
      ("0020 0000", "fan speed is out of range"), ("0020 0030", "laser has failed"),
    ])
    func `failures of the sensor as faults`(status: String, cause: String) throws {
      let measurement = try SPS30Tests.driver().decode([
        SPS30Tests.data(), SCD30Tests.words(status),
      ])
      #expect(measurement.readings == [])
      #expect(measurement.faults.map(\.cause) == [String](repeating: cause, count: 5))
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try SPS30Tests.address()
      var driver = try SPS30Tests.driver()
      let (data, status) = (try SPS30Tests.data(), try bytes("000081 000081"))
      var bus = ScriptedI2CBus([
        .write([0xD0, 0x02], to: address),
        .read(try bytes("3030f6 3030f6 30384f 3030f6"), from: address),
        .write([0xD1, 0x00], to: address), .read(try bytes("02023a"), from: address),
        .write([0xD3, 0x04], to: address),
        .write(try bytes("0010 0300ac"), to: address),
        .write([0x02, 0x02], to: address), .read(try bytes("0001b0"), from: address),
        .write([0x03, 0x00], to: address), .read(data, from: address),
        .write([0xD2, 0x06], to: address), .read(status, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(500))
      #expect(try driver.configure(on: &bus) == .seconds(30))
      #expect(driver.conversionTime == .milliseconds(1040))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(try driver.fetch(from: &bus) == [data, status])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another sensor, an old one or nobody answers`() throws {
      let address = try SPS30Tests.address()
      var driver = try SPS30Tests.driver()
      var bus = ScriptedI2CBus([
        .write([0xD0, 0x02], to: address),
        .read(try SCD30Tests.words("4130 3030 3030 3030"), from: address),
        .write([0xD0, 0x02], to: address),
        .read(try bytes("3030f6 3030f6 30384f 3030f6"), from: address),
        .write([0xD1, 0x00], to: address), .read(try bytes("020169"), from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xD0, 0x02], at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x41 0x30 0x30 0x30 0x30 0x30 0x30 0x30", expected: "eight digits")
      ) { try driver.identify(on: &bus) }
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "firmware 2.1", expected: "firmware 2.2 or later")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where there is no new result`() throws {
      let address = try SPS30Tests.address()
      var driver = try SPS30Tests.driver()
      var bus = ScriptedI2CBus([
        .write([0x02, 0x02], to: address), .read(try bytes("000081"), from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: [0, 100, 479])
    func `where a bit of the data or of the status is wrong`(bit: Int) throws {
      let driver = try SPS30Tests.driver()
      var data = try SPS30Tests.data()
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("data word")) {
        try driver.decode([data, bytes("000081 000081")])
      }
      #expect(throws: DriverFailure.checksum("status word")) {
        try driver.decode([SPS30Tests.data(), bytes("000081 000080")])
      }
    }
  }
}
