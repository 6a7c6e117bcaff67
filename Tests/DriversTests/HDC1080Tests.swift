import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct HDC1080Tests {
  static func driver() throws -> HDC1080 {
    try HDC1080(options: options(HDC1080.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  @Suite struct decodes {
    @Test(arguments: [
      // Sections 8.6.1 and 8.6.2: halves of the spans.
      ("8000 8000", "42.5 Cel", "50 %RH"),
      ("64ac 64ac", "24.8862 Cel", "39.325 %RH"),
      ("0000 8000", "-40 Cel", "50 %RH"),
      ("8000 0000", "42.5 Cel", "0 %RH"),
      ("fffc fffc", "124.9899 Cel", "99.9939 %RH"),
    ])
    func `registers as temperature and humidity`(
      raw: String, celsius: String, percent: String
    ) throws {
      let measurement = try HDC1080Tests.driver().decode([bytes(raw)])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
      #expect(measurement.faults == [])
    }

    @Test func `what the chip never sends as faults`() throws {
      let driver = try HDC1080Tests.driver()
      let empty = try driver.decode([bytes("0000 0000")])
      #expect(empty.readings == [])
      #expect(empty.cause("temperature") == "both registers are zero")
      #expect(empty.cause("humidity") == "both registers are zero")
      // What a second read without a conversion gives (TI's forum, thread 553297).
      let half = try driver.decode([bytes("64ac ffff")])
      #expect(half.text("temperature") == "24.8862 Cel")
      #expect(half.cause("humidity") == "register is 0xffff, which the chip never has")
      let other = try driver.decode([bytes("0001 8000")])
      #expect(other.cause("temperature") == "register is 0x0001, which the chip never has")
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try HDC1080Tests.address()
      var driver = try HDC1080Tests.driver()
      let data = try bytes("64ac 8000")
      var bus = ScriptedI2CBus([
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x10, 0x50], after: [0xFF], from: address),
        .write([0x02, 0x80, 0x00], to: address),
        .write([0x02, 0x10, 0x00], to: address),
        .write([0x00], to: address),
        .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(15))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(20))
      #expect(driver.conversionTime == .milliseconds(20))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip or nobody answers`() throws {
      let address = try HDC1080Tests.address()
      var driver = try HDC1080Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x54, 0x49], after: [0xFE], from: address),
        .read([0x10, 0x00], after: [0xFF], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xFE], reading: 2, at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(found: "0x5449 0x1000", expected: "0x5449 0x1050")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and after a dip of the supply`() throws {
      let address = try HDC1080Tests.address()
      var driver = try HDC1080Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledge, reading: 4, at: address),
        .read([0, 0, 0, 0], from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("both result registers are zero")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
