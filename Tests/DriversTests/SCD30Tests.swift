import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SCD30Tests {
  static func driver(_ written: KeyValuePairs<String, String> = [:]) throws -> SCD30 {
    try SCD30(options: options(SCD30.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x61)) }

  /// The example of section 1.4.5: 439 ppm, 27.2 degrees, 48.8 %.
  static let example = "43dbcb 8c2e8f 41d970 e7fff5 4243bf 3a1b74"

  /// Words with their checksums.
  static func words(_ hexadecimal: String) throws -> [UInt8] {
    let data = try bytes(hexadecimal)
    return stride(from: 0, to: data.count, by: 2).flatMap { start in
      let pair = Array(data[start..<(start + 2)])
      return pair + [SHT3xTests.checksum(pair)]
    }
  }

  @Suite struct decodes {
    @Test func `the data sheet's example`() throws {
      let measurement = try SCD30Tests.driver().decode([bytes(SCD30Tests.example)])
      #expect(measurement.readings.map(\.channel) == ["co2", "temperature", "humidity"])
      #expect(measurement.text("co2") == "439.095153809 ppm")
      #expect(measurement.text("temperature") == "27.238279343 Cel")
      #expect(measurement.text("humidity") == "48.806743622 %RH")
      #expect(measurement.faults == [])
    }

    @Test func `exact numbers exactly, small ones as zero`() throws {
      let driver = try SCD30Tests.driver()
      // 431.5, -1, 45.5; then the smallest numbers that there are.
      let exact = try driver.decode([SCD30Tests.words("43d7c000 bf800000 42360000")])
      #expect(exact.text("co2") == "431.5 ppm")
      #expect(exact.text("temperature") == "-1 Cel")
      #expect(exact.text("humidity") == "45.5 %RH")
      let small = try driver.decode([SCD30Tests.words("00000001 80000000 2b800000")])
      #expect(small.nano("co2") == 0)
      #expect(small.nano("temperature") == 0)
      #expect(small.nano("humidity") == 0)
    }

    @Test(arguments: [
      "7fc00000", "7f800000", "ff800000", "4f000000", "4f800000", "bf800000", "474350ff",
    ])
    func `what is no number, or none of the range, as faults`(bits: String) throws {
      let raw = try SCD30Tests.words(bits + "42c80000" + bits)
      let measurement = try SCD30Tests.driver().decode([raw])
      #expect(measurement.cause("co2") == "number is outside the module's range")
      #expect(measurement.text("temperature") == "100 Cel")
      #expect(measurement.cause("humidity") == "number is outside the module's range")
    }

    @Test func `no carbon dioxide as a fault`() throws {
      let raw = try SCD30Tests.words("00000000 42360000 42360000")
      let measurement = try SCD30Tests.driver().decode([raw])
      #expect(measurement.cause("co2") == "it was not measured yet")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try SCD30Tests.address()
      var driver = try SCD30Tests.driver()
      let data = try bytes(example)
      var bus = ScriptedI2CBus([
        .write([0xD1, 0x00], to: address), .read(try bytes("0342f3"), from: address),
        .write([0xD3, 0x04], to: address),
        .write([0x46, 0x00], to: address), .read(try bytes("0002e3"), from: address),
        .write(try bytes("0010 000081"), to: address),
        .write([0x02, 0x02], to: address), .read(try bytes("0001b0"), from: address),
        .write([0x03, 0x00], to: address), .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .seconds(2))
      #expect(try driver.configure(on: &bus) == .milliseconds(3500))
      #expect(driver.conversionTime == .milliseconds(2500))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }

    @Test func `to set only what differs`() throws {
      let address = try SCD30Tests.address()
      var driver = try SCD30Tests.driver(["measurement-interval": "16 s", "altitude": "1600 m"])
      var bus = ScriptedI2CBus([
        .write([0x46, 0x00], to: address), .read(try bytes("0002e3"), from: address),
        .write([0x51, 0x02], to: address), .read(try bytes("0640e6"), from: address),
        .write(try bytes("4600 0010c2"), to: address),
        .failure(.noAcknowledge, writing: try bytes("0010 000081"), at: address),
        .write(try bytes("0010 000081"), to: address),
      ])
      #expect(try driver.configure(on: &bus) == .seconds(21))
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where the interval is no whole number of seconds`() throws {
      let error = #expect(throws: OptionConflict.self) {
        try SCD30Tests.driver(["measurement-interval": "2.5 s"])
      }
      #expect(error?.option == "measurement-interval")
      #expect(error?.remedy == "write for example '2 s'")
    }

    @Test func `where nobody or another chip answers, or there is no new result`() throws {
      let address = try SCD30Tests.address()
      var driver = try SCD30Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, writing: [0xD1, 0x00], at: address),
        .write([0xD1, 0x00], to: address), .read(try bytes("0342f2"), from: address),
        .write([0x02, 0x02], to: address), .read(try bytes("000081"), from: address),
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.checksum("version word")) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<144)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes(example)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      let name = ["co2", "temperature", "humidity"][bit / 48]
      #expect(throws: DriverFailure.checksum("\(name) word")) {
        try SCD30Tests.driver().decode([data])
      }
    }
  }
}
