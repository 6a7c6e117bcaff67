import Buses
import BusesTesting
import Configuration
import Drivers
import Quantities
import Testing

@Suite struct INA23xTests {
  /// The load of the data sheet's example (SLYS021A section 8.2.2), 6 A at 48 V for an hour, with
  /// 16.2 milliohm.
  ///
  /// Bus 48 V / 195.3125 uV = 245760 and shunt 97.2 mV / 312.5 nV = 311040, both times 16; 25 Cel
  /// / 7.8125 mK = 3200; the current register counts like the shunt's. A step of current is 312.5
  /// nV / 16.2 mohm, so power is 288 W / 3.2 / step = 4665600, energy 1036800 J / 51.2 / step =
  /// 1049760000, charge 21600 C / step = 1119744000.
  static let example = [
    "8003", "4bf000", "3c0000", "0c80", "4bf000", "473100", "003e921100", "0042bdf000",
  ]

  static func driver<Chip: INA23xChip>(
    _ type: INA23x<Chip>.Type, _ written: KeyValuePairs<String, String> = ["shunt": "16.2 mohm"]
  ) throws -> INA23x<Chip> {
    try type.init(options: options(type, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x40)) }

  static func decoded<Chip: INA23xChip>(
    _ type: INA23x<Chip>.Type, _ raw: [String],
    _ written: KeyValuePairs<String, String> = ["shunt": "16.2 mohm"]
  ) throws -> Measurement {
    try driver(type, written).decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    @Test func `the data sheet's load with 20 bits`() throws {
      let measurement = try decoded(INA228.self, example)
      #expect(measurement.readings.map(\.channel) == INA228.specification.channels.map(\.name))
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "48 V", "0.0972 V", "6 A", "288 W", "25 Cel", "1036800 J", "21600 C",
        ])
    }

    /// Bus 48 V / 3.125 mV = 15360, shunt 97.2 mV / 5 uV = 19440, 25 Cel / 125 mK = 200 times 16,
    /// power 288 W / (0.2 x 5 uV / 16.2 mohm) = 4665600.
    @Test func `the data sheet's load with 16 bits`() throws {
      for type in [INA237.self, INA238.self] as [any I2CSensor.Type] {
        let driver = try type.init(
          options: options(type, ["shunt": "16.2 mohm"]), address: try address())
        let measurement = try driver.decode(
          ["8003", "4bf0", "3c00", "0c80", "4bf0", "473100"].map { try bytes($0) })
        #expect(
          measurement.readings.map(\.quantity.description) == [
            "48 V", "0.0972 V", "6 A", "288 W", "25 Cel",
          ])
      }
    }

    @Test func `the smaller range, backwards and below zero`() throws {
      let small: KeyValuePairs = ["shunt": "0.3 ohm", "shunt-range": "40.96 mV"]
      let wide = try decoded(
        INA228.self,
        ["8003", "fffff0", "000010", "fffe", "fffff0", "000001", "0000000001", "ffffffffff"], small)
      #expect(
        wide.readings.map(\.quantity.description) == [
          "0.000195313 V", "-0.000000078 V", "-0.00000026 A", "0.000000833 W", "-0.015625 Cel",
          "0.000013333 J", "-0.00000026 C",
        ])
      let narrow = try decoded(
        INA238.self, ["8003", "8001", "0001", "fff0", "8001", "000001"], small)
      #expect(
        narrow.readings.map(\.quantity.description) == [
          "0.003125 V", "-0.04095875 V", "-0.136529167 A", "0.000000833 W", "-0.125 Cel",
        ])
    }

    @Test(arguments: ["7ffff0", "800000"])
    func `no values beyond the ranges`(word: String) throws {
      let measurement = try decoded(
        INA228.self, ["8003", word, word, "0c80", "4bf000", "473100"] + example.suffix(2))
      #expect(measurement.readings.map(\.channel) == ["temperature", "energy", "charge"])
      #expect(measurement.cause("voltage") == "bus voltage is beyond the range")
      #expect(measurement.cause("power") == "shunt voltage is beyond the range")
    }

    @Test func `no values that overflowed`() throws {
      let flags = try decoded(INA228.self, ["8e03"] + example.dropFirst())
      #expect(flags.readings.map(\.channel) == ["voltage", "shunt-voltage", "temperature"])
      #expect(flags.cause("current") == "arithmetic overflow flag is set")
      #expect(flags.cause("energy") == "energy register overflowed")
      #expect(flags.cause("charge") == "charge register overflowed")
    }
  }

  @Suite struct talks {
    @Test func `to set up the chip that runs without end, and to measure`() throws {
      var driver = try INA23xTests.driver(INA228.self)
      let address = try INA23xTests.address()
      let raw = try example.map { try bytes($0) }
      var bus = ScriptedI2CBus(
        [
          .read([0x54, 0x49], after: [0x3E], from: address),
          .read([0x22, 0x81], after: [0x3F], from: address),
          .write([0x00, 0x80, 0x00], to: address),
          .write([0x00, 0x00, 0x00], to: address),
          .write([0x02, 0x10, 0x00], to: address),
          .write([0x0B, 0x80, 0x00], to: address),
          // Mode 15, 1052 us three times, 16 samples.
          .write([0x01, 0xFB, 0x6A], to: address),
          .read([0x80, 0x03], after: [0x0B], from: address),
        ]
          + raw.dropFirst().enumerated().map {
            .read($1, after: [UInt8($0 + 4)], from: address)
          })
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(1))
      #expect(try driver.configure(on: &bus) == .zero)
      // 3 x 16 x 1.052 ms and 2 %.
      #expect(driver.conversionTime == .microseconds(51_506))
      #expect(try driver.begin(on: &bus) == .microseconds(51_506))
      #expect(try driver.fetch(from: &bus) == raw)
      expectPlayed(bus)
    }

    @Test func `to measure once`() throws {
      var driver = try INA23xTests.driver(
        INA238.self,
        [
          "shunt": "1 ohm", "shunt-range": "40.96 mV", "averaging": "1", "conversion-time": "50 us",
        ])
      let address = try INA23xTests.address()
      let raw = try ["8003", "4bf0", "3c00", "0c80", "4bf0", "473100"].map { try bytes($0) }
      var bus = ScriptedI2CBus(
        [
          .read([0x54, 0x49], after: [0x3E], from: address),
          .read([0x23, 0x81], after: [0x3F], from: address),
          .write([0x00, 0x00, 0x10], to: address),
          .write([0x02, 0x10, 0x00], to: address),
          .write([0x0B, 0x80, 0x00], to: address),
          .write([0x01, 0x70, 0x00], to: address),
          .read([0x80, 0x03], after: [0x0B], from: address),
        ]
          + raw.dropFirst().enumerated().map {
            .read($1, after: [UInt8($0 + 4)], from: address)
          })
      try driver.identify(on: &bus)
      #expect(try driver.configure(on: &bus) == .zero)
      #expect(try driver.begin(on: &bus) == .microseconds(153))
      #expect(try driver.fetch(from: &bus) == raw)
      expectPlayed(bus)
    }

    @Test(arguments: [[0x23, 0x71], [0x23, 0x81], [0x00, 0x00], [0xFF, 0xFF]] as [[UInt8]])
    func `to the chip whose data sheet has no device register`(device: [UInt8]) throws {
      var driver = try INA23xTests.driver(INA237.self)
      let address = try INA23xTests.address()
      var bus = ScriptedI2CBus([
        .read([0x54, 0x49], after: [0x3E], from: address),
        .read(device, after: [0x3F], from: address),
      ])
      try driver.identify(on: &bus)
      expectPlayed(bus)
    }
  }

  @Suite struct fails {
    @Test func `where another maker's or another chip answers`() throws {
      var driver = try INA23xTests.driver(INA237.self)
      let address = try INA23xTests.address()
      var bus = ScriptedI2CBus([
        .read([0x00, 0x60], after: [0x3E], from: address),
        .read([0x54, 0x49], after: [0x3E], from: address),
        .read([0x22, 0x81], after: [0x3F], from: address),
      ])
      #expect(throws: DriverFailure.wrongIdentity(found: "maker 0x0060", expected: "0x5449")) {
        try driver.identify(on: &bus)
      }
      #expect(
        throws: DriverFailure.wrongIdentity(
          found: "device 0x2281", expected: "0x2370 or 0x2380 or 0x0000 or 0xfff0")
      ) { try driver.identify(on: &bus) }
      expectPlayed(bus)
    }

    @Test func `while it measures, where it was reset, is damaged or does not answer`() throws {
      var driver = try INA23xTests.driver(INA228.self)
      let address = try INA23xTests.address()
      var bus = ScriptedI2CBus([
        .read([0x80, 0x01], after: [0x0B], from: address),
        .read([0x00, 0x01], after: [0x0B], from: address),
        .read([0x80, 0x02], after: [0x0B], from: address),
        .failure(.noAcknowledgeOfAddress, writing: [0x0B], reading: 2, at: address),
      ])
      for failure in [
        .notReady, .wasReset("diagnostic register is 0x0001"), .checksum("the chip's trim memory"),
        .bus(I2CFailure(.noAcknowledgeOfAddress)),
      ] as [DriverFailure] {
        #expect(throws: failure) { try driver.fetch(from: &bus) }
      }
      expectPlayed(bus)
      #expect(throws: DriverFailure.checksum("the chip's trim memory")) {
        try decoded(INA228.self, ["8002"] + example.dropFirst())
      }
    }
  }
}
