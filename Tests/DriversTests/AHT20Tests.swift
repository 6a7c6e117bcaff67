import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct AHT20Tests {
  static func driver() throws -> AHT20 {
    try AHT20(options: options(AHT20.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x38)) }

  /// A recording of periph.io, devices/aht20.
  static let recorded = "18 7552058e40 7f"

  @Suite struct decodes {
    @Test(arguments: [
      (recorded, "19.445800781 Cel", "45.82824707 %RH"),
      // A recording in the wiki of elixir-sensors/aht20.
      ("1c 269a7642e7 76", "28.266716003 Cel", "15.079402924 %RH"),
      // Section 6: 2^19 is half of the humidity, 3/8 of 2^20 is 75 above -50 degrees.
      ("1c 8000060000 4e", "25 Cel", "50 %RH"),
    ])
    func `data as temperature and humidity`(raw: String, celsius: String, percent: String) throws {
      let measurement = try AHT20Tests.driver().decode([bytes(raw)])
      #expect(measurement.readings.map(\.channel) == ["temperature", "humidity"])
      #expect(measurement.text("temperature") == celsius)
      #expect(measurement.text("humidity") == percent)
    }

    @Test(arguments: [
      ("9c 8000060000 a2", "chip was still measuring"),
      ("00 7552058e40 20", "chip lacks its calibration"),
      ("1c 0000000000 58", "all data bits are zero"),
      ("1c ffffffffff 7a", "all data bits are one"),
    ])
    func `what is no measurement as faults`(raw: String, cause: String) throws {
      let measurement = try AHT20Tests.driver().decode([bytes(raw)])
      #expect(measurement.readings == [])
      #expect(measurement.cause("temperature") == cause)
      #expect(measurement.cause("humidity") == cause)
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset and measure`() throws {
      let address = try AHT20Tests.address()
      var driver = try AHT20Tests.driver()
      let data = try bytes(recorded)
      var bus = ScriptedI2CBus([
        .read([0x18], after: [0x71], from: address),
        .write([0xBA], to: address),
        .read([0x10], after: [0x71], from: address),
        .write([0xBE, 0x08, 0x00], to: address),
        .read([0x18], after: [0x71], from: address),
        .write([0xAC, 0x33, 0x00], to: address),
        .read(data, from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(20))
      #expect(try driver.configure(on: &bus) == .milliseconds(10))
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .milliseconds(80))
      #expect(driver.conversionTime == .milliseconds(80))
      #expect(try driver.fetch(from: &bus) == [data])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where nobody answers`() throws {
      let address = try AHT20Tests.address()
      var driver = try AHT20Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0xFF], after: [0x71], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x71], reading: 1, at: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "0xff", expected: "a status byte")) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip measures, and where it lost its calibration`() throws {
      let address = try AHT20Tests.address()
      var driver = try AHT20Tests.driver()
      var bus = ScriptedI2CBus([
        .read(try bytes("9c 8000060000 a2"), from: address),
        .read(try bytes("00 7552058e40 20"), from: address),
        .read(try bytes("1c 8000060000 4f"), from: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.wasReset("status is 0x00")) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.checksum("measurement")) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<56)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var data = try bytes(recorded)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("measurement")) {
        try AHT20Tests.driver().decode([data])
      }
    }
  }
}
