import Buses
import BusesTesting
import Drivers
import Quantities
import Testing

@Suite struct ADE7953Tests {
  static func driver(
    _ written: KeyValuePairs<String, String> = [
      "codes-per-volt": "26000", "codes-per-ampere": "100000",
    ]
  ) throws -> ADE7953 {
    try ADE7953(options: options(ADE7953.self, written), address: try address())
  }

  static func address() throws -> I2CAddress { try #require(I2CAddress(0x38)) }

  /// The addresses of the registers of a measurement, and bytes of them.
  ///
  /// 230 V x 26000 = 5980000, 2 A x 100000 = 200000; 460 W x 26000 x 100000 / 2^24 = 71287; 50 Hz
  /// are 4474; 1000 J x 155.0 / 4862401 x 206900 = 6594.
  static let example: KeyValuePairs = [
    "022e": "000000", "0231": "000000", "010e": "117a", "021c": "5b3f60", "021a": "030d40",
    "0212": "011677", "0214": "000000", "0210": "011677", "010a": "7fff", "021e": "0019c2",
    "021b": "030d40", "0213": "fee989", "0215": "011677", "0211": "011677", "010b": "8000",
    "021f": "ffe63e",
  ]

  static func decoded(_ changed: [Int: String] = [:]) throws -> Measurement {
    var raw = example.map(\.value)
    for (index, text) in changed { raw[index] = text }
    return try driver().decode(raw.map { try bytes($0) })
  }

  @Suite struct decodes {
    @Test func `voltage, frequency and both currents`() throws {
      let measurement = try decoded()
      #expect(measurement.readings.map(\.channel) == ADE7953.specification.channels.map(\.name))
      #expect(
        measurement.readings.map(\.quantity.description) == [
          "50 Hz", "230 V", "2 A", "459.998998843 W", "0 var", "459.998998843 VA",
          "0.999969482 /", "999.967239722 J", "2 A", "-459.998998843 W", "459.998998843 var",
          "459.998998843 VA", "-1 /", "-999.967239722 J",
        ])
    }

    /// Other boards' constants for powers and energies, found by measuring: 154 codes a watt, 6.588
    /// a joule.
    @Test func `near the constants that others found`() throws {
      let watt = Double(try #require(try decoded().nano("power-a"))) / 1e9
      #expect(abs(71_287 / watt / 154 - 1) < 0.01)
      let joule = Double(try #require(try decoded().nano("energy-a"))) / 1e9
      #expect(abs(6594 / joule / 6.588 - 1) < 0.01)
    }

    @Test func `another scale for current B, to a thousandth of a code`() throws {
      let driver = try ADE7953Tests.driver([
        "codes-per-volt": "26000.5", "codes-per-ampere": "100000",
        "codes-per-ampere-b": "50000",
      ])
      let measurement = try driver.decode(example.map { try bytes($0.value) })
      #expect(measurement.text("voltage") == "229.995577008 V")
      #expect(measurement.text("current-a") == "2 A")
      #expect(measurement.text("current-b") == "4 A")
    }

    @Test(arguments: [
      (2, "0000", "frequency", "there are no zero crossings"),
      (0, "004000", "frequency", "there are no zero crossings"),
      (3, "ffffff", "voltage", "voltage is beyond the range"),
      (4, "ffffff", "current-a", "current is beyond the range"),
      (10, "ffffff", "current-b", "current is beyond the range"),
      (0, "000008", "energy-a", "energy register overflowed"),
      (1, "000008", "energy-b", "energy register overflowed"),
    ])
    func `no value where one cannot be right`(
      index: Int, word: String, channel: String, cause: String
    ) throws {
      #expect(
        try decoded([index: word]).faults == [ChannelFault(channel, cause: cause)])
    }
  }

  @Suite struct talks {
    @Test func `to identify, reset, configure and read`() throws {
      var driver = try ADE7953Tests.driver([
        "codes-per-volt": "26000", "codes-per-ampere": "100000", "gain-voltage": "2",
        "gain-a": "22", "gain-b": "16",
      ])
      let address = try ADE7953Tests.address()
      var bus = ScriptedI2CBus(
        [
          .read([0x43], after: [0x07, 0x02], from: address),
          .read([0x00, 0xE4, 0x19], after: [0x02, 0x03], from: address),
          .write([0x01, 0x02, 0x80, 0x84], to: address),
          .failure(.noAcknowledgeOfData, writing: [0x01, 0x02, 0x80, 0x84], at: address),
          .write([0x01, 0x02, 0x00, 0x04], to: address),
          .write([0x00, 0xFE, 0xAD], to: address),
          .write([0x01, 0x20, 0x00, 0x30], to: address),
          .write([0x00, 0x07, 0x01], to: address), .write([0x00, 0x08, 0x05], to: address),
          .write([0x00, 0x09, 0x04], to: address),
          .read([0x10, 0, 0], after: [0x02, 0x2E], from: address),
          .read([0, 0, 0], after: [0x02, 0x31], from: address),
          .read([0, 0, 0], after: [0x02, 0x1E], from: address),
          .read([0, 0, 0], after: [0x02, 0x1F], from: address),
          .read([0, 0, 0], after: [0x02, 0x2D], from: address),
        ]
          + (try example.map {
            .read(try bytes($0.value), after: try bytes($0.key), from: address)
          }))
      try driver.identify(on: &bus)
      #expect(try driver.reset(on: &bus) == .milliseconds(110))
      #expect(try driver.reset(on: &bus) == .milliseconds(110))
      #expect(try driver.configure(on: &bus) == .seconds(1))
      #expect(try driver.begin(on: &bus) == .zero)
      #expect(try driver.fetch(from: &bus) == example.map { try bytes($0.value) })
      expectPlayed(bus)
    }

    @Test func `by a layout that names every register`() {
      #expect(
        ADE7953.specification.rawLayout.map { String($0.contents.prefix(15)) }
          == example.map { "register 0x\($0.key)" })
      #expect(
        ADE7953.specification.rawLayout.allSatisfy { !$0.contents.hasSuffix("setting") })
    }
  }

  @Suite struct fails {
    @Test func `where another chip answers`() throws {
      var driver = try ADE7953Tests.driver()
      let address = try ADE7953Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x00], after: [0x07, 0x02], from: address),
        .read([0x00, 0xE4, 0x19], after: [0x02, 0x03], from: address),
        .read([0x18], after: [0x07, 0x02], from: address),
        .read([0x18, 0x18, 0x18], after: [0x02, 0x03], from: address),
      ])
      for found in ["version 0x00, threshold 0x00 0xe4 0x19", "version 0x18, threshold 0x18 0x18"] {
        let error = #expect(throws: DriverFailure.self) { try driver.identify(on: &bus) }
        #expect(error?.description.hasPrefix("identity is \(found)") == true)
      }
      expectPlayed(bus)
    }

    @Test func `where it was reset or does not answer`() throws {
      var driver = try ADE7953Tests.driver()
      let address = try ADE7953Tests.address()
      var bus = ScriptedI2CBus([
        .read([0x10, 0x00, 0x00], after: [0x02, 0x2D], from: address),
        .failure(.timeout, writing: [0x02, 0x2D], reading: 3, at: address),
        .failure(.timeout, writing: [0x01, 0x02, 0x80, 0x84], at: address),
      ])
      #expect(throws: DriverFailure.wasReset("reset flag is set")) {
        try driver.fetch(from: &bus)
      }
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) { try driver.fetch(from: &bus) }
      #expect(throws: DriverFailure.bus(I2CFailure(.timeout))) { try driver.reset(on: &bus) }
      expectPlayed(bus)
    }
  }
}
