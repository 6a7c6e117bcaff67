import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct PMSA003ITests {
  static func driver() throws -> PMSA003I {
    try PMSA003I(options: options(PMSA003I.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x12)) }

  /// A frame with these 26 bytes between its length and its sum.
  static func frame(_ contents: [UInt8]) -> [UInt8] {
    let beginning = [0x42, 0x4D, 0x00, 0x1C] + contents
    let sum = beginning.map(Int.init).reduce(0, +)
    return beginning + [UInt8(sum >> 8), UInt8(sum & 0xFF)]
  }

  /// What stands in a frame by the data manual's table: 4, 5 and 5 micrograms for the factory's
  /// particle, 4, 5 and 3 in the atmosphere, six numbers of particles, version, error code.
  static let contents = "0004 0005 0005 0004 0005 0003 7e00 e200 1700 0200 0000 0097 9700"

  @Suite struct decodes {
    @Test func `a frame as concentrations in the atmosphere`() throws {
      let frame = try PMSA003ITests.frame(bytes(PMSA003ITests.contents))
      let measurement = try PMSA003ITests.driver().decode([frame])
      #expect(measurement.readings.map(\.channel) == ["pm1", "pm2-5", "pm10"])
      #expect(measurement.text("pm1") == "4 ug/m3")
      #expect(measurement.text("pm2-5") == "5 ug/m3")
      #expect(measurement.text("pm10") == "3 ug/m3")
      #expect(measurement.faults == [])
    }

    @Test func `the most that fits into words`() throws {
      let most = [UInt8](repeating: 0xFF, count: 24) + [0xFF, 0x00]
      let measurement = try PMSA003ITests.driver().decode([PMSA003ITests.frame(most)])
      #expect(measurement.nano("pm10") == 65_535_000_000_000)
    }

    @Test func `an error code as faults`() throws {
      let faulty = [UInt8](repeating: 0, count: 25) + [0x02]
      let measurement = try PMSA003ITests.driver().decode([PMSA003ITests.frame(faulty)])
      #expect(measurement.readings == [])
      #expect(measurement.faults.map(\.channel) == ["pm1", "pm2-5", "pm10"])
      #expect(measurement.cause("pm1") == "error code is 0x02")
    }
  }

  @Suite struct talks {
    @Test func `to identify and measure`() throws {
      let address = try PMSA003ITests.address()
      var driver = try PMSA003ITests.driver()
      let frame = try PMSA003ITests.frame(bytes(contents))
      var bus = ScriptedI2CBus([.read(frame, from: address), .read(frame, from: address)])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .seconds(30))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(driver.conversionTime == .milliseconds(2300))
      #expect(try driver.fetch(from: &bus) == [frame])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another sensor or nobody answers, or bytes are damaged`() throws {
      let address = try PMSA003ITests.address()
      var driver = try PMSA003ITests.driver()
      var damaged = try PMSA003ITests.frame(bytes(contents))
      damaged[31] ^= 1
      var bus = ScriptedI2CBus([
        .read([UInt8](repeating: 0, count: 32), from: address),
        .read(damaged, from: address),
        .failure(.noAcknowledgeOfAddress, reading: 32, at: address),
        .failure(.timeout, reading: 32, at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x00 0x00 0x00 0x00", expected: "0x42 0x4d 0x00 0x1c")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.checksum("frame")) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<256)
    func `where a bit of the frame is wrong`(bit: Int) throws {
      var frame = try PMSA003ITests.frame(bytes(contents))
      frame[bit / 8] ^= 1 << UInt8(bit % 8)
      let expected =
        bit < 32 ? DriverFailure.malformed("frame has no header") : DriverFailure.checksum("frame")
      #expect(throws: expected) { try PMSA003ITests.driver().decode([frame]) }
    }
  }
}
