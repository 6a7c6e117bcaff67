import Buses
import BusesTesting
import Drivers
import Testing

@Suite struct MLX90614Tests {
  static func driver() throws -> MLX90614 {
    try MLX90614(options: options(MLX90614.self), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x5A)) }

  /// 3901090614 section 8.4.3: the object at 0x3AD2 with the code 0x30.
  static let object = "b407b5d23a30"
  /// 24.37 degrees; its code by SMBus 3.1 section 5.4.
  static let ambient = "b406b51c3a1d"

  /// An exchange of either register, with random address and word, and the right code: the
  /// remainder of the bytes as a polynomial over x^8 + x^2 + x + 1.
  static func repaired(_ raw: [UInt8]) -> [UInt8] {
    let exchange = [raw[0] & 0xFE, raw[1] & 1 | 6, raw[0] | 1, raw[3], raw[4]]
    var remainder = exchange.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } << 8
    for bit in stride(from: 47, through: 8, by: -1) where remainder >> UInt64(bit) & 1 != 0 {
      remainder ^= 0x107 << UInt64(bit - 8)
    }
    return exchange + [UInt8(remainder)]
  }

  @Suite struct decodes {
    @Test func `the data sheet's exchange`() throws {
      let measurement = try MLX90614Tests.driver().decode([bytes(ambient), bytes(object)])
      #expect(measurement.readings.map(\.channel) == ["temperature", "object-temperature"])
      #expect(measurement.text("temperature") == "24.37 Cel")
      #expect(measurement.text("object-temperature") == "28.01 Cel")
      #expect(measurement.faults == [])
    }

    @Test(
      arguments: [
        ("b407b5ad2702", "-70.01 Cel", nil), ("b407b5ff7fab", "382.19 Cel", nil),
        ("b407b5ac2717", nil, "value is beyond the chip's range"),
        ("b407b500808f", nil, "error flag is set"),
      ] as [(String, String?, String?)])
    func `the ends of an object's temperature`(raw: String, text: String?, cause: String?) throws {
      let measurement = try MLX90614Tests.driver().decode([bytes(ambient), bytes(raw)])
      #expect(measurement.text("object-temperature") == text)
      #expect(measurement.cause("object-temperature") == cause)
      #expect(measurement.text("temperature") == "24.37 Cel")
    }

    @Test(
      arguments: [
        ("b406b5892dd8", "-40.01 Cel", nil), ("b406b5c44d4d", "125.01 Cel", nil),
        ("b406b5882dcd", nil, "value is beyond the chip's range"),
        ("b406b5c54d58", nil, "value is beyond the chip's range"),
      ] as [(String, String?, String?)])
    func `the ends of the sensor's temperature`(raw: String, text: String?, cause: String?) throws {
      let measurement = try MLX90614Tests.driver().decode([bytes(raw), bytes(object)])
      #expect(measurement.text("temperature") == text)
      #expect(measurement.cause("temperature") == cause)
      #expect(measurement.text("object-temperature") == "28.01 Cel")
    }
  }

  @Suite struct talks {
    @Test func `to identify and measure`() throws {
      let address = try MLX90614Tests.address()
      var driver = try MLX90614Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x5A, 0xBE, 0xD3], after: [0x2E], from: address),
        .read([0x1C, 0x3A, 0x1D], after: [0x06], from: address),
        .read([0xD2, 0x3A, 0x30], after: [0x07], from: address),
      ])
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .zero)
      #expect(try driver.configure(on: &bus) == .milliseconds(250))
      #expect(driver.conversionTime == .zero)
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(try driver.fetch(from: &bus) == [bytes(ambient), bytes(object)])
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers, or none`() throws {
      let address = try MLX90614Tests.address()
      var driver = try MLX90614Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x00, 0x00], after: [0x2E], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x2E], reading: 3, at: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0xb4 0x2e 0xb5 0x00 0x00 0x00", expected: "a word and its packet error code")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test(arguments: 0..<48)
    func `where a bit of an exchange is wrong`(bit: Int) throws {
      var data = try bytes(object)
      data[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: DriverFailure.checksum("object-temperature exchange")) {
        try MLX90614Tests.driver().decode([bytes(ambient), data])
      }
    }

    @Test func `where the exchanges are not those of the two registers`() throws {
      #expect(throws: DriverFailure.malformed("temperature is not from register 0x06")) {
        try MLX90614Tests.driver().decode([bytes(object), bytes(ambient)])
      }
    }
  }
}
