import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct Si7021Tests {
  static func driver() throws -> Si7021 {
    try Si7021(options: options(Si7021.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  static func humidity(_ word: UInt16) -> [UInt8] {
    [UInt8(word >> 8), UInt8(word & 0xFF), HTU21DTests.checksum(word)]
  }

  @Suite struct decodes {
    @Test(
      arguments: [
        // Sections 5.1.1 and 5.1.2: -6 + 125/2 and -46.85 + 175.72/2.
        (0x8000, "8000", "41.01 Cel", "56.5 %RH"),
        (0x7C80, "6838", "24.6864 Cel", "54.791 %RH"),
        (0x0004, "0004", "-46.8393 Cel", "0 %RH"),
        (0xFFFC, "fffc", "128.8593 Cel", "100 %RH"),
      ] as [(UInt16, String, String, String)])
    func `words as temperature and humidity`(
      humidity: UInt16, temperature: String, celsius: String, percent: String
    ) throws {
      let measurement = try Si7021Tests.driver().decode([
        Si7021Tests.humidity(humidity), bytes(temperature),
      ])
      #expect(measurement.readings.map(\.channel) == ["temperature", "humidity"])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test func `words of zeros and of ones as faults`() throws {
      let driver = try Si7021Tests.driver()
      let zeros = try driver.decode([bytes("000000"), bytes("0000")])
      #expect(zeros.cause("temperature") == "word is zero")
      #expect(zeros.cause("humidity") == "word is zero")
      let ones = try driver.decode([Si7021Tests.humidity(0x7C80), bytes("ffff")])
      #expect(ones.cause("temperature") == "word is 0xffff")
      #expect(ones.text("humidity") == "54.791 %RH")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try Si7021Tests.address()
      var driver = try Si7021Tests.driver()
      let (humidity, temperature) = (try bytes("7c80f5"), try bytes("6838"))
      var bus = ScriptedI2CBus([
        .read(try bytes("153529 ffffff"), after: [0xFC, 0xC9], from: address),
        .write([0xFE], to: address),
        .write([0xF5], to: address),
        .read(humidity, from: address),
        .read(temperature, after: [0xE0], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(15))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .microseconds(22_800))
      #expect(driver.conversionTime == .microseconds(22_800))
      #expect(try driver.fetch(from: &bus) == [humidity, temperature])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or damaged bytes arrive`() throws {
      let address = try Si7021Tests.address()
      var driver = try Si7021Tests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("32006b 485404"), after: [0xFC, 0xC9], from: address),
        .read(try bytes("153528 ffffff"), after: [0xFC, 0xC9], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(found: "type 0x32", expected: "type 0x14 or 0x15")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.checksum("serial number word")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures`() throws {
      let address = try Si7021Tests.address()
      var driver = try Si7021Tests.driver()
      var bus = ScriptedI2CBus([.failure(.noAcknowledge, reading: 3, at: address)])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<24)
    func `where a bit of the humidity is wrong`(bit: Int) throws {
      var data = try bytes("7c80f5")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("humidity word")) {
        try Si7021Tests.driver().decode([data, [0x68, 0x38]])
      }
    }
  }
}
