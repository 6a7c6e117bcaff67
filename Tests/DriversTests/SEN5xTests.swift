import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SEN5xTests {
  static func driver() throws -> SEN5x {
    try SEN5x(options: options(SEN5x.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x69)) }

  static let channels = [
    "pm1", "pm2-5", "pm4", "pm10", "humidity", "temperature", "voc-index", "nox-index",
  ]

  /// 4.7, 5.5, 6.4 and 12 micrograms, 45.5 %, -1 degree, indexes 100 and 1.5.
  static let words = "002f 0037 0040 0078 11c6 ff38 03e8 000f"

  @Suite struct decodes {
    @Test func `words by the scales of the maker's library`() throws {
      let measurement = try SEN5xTests.driver().decode([
        SCD30Tests.words(SEN5xTests.words), bytes("000081 000081"),
      ])
      #expect(measurement.readings.map(\.channel) == SEN5xTests.channels)
      #expect(measurement.text("pm1") == "4.7 ug/m3")
      #expect(measurement.nano("pm2-5") == 5_500_000_000)
      #expect(measurement.nano("pm4") == 6_400_000_000)
      #expect(measurement.nano("pm10") == 12_000_000_000)
      #expect(measurement.text("humidity") == "45.5 %RH")
      #expect(measurement.text("temperature") == "-1 Cel")
      #expect(measurement.text("voc-index") == "100 /")
      #expect(measurement.text("nox-index") == "1.5 /")
      #expect(measurement.faults == [])
    }

    @Test func `what a SEN50 does not know as faults`() throws {
      let measurement = try SEN5xTests.driver().decode([
        SCD30Tests.words("002f 0037 0040 ffff 7fff 7fff 7fff 7fff"), bytes("000081 000081"),
      ])
      #expect(measurement.readings.map(\.channel) == ["pm1", "pm2-5", "pm4"])
      #expect(measurement.faults.map(\.channel) == Array(SEN5xTests.channels[3...]))
      #expect(measurement.cause("pm10") == "value is unknown")
      #expect(measurement.cause("humidity") == "value is unknown")
    }

    @Test func `values outside the range as faults`() throws {
      let measurement = try SEN5xTests.driver().decode([
        SCD30Tests.words("002f 0037 0040 0078 2711 8000 0000 1389"), bytes("000081 000081"),
      ])
      for channel in SEN5xTests.channels[4...] {
        #expect(measurement.cause(channel) == "value is outside the sensor's range")
      }
    }

    @Test(arguments: [
      // The device status register: bits 4, 5, 19, 21 of particles, 6 of climate, 7 of gases.
      ("0000 0010", 0..<4, "fan has failed"), ("0000 0020", 0..<4, "laser has failed"),
      ("0008 0000", 0..<4, "fan is being cleaned"),
      ("0020 0000", 0..<4, "fan speed is out of range"),
      ("0000 0040", 4..<6, "sensor of climate has failed"),
      ("0000 0080", 6..<8, "sensor of gases has failed"),
    ])
    func `failures of the sensor as faults`(
      status: String, places: Range<Int>, cause: String
    ) throws {
      let measurement = try SEN5xTests.driver().decode([
        SCD30Tests.words(SEN5xTests.words), SCD30Tests.words(status),
      ])
      #expect(measurement.faults.map(\.channel) == Array(SEN5xTests.channels[places]))
      #expect(measurement.faults.allSatisfy { $0.cause == cause })
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try SEN5xTests.address()
      var driver = try SEN5xTests.driver()
      let (data, status) = (try SCD30Tests.words(words), try bytes("000081 000081"))
      let name = try SCD30Tests.words("5345 4e35 3500" + String(repeating: "0000", count: 13))
      var bus = ScriptedI2CBus([
        .write([0xD0, 0x14], to: address),
        .failure(.noAcknowledge, reading: 48, at: address), .read(name, from: address),
        .write([0xD3, 0x04], to: address),
        .write([0x00, 0x21], to: address),
        .write([0x03, 0xC4], to: address), .read(data, from: address),
        .write([0xD2, 0x06], to: address), .read(status, from: address),
      ])
      // The name is "SEN5" and "5", so "SEN55".
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(200))
      #expect(try driver.configure(on: &bus) == .seconds(30))
      #expect(try driver.begin(on: &bus) == .milliseconds(20))
      #expect(driver.conversionTime == .milliseconds(20))
      #expect(try driver.fetch(from: &bus) == [data, status])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another sensor or nobody answers`() throws {
      let address = try SEN5xTests.address()
      var driver = try SEN5xTests.driver()
      let name = try SCD30Tests.words("5345 4e36 3600" + String(repeating: "0000", count: 13))
      var bus = ScriptedI2CBus([
        .write([0xD0, 0x14], to: address), .read(name, from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xD0, 0x14], at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "'SEN66'", expected: "'SEN50', 'SEN54' or 'SEN55'")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `before the result is ready, and after a dip of the supply`() throws {
      let address = try SEN5xTests.address()
      var driver = try SEN5xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledge, reading: 24, at: address),
        .read(
          try SCD30Tests.words("ffff ffff ffff ffff 7fff 7fff 7fff 7fff"), from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("no value is known")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<192)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try SCD30Tests.words(words)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("\(channels[bit / 24]) word")) {
        try SEN5xTests.driver().decode([data, bytes("000081 000081")])
      }
    }

    @Test func `where the status is damaged`() throws {
      #expect(throws: DriverFailure.checksum("status word")) {
        try SEN5xTests.driver().decode([SCD30Tests.words(words), bytes("000081 000080")])
      }
    }
  }
}
