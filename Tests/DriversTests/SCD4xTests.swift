import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SCD4xTests {
  static func driver(
    _ written: KeyValuePairs<String, String> = ["mode": "periodic"]
  ) throws -> SCD4x {
    try SCD4x(options: options(SCD4x.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x62)) }

  /// A recording of periph.io, devices/scd4x.
  static let recorded = "022ca3 670d36 4d08f1"

  @Suite struct decodes {
    @Test(arguments: [
      (recorded, "556 ppm", "25.4459 Cel", "30.0908 %RH"),
      // The data sheet's example: 500 ppm, 25 degrees, 37 %.
      ("01f433 6667a2 5eb93c", "500 ppm", "25.0027 Cel", "37.0016 %RH"),
    ])
    func `words as co2, temperature and humidity`(
      raw: String, ppm: String, celsius: String, percent: String
    ) throws {
      let measurement = try SCD4xTests.driver().decode([bytes(raw)])
      #expect(measurement.readings.map(\.channel) == ["co2", "temperature", "humidity"])
      #expect(measurement.text("co2") == ppm)
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test func `no carbon dioxide as a fault`() throws {
      let measurement = try SCD4xTests.driver().decode([bytes("000081 670d36 4d08f1")])
      #expect(measurement.cause("co2") == "it was not measured")
      #expect(measurement.text("temperature") == "25.4459 Cel")
    }
  }

  @Suite struct talks {
    @Test(
      arguments: [("periodic", 0xB1, 6), ("low-power", 0xAC, 36)] as [(String, UInt8, Int)])
    func `to a chip that measures by itself`(mode: String, command: UInt8, seconds: Int) throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver(["mode": mode, "altitude": "1604 m"])
      let data = try bytes(recorded)
      var bus = ScriptedI2CBus([
        .write([0x36, 0x82], to: address),
        .failure(.noAcknowledgeOfAddress, reading: 9, at: address),
        .read(try bytes("73b119 eb077a 3b0c54"), from: address),
        .write([0x3F, 0x86], to: address),
        .write(try bytes("2427 064422"), to: address),
        .failure(.noAcknowledge, writing: [0x21, command], at: address),
        .write([0x21, command], to: address),
        .write([0xE4, 0xB8], to: address),
        .read(try bytes("800604"), from: address),
        .write([0xEC, 0x05], to: address),
        .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(500))
      #expect(try driver.configure(on: &bus) == .seconds(seconds))
      #expect(driver.conversionTime == .seconds(seconds))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }

    @Test func `to a chip that takes single shots`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver(["mode": "single-shot", "altitude": "1604 m"])
      let data = try bytes(recorded)
      var bus = ScriptedI2CBus([
        .write(try bytes("2427 064422"), to: address),
        .write([0x21, 0x9D], to: address),
        .write([0x21, 0x9D], to: address),
        .write([0xE4, 0xB8], to: address), .read(try bytes("800604"), from: address),
        .write([0xEC, 0x05], to: address), .read(data, from: address),
        .write([0x23, 0x22], to: address), .read(try bytes("064422"), from: address),
      ])
      #expect(try driver.configure(on: &bus) == .seconds(5))
      #expect(try driver.begin(on: &bus) == .seconds(5))
      #expect(driver.conversionTime == .seconds(5))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }

    @Test func `to a chip that measures while it is identified`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfData, writing: [0x36, 0x82], at: address),
        .write([0xE4, 0xB8], to: address), .read(try bytes("8000a2"), from: address),
      ])
      try driver.identify(on: &bus)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where nobody or another chip answers`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, writing: [0x36, 0x82], at: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xE4, 0xB8], at: address),
        .write([0x36, 0x82], to: address),
        .read(try bytes("ffffff ffffff ffffff"), from: address),
        .write([0xE4, 0xB8], to: address), .read(try bytes("ffffff"), from: address),
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.checksum("state word")) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `where there is no new result`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver()
      var bus = ScriptedI2CBus([
        .write([0xE4, 0xB8], to: address), .read(try bytes("8000a2"), from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the chip goes on refusing`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver(["altitude": "0 m"])
      let refused = [ScriptedExchange](
        repeating: .failure(.noAcknowledge, reading: 3, at: address), count: 64)
      var bus = ScriptedI2CBus([.write([0xE4, 0xB8], to: address)] + refused)
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
      let orders = [ScriptedExchange](
        repeating: .failure(.noAcknowledge, writing: try bytes("2427 000081"), at: address),
        count: 64)
      var silent = ScriptedI2CBus(orders)
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledge))) {
        try driver.configure(on: &silent)
      }
      expectPlayed(silent)
    }

    @Test func `where the bus hangs`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver(["altitude": "0 m"])
      var bus = ScriptedI2CBus([
        .write([0xE4, 0xB8], to: address), .failure(.timeout, reading: 3, at: address),
        .failure(.timeout, writing: try bytes("2427 000081"), at: address),
      ])
      let expected = DriverFailure.bus(I2CFailure(.timeout))
      #expect(throws: expected) { try driver.fetch(from: &bus) }
      #expect(throws: expected) { try driver.configure(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the supply dipped between single shots`() throws {
      let address = try SCD4xTests.address()
      var driver = try SCD4xTests.driver(["mode": "single-shot", "altitude": "1604 m"])
      var bus = ScriptedI2CBus([
        .write([0xE4, 0xB8], to: address), .read(try bytes("800604"), from: address),
        .write([0xEC, 0x05], to: address), .read(try bytes(recorded), from: address),
        .write([0x23, 0x22], to: address), .read(try bytes("000081"), from: address),
      ])
      #expect(throws: DriverFailure.wasReset("altitude is 0 m")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<72)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes(recorded)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      let name = ["co2", "temperature", "humidity"][bit / 24]
      #expect(throws: DriverFailure.checksum("\(name) word")) {
        try SCD4xTests.driver().decode([data])
      }
    }
  }
}
