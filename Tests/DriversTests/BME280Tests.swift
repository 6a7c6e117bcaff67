import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct BME280Tests {
  /// Trimming and data of one chip, with what two formulas make of them.
  struct Vector: CustomStringConvertible, Sendable {
    let description: String
    let trimming: String
    let data: String
    /// By the driver, to its last digit.
    let values: [String]
    /// By the data sheet's integer formulas.
    let integers: (celsius: Double, percent: Double, pascal: Double)

    static let all = [
      Vector(
        description: "periph bmxx80/bmx280_test.go, TestI2CSenseBME280_success",
        trimming:
          "106e6c6632005d95b8d5d00b771e9dfff9ffac260ad8bd10004b 6e01001305001e",
        data: "4a52c0 8096c0 7a76",
        values: ["23.7221 Cel", "65.3061 %RH", "100942.966 Pa"],
        integers: (23.72, 65.3056640625, 100942.6953125)),
      Vector(
        description: "periph bmxx80/bmx280_test.go, TestSPISenseBME280_success",
        trimming:
          "c96c63653200779398d5d00b6723ba00f9ffac260ad8bd10004b 5c0100150f001e",
        data: "519fc0 9e3a50 5e5b",
        values: ["62.6836 Cel", "9.9451 %RH", "99576.201 Pa"],
        integers: (62.68, 9.9501953125, 99575.93359375)),
      Vector(
        description: "BST-BMP280-DS001 section 3.12, with the humidity of the first vector",
        trimming:
          "706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017004b 6e01001305001e",
        data: "655ac0 7eed00 7a76",
        values: ["25.0825 Cel", "65.5036 %RH", "100653.267 Pa"],
        integers: (25.08, 65.5029296875, 100653.25390625)),
    ]
  }

  static let trimming = Vector.all[2].trimming

  static func driver(trimming: String? = nil) throws -> BME280 {
    var driver = try BME280(options: options(BME280.self), address: try address())
    if let trimming { try driver.restore(calibration: bytes(trimming)) }
    return driver
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x76)) }

  static func raw(pressure: UInt32, temperature: UInt32, humidity: UInt32) -> [[UInt8]] {
    func three(_ count: UInt32) -> [UInt8] {
      [UInt8(count >> 12), UInt8(count >> 4 & 0xFF), UInt8(count << 4 & 0xF0)]
    }
    return [three(pressure) + three(temperature) + [UInt8(humidity >> 8), UInt8(humidity & 0xFF)]]
  }

  @Suite struct decodes {
    @Test(arguments: Vector.all)
    func `a published example as the data sheet's double formula does`(vector: Vector) throws {
      let driver = try BME280Tests.driver(trimming: vector.trimming)
      let measurement = try driver.decode([bytes(vector.data)])
      #expect(measurement.readings.map(\.channel) == ["temperature", "humidity", "pressure"])
      #expect(measurement.readings.map(\.quantity.description) == vector.values)
      #expect(measurement.faults == [])
    }

    @Test(arguments: Vector.all)
    func `a published example close to the integer formulas`(vector: Vector) throws {
      let driver = try BME280Tests.driver(trimming: vector.trimming)
      let values = try driver.decode([bytes(vector.data)]).readings.map(\.quantity.value)
      #expect(abs(values[0] - vector.integers.celsius) <= 0.01)
      #expect(abs(values[1] - vector.integers.percent) <= 0.01)
      #expect(abs(values[2] - vector.integers.pascal) <= 0.5)
      // The reference in these tests must itself give what was published.
      let reference = BME280Reference(try bytes(vector.trimming))
      let data = try bytes(vector.data).map(Int64.init)
      let fine = reference.fine(data[3] << 12 | data[4] << 4 | data[5] >> 4)
      #expect(
        reference.celsius(data[3] << 12 | data[4] << 4 | data[5] >> 4) == vector.integers.celsius)
      #expect(
        reference.relativeHumidity(data[6] << 8 | data[7], fine: fine) == vector.integers.percent)
      #expect(
        reference.pascal(data[0] << 12 | data[1] << 4 | data[2] >> 4, fine: fine)
          == vector.integers.pascal)
    }

    @Test(arguments: Vector.all)
    func `ten thousand measurements within the data sheet's resolution`(vector: Vector) throws {
      let driver = try BME280Tests.driver(trimming: vector.trimming)
      let reference = BME280Reference(try bytes(vector.trimming))
      var generator = SteadyGenerator(seed: 280)
      for _ in 0..<10_000 {
        // From below freezing to about 70 degrees, 600 to 1100 hPa, dry to wet.
        let temperature = UInt32.random(in: 410_000...660_000, using: &generator)
        let pressure = UInt32.random(in: 280_000...500_000, using: &generator)
        let humidity = UInt32.random(in: 20_000...40_000, using: &generator)
        guard temperature != 0x80000, humidity != 0x8000 else { continue }
        let values = try driver.decode(
          BME280Tests.raw(pressure: pressure, temperature: temperature, humidity: humidity)
        ).readings.map(\.quantity.value)
        let fine = reference.fine(Int64(temperature))
        #expect(abs(values[0] - reference.celsius(Int64(temperature))) <= 0.011)
        let percent = reference.relativeHumidity(Int64(humidity), fine: fine)
        #expect(abs(values[1] - percent) <= 0.03)
        #expect(abs(values[2] - reference.pascal(Int64(pressure), fine: fine)) <= 1)
      }
    }

    @Test func `the ends of the counts without clamping temperature and pressure`() throws {
      let driver = try BME280Tests.driver(trimming: trimming)
      let lowest = try driver.decode(
        BME280Tests.raw(pressure: 0, temperature: 0, humidity: 0))
      #expect(lowest.text("temperature") == "-140.8789 Cel")
      #expect(lowest.text("pressure") == "131282.055 Pa")
      #expect(lowest.text("humidity") == "0 %RH")
      let highest = try driver.decode(
        BME280Tests.raw(pressure: 0xFFFFF, temperature: 0xFFFFF, humidity: 0xFFFF))
      #expect(highest.text("temperature") == "187.5503 Cel")
      #expect(highest.text("pressure") == "-9541.163 Pa")
      #expect(highest.text("humidity") == "100 %RH")
    }

    @Test func `zero degrees and one step below`() throws {
      let driver = try BME280Tests.driver(trimming: trimming)
      func celsius(_ count: UInt32) throws -> String? {
        try driver.decode(
          BME280Tests.raw(pressure: 415_148, temperature: count, humidity: 31350)
        ).text("temperature")
      }
      // 16 x dig_T1 = 16 x 27504 is zero by the formula.
      #expect(try celsius(440_064) == "0 Cel")
      #expect(try celsius(440_063) == "-0.0003 Cel")
    }

    @Test func `the counts next to those that mean skipped`() throws {
      let driver = try BME280Tests.driver(trimming: trimming)
      for step in [-1, 1] as [Int] {
        let count = UInt32(0x80000 + step)
        let measurement = try driver.decode(
          BME280Tests.raw(
            pressure: count, temperature: count, humidity: UInt32(0x8000 + step)))
        #expect(measurement.readings.count == 3)
      }
    }

    @Test func `skipped quantities as faults`() throws {
      let driver = try BME280Tests.driver(trimming: trimming)
      let noPressure = try driver.decode(
        BME280Tests.raw(pressure: 0x80000, temperature: 519_888, humidity: 31350))
      #expect(noPressure.readings.map(\.channel) == ["temperature", "humidity"])
      #expect(noPressure.cause("pressure") == "pressure was not measured")
      let noHumidity = try driver.decode(
        BME280Tests.raw(pressure: 415_148, temperature: 519_888, humidity: 0x8000))
      #expect(noHumidity.readings.map(\.channel) == ["temperature", "pressure"])
      #expect(noHumidity.cause("humidity") == "humidity was not measured")
      let noTemperature = try driver.decode(
        BME280Tests.raw(pressure: 415_148, temperature: 0x80000, humidity: 31350))
      #expect(noTemperature.readings == [])
      #expect(
        noTemperature.faults.map(\.channel) == ["temperature", "humidity", "pressure"])
    }

    @Test func `all kinds of trimming without a trap`() throws {
      var generator = SteadyGenerator(seed: 7)
      for _ in 0..<10_000 {
        var driver = try BME280Tests.driver()
        var trimming = generator.bytes(33)
        trimming[0] |= 1
        trimming[6] |= 1
        try driver.restore(calibration: trimming)
        let measurement = try driver.decode([generator.bytes(8)])
        #expect(measurement.readings.count + measurement.faults.count == 3)
      }
    }

    @Test func `no pressure where the formula divides by zero`() throws {
      // The divisor is (1 + dig_P2 x v / 2^34) x dig_P1 without dig_P3, where v is t_fine / 2 -
      // 64000: zero for dig_P2 = -2^15 and v = 2^19. With dig_T1 = 1, dig_T2 = 24576 and dig_T3 = 0
      // t_fine is 1.5 x (count - 16), which is 2 x (2^19 + 64000) for the count 784400.
      var trimming = try bytes(trimming)
      for index in 0..<24 { trimming[index] = 0 }
      trimming[0] = 0x01
      trimming[3] = 0x60
      (trimming[6], trimming[7]) = (0x7D, 0x8E)
      trimming[9] = 0x80
      var driver = try BME280Tests.driver()
      try driver.restore(calibration: trimming)
      func decode(_ temperature: UInt32) throws -> Measurement {
        try driver.decode(
          BME280Tests.raw(pressure: 415_148, temperature: temperature, humidity: 31350))
      }
      let measurement = try decode(784_400)
      #expect(measurement.text("temperature") == "229.8 Cel")
      #expect(measurement.cause("pressure") == "calibration and data give no value")
      #expect(try decode(784_399).cause("pressure") == "calibration and data give no value")
      #expect(try decode(500_000).cause("pressure") == nil)
    }
  }

  @Suite struct talks {
    @Test func `to identify the chip`() throws {
      var driver = try BME280Tests.driver()
      let address = try BME280Tests.address()
      var bus = ScriptedI2CBus([.read([0x60], after: [0xD0], from: address)])
      try driver.identify(on: &bus)
      expectPlayed(bus)
    }

    @Test func `to reset and configure the chip`() throws {
      let address = try BME280Tests.address()
      let trimming = try bytes(trimming)
      var driver = try BME280(
        options: options(
          BME280.self,
          [
            "temperature-oversampling": "2", "humidity-oversampling": "16",
            "pressure-oversampling": "8", "filter": "4",
          ]), address: address)
      var bus = ScriptedI2CBus([
        .write([0xE0, 0xB6], to: address),
        .read([0x00], after: [0xF3], from: address),
        .read(Array(trimming[..<26]), after: [0x88], from: address),
        .read(Array(trimming[26...]), after: [0xE1], from: address),
        .write([0xF2, 0x05], to: address),
        .write([0xF5, 0x08], to: address),
        .write([0xF4, 0x50], to: address),
      ])
      // The start-up time is 2 ms.
      #expect(try driver.reset(on: &bus) >= .milliseconds(2))
      #expect(driver.calibration == nil)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(driver.calibration == trimming)
      expectPlayed(bus)
    }

    @Test func `to measure once`() throws {
      var driver = try BME280Tests.driver(trimming: trimming)
      let address = try BME280Tests.address()
      let data = try bytes("655ac0 7eed00 7a76")
      var bus = ScriptedI2CBus([
        .write([0xF4, 0x25], to: address),
        .read([0x01, 0x00, 0x24, 0x00], after: [0xF2], from: address),
        .read(data, after: [0xF7], from: address),
      ])
      #expect(try driver.begin(on: &bus) == driver.conversionTime)
      let raw = try driver.fetch(from: &bus)
      #expect(raw == [data])
      #expect(try driver.decode(raw).text("temperature") == "25.0825 Cel")
      expectPlayed(bus)
    }

    @Test(arguments: [
      // 1.25 + 2.3 x (1 + 1 + 1) + 2 x 0.575 ms
      ("1", "1", "1", 9300), ("16", "16", "16", 112_800), ("2", "1", "16", 46_100),
    ])
    func `no longer than the data sheet allows`(
      temperature: String, humidity: String, pressure: String, microseconds: Int
    ) throws {
      let driver = try BME280(
        options: options(
          BME280.self,
          [
            "temperature-oversampling": temperature, "humidity-oversampling": humidity,
            "pressure-oversampling": pressure,
          ]), address: try BME280Tests.address())
      #expect(driver.conversionTime == .microseconds(microseconds))
    }
  }

  @Suite struct fails {
    @Test func `where no chip answers`() throws {
      var driver = try BME280Tests.driver()
      var bus = ScriptedI2CBus([
        .failure(
          .noAcknowledgeOfAddress, writing: [0xD0], reading: 1, at: try BME280Tests.address())
      ])
      #expect(throws: DriverFailure.bus(I2CFailure(.noAcknowledgeOfAddress))) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `where another chip answers`() throws {
      var driver = try BME280Tests.driver()
      let address = try BME280Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x58], after: [0xD0], from: address), .read([0x61], after: [0xD0], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "0x58 (a BMP280, which has no humidity)", expected: "0x60")
      ) { try driver.identify(on: &bus) }
      #expect(throws: DriverFailure.wrongIdentity(found: "0x61", expected: "0x60")) {
        try driver.identify(on: &bus)
      }
      expectPlayed(bus)
    }

    @Test func `while the chip copies its trimming`() throws {
      var driver = try BME280Tests.driver()
      var bus = ScriptedI2CBus([
        .read([0x01], after: [0xF3], from: try BME280Tests.address())
      ])
      #expect(throws: DriverFailure.notReady) { try driver.configure(on: &bus) }
      #expect(driver.calibration == nil)
      expectPlayed(bus)
    }

    @Test(arguments: [0x00, 0xFF] as [UInt8])
    func `where the trimming is blank`(byte: UInt8) throws {
      var driver = try BME280Tests.driver()
      let address = try BME280Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00], after: [0xF3], from: address),
        .read([UInt8](repeating: byte, count: 26), after: [0x88], from: address),
        .read([UInt8](repeating: byte, count: 7), after: [0xE1], from: address),
      ])
      #expect(throws: DriverFailure.malformed("calibration is blank")) {
        try driver.configure(on: &bus)
      }
      #expect(driver.calibration == nil)
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        // status measuring, status copying, mode still forced
        [0x01, 0x08, 0x25, 0x00], [0x01, 0x01, 0x24, 0x00], [0x01, 0x00, 0x25, 0x00],
      ] as [[UInt8]])
    func `while the chip measures`(control: [UInt8]) throws {
      var driver = try BME280Tests.driver(trimming: trimming)
      var bus = ScriptedI2CBus([
        .read(control, after: [0xF2], from: try BME280Tests.address())
      ])
      #expect(throws: DriverFailure.notReady) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ([0x00, 0x00, 0x00, 0x00], "ctrl_hum is 0x00, was set to 0x01"),
        ([0x01, 0x00, 0x00, 0x00], "ctrl_meas is 0x00, was set to 0x24"),
        ([0x01, 0x00, 0x24, 0x10], "config is 0x10, was set to 0x00"),
      ] as [([UInt8], String)])
    func `where the supply dipped`(control: [UInt8], sign: String) throws {
      var driver = try BME280Tests.driver(trimming: trimming)
      var bus = ScriptedI2CBus([
        .read(control, after: [0xF2], from: try BME280Tests.address())
      ])
      #expect(throws: DriverFailure.wasReset(sign)) { try driver.fetch(from: &bus) }
      expectPlayed(bus)
    }

    @Test func `to decode without trimming`() throws {
      let driver = try BME280Tests.driver()
      #expect(
        throws: DriverFailure.malformed(
          "calibration is missing; read or restore it first")
      ) { try driver.decode([[UInt8](repeating: 1, count: 8)]) }
    }
  }
}
