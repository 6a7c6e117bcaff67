import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct SHT3xTests {
  /// A word with its checksum, and what it means as temperature and as humidity.
  struct Vector: CustomStringConvertible, Sendable {
    let word: [UInt8]
    let celsius: String
    let percent: String
    let description: String

    init(_ word: [UInt8], _ celsius: String, _ percent: String, source: String) {
      (self.word, self.celsius, self.percent, description) = (word, celsius, percent, source)
    }

    static let all = [
      Vector(
        [0xBE, 0xEF, 0x92], "85.523 Cel", "74.5846 %RH",
        source: "SHT3x-DIS section 4.12, table 20 (checksum of 0xBEEF)"),
      Vector(
        [0x66, 0x66, 0x93], "25 Cel", "40 %RH",
        source: "SHT3x-DIS section 4.13 with 0x6666 = 2/5 of 65535"),
      Vector([0x00, 0x00, 0x81], "-45 Cel", "0 %RH", source: "lowest"),
      Vector([0xFF, 0xFF, 0xAC], "130 Cel", "100 %RH", source: "highest"),
      Vector([0xFF, 0xFE, 0x9D], "129.9973 Cel", "99.9985 %RH", source: "one below the highest"),
      Vector([0x00, 0x01, 0xB0], "-44.9973 Cel", "0.0015 %RH", source: "one above the lowest"),
      Vector([0x7F, 0xFF, 0x8F], "42.4987 Cel", "49.9992 %RH", source: "below the middle"),
      Vector([0x80, 0x00, 0xA2], "42.5013 Cel", "50.0008 %RH", source: "above the middle"),
    ]
  }

  static let measured: [UInt8] = [0x66, 0x66, 0x93, 0x80, 0x00, 0xA2]

  static func driver(_ repeatability: String = "high") throws -> SHT3x {
    try SHT3x(
      options: options(SHT3x.self, ["repeatability": repeatability]), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x44)) }

  @Suite struct decodes {
    @Test(arguments: Vector.all)
    func `a word as temperature and as humidity`(vector: Vector) throws {
      let measurement = try SHT3xTests.driver().decode([vector.word + vector.word])
      #expect(measurement.readings.map(\.channel) == ["temperature", "humidity"])
      #expect(measurement.text("temperature") == vector.celsius)
      #expect(measurement.text("humidity") == vector.percent)
      #expect(measurement.faults == [])
    }

    @Test func `no two words alike`() throws {
      let driver = try SHT3xTests.driver()
      var last: (Int128, Int128) = (.min, .min)
      for word in 0...UInt16.max {
        var three = [UInt8(word >> 8), UInt8(word & 0xFF)]
        three.append(SHT3xTests.checksum(three))
        let measurement = try driver.decode([three + three])
        let temperature = try #require(measurement.nano("temperature"))
        let humidity = try #require(measurement.nano("humidity"))
        guard temperature > last.0, humidity > last.1 else {
          Issue.record("\(word) decodes like the word below it")
          return
        }
        last = (temperature, humidity)
      }
    }
  }

  /// The checksum by the table of SHT3x-DIS section 4.12, table 20, as a division of polynomials.
  static func checksum(_ bytes: [UInt8]) -> UInt8 {
    var register: UInt32 = 0xFF
    for byte in bytes {
      register = (register ^ UInt32(byte)) << 8
      for bit in stride(from: 15, through: 8, by: -1) where register >> bit & 1 == 1 {
        register ^= 0x131 << (bit - 8)
      }
    }
    return UInt8(register)
  }

  @Suite struct talks {
    @Test func `to identify, reset and configure the chip`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .read([0x80, 0x10, 0xE1], after: [0xF3, 0x2D], from: address),
        .write([0x30, 0xA2], to: address),
        .write([0x30, 0x41], to: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .microseconds(1500))
      #expect(try driver.configure(on: &bus) == .milliseconds(1))
      #expect(driver.calibration == nil)
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ("low", 0x16, 4500), ("medium", 0x0B, 6500), ("high", 0x00, 15_500),
      ] as [(String, UInt8, Int)])
    func `to measure once`(repeatability: String, command: UInt8, microseconds: Int) throws {
      var driver = try SHT3xTests.driver(repeatability)
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .write([0x24, command], to: address),
        .read(measured, from: address),
        .read([0x00, 0x00, 0x81], after: [0xF3, 0x2D], from: address),
      ])
      #expect(try driver.begin(on: &bus) == .microseconds(microseconds))
      #expect(driver.conversionTime == .microseconds(microseconds))
      #expect(try driver.fetch(from: &bus) == [measured])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where no chip answers`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, writing: [0xF3, 0x2D], reading: 3, at: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x24, 0x00], at: address),
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.begin(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where another chip answers`() throws {
      var driver = try SHT3xTests.driver()
      var bus = ScriptedI2CBus([
        .read([0x80, 0x10, 0xFF], after: [0xF3, 0x2D], from: try SHT3xTests.address())
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x80 0x10 0xff", expected: "a status word and its checksum")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of the data is wrong`(bit: Int) throws {
      var driver = try SHT3xTests.driver()
      var damaged = measured
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      var bus = ScriptedI2CBus([.read(damaged, from: try SHT3xTests.address())])
      let expected = DriverFailure.checksum(bit < 24 ? "temperature word" : "humidity word")
      #expect(throws: expected) { try driver.fetch(from: &bus) }
      #expect(throws: expected) { try driver.decode([damaged]) }
      expectPlayed(bus)
    }

    @Test func `where the status is damaged`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .read(measured, from: address),
        .read([0x00, 0x00, 0x80], after: [0xF3, 0x2D], from: address),
      ])
      #expect(throws: DriverFailure.checksum("status word")) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the status cannot be read after the data`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .read(measured, from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0xF3, 0x2D], reading: 3, at: address),
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: [I2CFailure.Kind.noAcknowledgeOfAddress, .noAcknowledge])
    func `while the chip measures`(kind: I2CFailure.Kind) throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .failure(kind, reading: 6, at: address),
        .failure(kind, writing: [0xF3, 0x2D], reading: 3, at: address),
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `where the bus hangs during the fetch`() throws {
      var driver = try SHT3xTests.driver()
      var bus = ScriptedI2CBus([
        .failure(.timeout, reading: 6, at: try SHT3xTests.address())
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where the supply dipped after the measurement`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .read(measured, from: address),
        .read([0x80, 0x10, 0xE1], after: [0xF3, 0x2D], from: address),
      ])
      #expect(throws: DriverFailure.wasReset("status is 0x8010")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where the supply dipped during the measurement`() throws {
      var driver = try SHT3xTests.driver()
      let address = try SHT3xTests.address()
      var bus = ScriptedI2CBus([
        .failure(.noAcknowledgeOfAddress, reading: 6, at: address),
        .read([0x00, 0x10, 0xC2], after: [0xF3, 0x2D], from: address),
      ])
      #expect(throws: DriverFailure.wasReset("status is 0x0010")) {
        try driver.fetch(from: &bus)
      }
      expectPlayed(bus)
    }
  }
}
