import Buses
import BusesTesting
import Configuration
import Drivers
import Testing

@Suite struct ADS1x15Tests {
  static func driver<Chip: ADS1x15Chip>(
    _ type: ADS1x15<Chip>.Type, _ written: KeyValuePairs<String, String> = [:]
  ) throws -> ADS1x15<Chip> {
    try type.init(options: options(type, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x48)) }

  @Suite struct decodes {
    /// A step is the range over 32768.
    @Test(arguments: [
      ("c307", "4000", "2.048 V"), ("c307", "0001", "0.000125 V"), ("c307", "ffff", "-0.000125 V"),
      ("c107", "4000", "3.072 V"), ("c507", "4000", "1.024 V"), ("c707", "4000", "0.512 V"),
      ("c907", "4000", "0.256 V"), ("cb07", "4000", "0.128 V"), ("cd07", "4000", "0.128 V"),
      ("cf07", "4000", "0.128 V"), ("cb07", "0001", "0.000007813 V"),
      ("c307", "7ffe", "4.09575 V"), ("c307", "8001", "-4.095875 V"), ("c307", "0000", "0 V"),
    ])
    func `codes of 16 bits in the range of the register`(
      configuration: String, code: String, voltage: String
    ) throws {
      let measurement = try ADS1x15Tests.driver(ADS1115.self).decode([
        bytes(configuration), bytes(code),
      ])
      #expect(measurement.text("voltage-0") == voltage)
      #expect(measurement.readings.count == 1 && measurement.faults.isEmpty)
    }

    /// 0xFF50 are -11 steps of the range over 2048.
    @Test(arguments: [
      ("c387", "ff50", "-0.022 V"), ("c387", "4000", "2.048 V"), ("c387", "7fe0", "4.092 V"),
      ("cb87", "0010", "0.000125 V"), ("c387", "8010", "-4.094 V"),
    ])
    func `codes of 12 bits`(configuration: String, code: String, voltage: String) throws {
      let measurement = try ADS1x15Tests.driver(ADS1015.self).decode([
        bytes(configuration), bytes(code),
      ])
      #expect(measurement.text("voltage-0") == voltage)
    }

    @Test func `no voltage beyond the range, and none of another chip`() throws {
      for code in ["7fff", "8000"] {
        let measurement = try ADS1x15Tests.driver(ADS1115.self).decode([
          bytes("c307"), bytes(code),
        ])
        #expect(measurement.cause("voltage-0") == "voltage is beyond the range")
      }
      for (code, cause) in [
        ("7ff0", "voltage is beyond the range"), ("8000", "voltage is beyond the range"),
        ("4001", "code has more than 12 bits, as from an ADS1115"),
      ] {
        let measurement = try ADS1x15Tests.driver(ADS1015.self).decode([
          bytes("c387"), bytes(code),
        ])
        #expect(measurement.cause("voltage-0") == cause)
      }
    }

    @Test func `each input with the register of its own conversion`() throws {
      let driver = try ADS1x15Tests.driver(ADS1115.self, ["inputs": "[2-3, 0, 3]"])
      let measurement = try driver.decode([bytes("c383 f183 b583"), bytes("4000 7fff c000")])
      #expect(measurement.readings.map(\.channel) == ["voltage-0", "voltage-2-3"])
      #expect(measurement.text("voltage-0") == "2.048 V")
      #expect(measurement.cause("voltage-3") == "voltage is beyond the range")
      #expect(measurement.text("voltage-2-3") == "-1.024 V")
      #expect(
        throws: DriverFailure.malformed(
          "configuration register 0xf183 is of another input than 2-3")
      ) { try driver.decode([bytes("c383 f183 f183"), bytes("4000 7fff c000")]) }
      #expect(throws: DriverFailure.self) { try driver.decode([bytes("c383"), bytes("4000")]) }
    }

    /// Steps of 0.125 mV.
    @Test(arguments: [
      // About the mean of 2, distances of 1, 1, 1, 1.
      ("0001 0003 0003 0001", "0.00025 V", "0.000125 V", "0.000125 V", "0.000375 V"),
      // The variance of 0, 0, 0, 1 is 3/16: the root is 0.433012702 steps.
      ("0000 0000 0000 0001", "0.00003125 V", "0.000054127 V", "0 V", "0.000125 V"),
      ("fffe fffe fffe fffe", "-0.00025 V", "0 V", "-0.00025 V", "-0.00025 V"),
      // The farthest that codes may be apart.
      ("8001 7ffe 8001 7ffe", "-0.0000625 V", "4.0958125 V", "-4.095875 V", "4.09575 V"),
    ])
    func `mean, root mean square about it, minimum and maximum of samples`(
      codes: String, mean: String, root: String, least: String, greatest: String
    ) throws {
      let driver = try ADS1x15Tests.driver(ADS1115.self, ["samples": "4"])
      let measurement = try driver.decode([bytes("42e7"), bytes(codes)])
      #expect(measurement.faults.isEmpty)
      #expect(measurement.text("voltage-0") == mean)
      #expect(measurement.text("rms-voltage") == root)
      #expect(measurement.text("minimum-voltage") == least)
      #expect(measurement.text("maximum-voltage") == greatest)
    }

    /// What a sine of 1000 steps about 2000 has, sampled 40 times in a period: 1000 / sqrt(2).
    @Test func `root mean square of a sine is its height over the root of 2`() throws {
      let quarter = [0, 156, 309, 454, 588, 707, 809, 891, 951, 988, 1000]
      let half = quarter + quarter.dropLast().reversed()
      let codes = (half.dropLast() + half.dropLast().map { -$0 }).map { 2000 + $0 }
      let driver = try ADS1x15Tests.driver(ADS1115.self, ["samples": "40"])
      let raw = codes.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      let measurement = try driver.decode([bytes("42e7"), raw])
      #expect(measurement.text("voltage-0") == "0.25 V")
      let root = try #require(measurement.nano("rms-voltage"))
      #expect((root - 88_388_348).magnitude < 20_000)
      #expect(measurement.text("minimum-voltage") == "0.125 V")
      #expect(measurement.text("maximum-voltage") == "0.375 V")
    }

    @Test func `no values where a sample is beyond the range`() throws {
      let driver = try ADS1x15Tests.driver(ADS1115.self, ["inputs": "2-3", "samples": "3"])
      let measurement = try driver.decode([bytes("3287"), bytes("0000 7fff 0000")])
      #expect(measurement.readings.isEmpty)
      #expect(
        measurement.faults.map(\.channel) == [
          "voltage-2-3", "rms-voltage", "minimum-voltage", "maximum-voltage",
        ])
      #expect(measurement.cause("rms-voltage") == "voltage is beyond the range")
    }
  }

  @Suite struct talks {
    @Test func `to identify, rest and convert once`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x80, 0x00], after: [0x02], from: address),
        .read([0x7F, 0xFF], after: [0x03], from: address),
        .write([0x01, 0x43, 0x87], to: address),
        // Input 0 against ground, 4.096 V, single shot, 128 in a second.
        .write([0x01, 0xC3, 0x87], to: address),
        .read([0xC3, 0x87], after: [0x01], from: address),
        .read([0x40, 0x00], after: [0x00], from: address),
      ])
      try driver.identify(on: &bus)
      // 1 / (0.9 x 8 Hz) and 50 us: what the slowest rate may leave.
      #expect(try driver.reset(on: &bus) == .nanoseconds(138_888_889 + 50_000))
      #expect(try driver.configure(on: &bus) == .zero)
      // 1 / (0.9 x 128 Hz) and 50 us.
      #expect(try driver.begin(on: &bus) == .nanoseconds(8_680_556 + 50_000))
      #expect(driver.conversionTime == .nanoseconds(8_730_556))
      #expect(try driver.proceed(on: &bus) == nil)
      #expect(try driver.fetch(from: &bus) == [[0xC3, 0x87], [0x40, 0x00]])
      expectPlayed(bus)
    }

    @Test(
      arguments: [
        ("0-1", "6.144 V", "128 Hz", 0x8107), ("2-3", "0.256 V", "3300 Hz", 0xBBC7),
        ("3", "1.024 V", "1600 Hz", 0xF787), ("1-3", "2.048 V", "490 Hz", 0xA547),
        ("0-3", "2.048 V", "490 Hz", 0x9547), ("[1]", "2.048 V", "490 Hz", 0xD547),
      ] as [(String, String, String, UInt16)])
    func `with the options in the register`(
      inputs: String, range: String, rate: String, word: UInt16
    ) throws {
      var driver = try ADS1x15Tests.driver(
        ADS1015.self, ["inputs": inputs, "range": range, "rate": rate])
      var bus = ScriptedI2CBus([
        .write(
          [0x01, UInt8(word >> 8), UInt8(word & 0xFF)], to: try ADS1x15Tests.address())
      ])
      _ = try driver.begin(on: &bus)
      expectPlayed(bus)
    }

    @Test func `to convert several inputs one after the other`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self, ["inputs": "[3, 0-1, 0]"])
      let address = try ADS1x15Tests.address()
      let once: [ScriptedExchange] = [
        .write([0x01, 0xC3, 0x87], to: address),
        .read([0xC3, 0x87], after: [0x01], from: address),
        .read([0x40, 0x00], after: [0x00], from: address),
        .write([0x01, 0xF3, 0x87], to: address),
        .read([0xF3, 0x87], after: [0x01], from: address),
        .read([0x20, 0x00], after: [0x00], from: address),
        .write([0x01, 0x83, 0x87], to: address),
        .read([0x83, 0x87], after: [0x01], from: address),
        .read([0xFF, 0xFF], after: [0x00], from: address),
      ]
      var bus = ScriptedI2CBus(once + once)
      #expect(driver.conversionTime == .nanoseconds(3 * 8_730_556))
      for _ in 0..<2 {
        #expect(try driver.begin(on: &bus) == .nanoseconds(8_730_556))
        #expect(try driver.proceed(on: &bus) == .nanoseconds(8_730_556))
        #expect(try driver.proceed(on: &bus) == .nanoseconds(8_730_556))
        #expect(try driver.proceed(on: &bus) == nil)
        let raw = try driver.fetch(from: &bus)
        #expect(raw == [try bytes("c387 f387 8387"), try bytes("4000 2000 ffff")])
        let values = try driver.decode(raw).readings.map { "\($0.channel) \($0.quantity)" }
        #expect(values == ["voltage-0 2.048 V", "voltage-3 1.024 V", "voltage-0-1 -0.000125 V"])
      }
      expectPlayed(bus)
    }

    @Test func `to take samples without end, and to rest after them`() throws {
      var driver = try ADS1x15Tests.driver(
        ADS1115.self, ["inputs": "0-1", "samples": "3", "rate": "860 Hz", "range": "2.048 V"])
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .write([0x01, 0x84, 0xE7], to: address),
        .read([0x00, 0x01], after: [0x00], from: address),
        .read([0x00, 0x03], after: [0x00], from: address),
        .read([0x04, 0xE7], after: [0x01], from: address),
        .read([0x00, 0x02], after: [0x00], from: address),
        .write([0x01, 0x05, 0xE7], to: address),
      ])
      // 1 / (0.9 x 860 Hz).
      #expect(driver.conversionTime == .nanoseconds(3 * 1_291_990 + 50_000))
      #expect(try driver.begin(on: &bus) == .nanoseconds(1_291_990 + 50_000))
      #expect(try driver.proceed(on: &bus) == .nanoseconds(1_291_990))
      #expect(try driver.proceed(on: &bus) == .nanoseconds(1_291_990))
      #expect(try driver.proceed(on: &bus) == nil)
      let raw = try driver.fetch(from: &bus)
      #expect(raw == [try bytes("04e7"), try bytes("0001 0003 0002")])
      #expect(try driver.decode(raw).text("voltage-0-1") == "0.000125 V")
      expectPlayed(bus)
    }

    @Test func `about the lengths of its raw bytes`() {
      #expect(
        ADS1115.specification.rawLayout.map(\.description) == [
          "register 0x01, configuration; 2 bytes for each of 'inputs'",
          "register 0x00, conversion; 2 bytes for each of 'inputs', or each of 'samples'",
        ])
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try ADS1x15Tests.driver(ADS1015.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x4B, 0x00], after: [0x02], from: address),
        .read([0x50, 0x00], after: [0x03], from: address),
      ])
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "thresholds 0x4b00 and 0x5000", expected: "0x8000 and 0x7fff")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `while it converts, where it was reset or does not answer`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self)
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x43, 0x87], after: [0x01], from: address),
        .read([0x85, 0x83], after: [0x01], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x01], reading: 2, at: address),
      ])
      for failure in [
        .notReady, .wasReset("configuration register is 0x8583, was set to 0x4387"),
        .bus(I2CFailure(.noAcknowledgeOfAddress)),
      ] as [DriverFailure] {
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
    }

    /// A start during a conversion is ignored, and the value would be another input's.
    @Test func `to begin while an earlier conversion may be going on`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self, ["inputs": "[0, 1]"])
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .write([0x01, 0xC3, 0x87], to: address),
        .read([0x43, 0x87], after: [0x01], from: address),
        .read([0x43, 0x87], after: [0x01], from: address),
        .read([0xC3, 0x87], after: [0x01], from: address),
        .write([0x01, 0xC3, 0x87], to: address),
        .write([0x01, 0x43, 0x87], to: address),
        .write([0x01, 0xC3, 0x87], to: address),
      ])
      _ = try driver.begin(on: &bus)
      #expect(throws: DriverFailure.notReady) { try driver.proceed(on: &bus) }
      #expect(throws: DriverFailure.notReady) { try driver.begin(on: &bus) }
      _ = try driver.begin(on: &bus)
      _ = try driver.reset(on: &bus)
      _ = try driver.begin(on: &bus)
      expectPlayed(bus)
    }

    @Test func `where it was reset between samples`() throws {
      var driver = try ADS1x15Tests.driver(ADS1115.self, ["samples": "2"])
      let address = try ADS1x15Tests.address()
      var bus = ScriptedI2CBus([
        .write([0x01, 0xC2, 0x87], to: address),
        .read([0x00, 0x01], after: [0x00], from: address),
        .read([0x85, 0x83], after: [0x01], from: address),
        .write([0x01, 0xC2, 0x87], to: address),
        .read([0x00, 0x01], after: [0x00], from: address),
        .read([0x42, 0x87], after: [0x01], from: address),
        .read([0x00, 0x02], after: [0x00], from: address),
        .failure(.timeout, writing: [0x01, 0x43, 0x87], at: address),
      ])
      for failure in [
        .wasReset("configuration register is 0x8583, was set to 0x4287"),
        .bus(I2CFailure(.timeout)),
      ] as [DriverFailure] {
        _ = try driver.begin(on: &bus)
        _ = try driver.proceed(on: &bus)
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
    }

    @Test func `with options that do not go together`() throws {
      for (written, message) in [
        (["rate": "100 Hz"], "8 Hz, 16 Hz, 32 Hz, 64 Hz, 128 Hz"),
        (["inputs": "[0, 2-3, 0]"], "names an input twice"),
        (["inputs": "[0, 1]", "samples": "2"], "names 2"),
      ] as [(KeyValuePairs<String, String>, String)] {
        let error = #expect(throws: (any Error).self) {
          try ADS1x15Tests.driver(ADS1115.self, written)
        }
        #expect("\(String(describing: error))".contains(message))
      }
    }
  }
}
