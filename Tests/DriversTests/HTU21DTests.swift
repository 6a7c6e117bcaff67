import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct HTU21DTests {
  static func driver() throws -> HTU21D {
    try HTU21D(options: options(HTU21D.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  /// The checksum as Linux computes it for this chip: the remainder by 0x131 of a 24-bit number.
  static func checksum(_ word: UInt16) -> UInt8 {
    var remainder = UInt32(word) << 8
    for bit in stride(from: 23, through: 8, by: -1) where remainder >> bit & 1 == 1 {
      remainder ^= 0x131 << (bit - 8)
    }
    return UInt8(remainder)
  }

  @Suite struct decodes {
    @Test(arguments: [
      // The data sheet's examples of a temperature word and a humidity word, status bits and all.
      ("683a7c", "7c80f5", "24.6864 Cel", "54.791 %RH"),
      // The data sheet's third example of a checksum, 0x4e85, as a humidity: status bits are cut.
      ("683a7c", "4e856b", "24.6864 Cel", "32.3377 %RH"),
    ])
    func `words as temperature and humidity`(
      first: String, second: String, celsius: String, percent: String
    ) throws {
      let measurement = try HTU21DTests.driver().decode([bytes(first), bytes(second)])
      #expect(measurement.readings.map(\.channel) == ["temperature", "humidity"])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test func `the ends of the range, the humidity cut to 0 to 100`() throws {
      let driver = try HTU21DTests.driver()
      let low = try driver.decode([
        [0x00, 0x04, HTU21DTests.checksum(0x0004)], [0x00, 0x04, HTU21DTests.checksum(0x0004)],
      ])
      #expect(low.text("temperature") == "-46.8393 Cel")
      #expect(low.text("humidity") == "0 %RH")
      let high = try driver.decode([
        [0xFF, 0xFC, HTU21DTests.checksum(0xFFFC)], [0xFF, 0xFC, HTU21DTests.checksum(0xFFFC)],
      ])
      #expect(high.text("temperature") == "128.8593 Cel")
      #expect(high.text("humidity") == "100 %RH")
    }

    @Test func `zeros, whose checksum is right, as faults`() throws {
      let driver = try HTU21DTests.driver()
      let measurement = try driver.decode([bytes("000000"), bytes("000000")])
      #expect(measurement.readings == [])
      #expect(measurement.cause("temperature") == "word is zero")
      #expect(measurement.cause("humidity") == "word is zero")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try HTU21DTests.address()
      var driver = try HTU21DTests.driver()
      let (temperature, humidity) = (try bytes("683a7c"), try bytes("7c80f5"))
      var bus = ScriptedI2CBus([
        .read(try bytes("32006b 485404"), after: [0xFC, 0xC9], from: address),
        .write([0xFE], to: address),
        .write([0xF3], to: address),
        .read(temperature, from: address),
        .read(humidity, after: [0xE5], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(15))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(50))
      #expect(driver.conversionTime == .milliseconds(50))
      #expect(try driver.fetch(from: &bus) == [temperature, humidity])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      let address = try HTU21DTests.address()
      var driver = try HTU21DTests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("153529 485404"), after: [0xFC, 0xC9], from: address),
        .read(try bytes("32006b 485405"), after: [0xFC, 0xC9], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "type 0x15 of Silicon Labs", expected: "an HTU21D")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.checksum("serial number word")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and where it may not hold the clock`() throws {
      let address = try HTU21DTests.address()
      var driver = try HTU21DTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, reading: 3, at: address),
        .read(try bytes("683a7c"), from: address),
        .failure(.timeout, writing: [0xE5], reading: 3, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes("683a7c 7c80f5")
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum(bit < 24 ? "temperature word" : "humidity word")) {
        try HTU21DTests.driver().decode([Array(data[0..<3]), Array(data[3..<6])])
      }
    }
  }
}
