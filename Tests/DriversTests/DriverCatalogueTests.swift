import Buses
import Configuration
import Drivers
import Quantities
import Testing

/// What holds for every driver, so that a new one is held to it by being in the catalogue.
@Suite struct DriverCatalogueTests {
  static let names = DriverCatalogue.all.map { $0.specification.name }

  /// Calibration of the chips that have some.
  static let calibrations = [
    "bme280": "106e6c6632005d95b8d5d00b771e9dfff9ffac260ad8bd10004b6e01001305001e",
    "bme680": BME68xTests.trimming, "bme688": BME68xTests.trimming,
    "bmp280": BMP280Tests.trimming, "dps310": DPS310Tests.coefficients,
  ]

  static func type(_ name: String) throws -> any SensorDriver.Type {
    try #require(DriverCatalogue.driver(named: name))
  }

  /// A driver that can decode: with trimming, where that comes from the chip.
  static func ready(_ name: String) throws -> any SensorDriver {
    var driver = try standardDriver(try type(name))
    if let calibration = calibrations[name] {
      try driver.restore(calibration: bytes(calibration))
    }
    return driver
  }

  @Test func `drivers are sorted by name and no name stands twice`() {
    #expect(Self.names == Self.names.sorted())
    #expect(Set(Self.names).count == Self.names.count)
    #expect(DriverCatalogue.driver(named: "bmp18") == nil)
  }

  @Test(arguments: names)
  func `a driver says what it is`(name: String) throws {
    let specification = try Self.type(name).specification
    #expect(specification.revision >= 1)
    #expect(!specification.summary.isEmpty)
    #expect(!specification.datasheet.isEmpty)
    #expect(!specification.rawLayout.isEmpty)
    for string in specification.rawLayout {
      #expect(string.count > 0)
      #expect(!string.contents.isEmpty)
    }
    switch specification.attachment {
    case .i2c(let addresses):
      #expect(!addresses.isEmpty)
      #expect(Set(addresses).count == addresses.count)
      #expect(DriverCatalogue.i2c.contains { $0.specification.name == name })
    case .line:
      #expect(DriverCatalogue.line.contains { $0.specification.name == name })
    case .kernel(let subsystem):
      #expect(DriverCatalogue.kernel.contains { $0.specification.name == name })
      #expect(subsystem.rawValue == name)
    }
  }

  @Test(arguments: names)
  func `every channel has a name, a unit, help and a sensible range`(name: String) throws {
    let channels = try Self.type(name).specification.channels
    #expect(!channels.isEmpty)
    #expect(Set(channels.map(\.name)).count == channels.count)
    for channel in channels {
      #expect(Self.isName(channel.name), "\(channel.name)")
      #expect(!channel.unit.code.isEmpty)
      #expect(!channel.help.isEmpty)
      #expect(!channel.help.hasSuffix("."))
      #expect(channel.resolution >= 0)
      if let range = channel.range { #expect(range.lowerBound < range.upperBound) }
    }
  }

  @Test(arguments: names)
  func `every stimulus is a channel`(name: String) throws {
    let specification = try Self.type(name).specification
    for stimulus in specification.stimuli {
      #expect(specification.channels.contains { $0.name == stimulus })
    }
  }

  @Test(arguments: names)
  func `every option has help and a default that its own kind reads`(name: String) throws {
    let type = try Self.type(name)
    let options = type.specification.options
    #expect(Set(options.map(\.name)).count == options.count)
    for option in options {
      #expect(Self.isName(option.name), "\(option.name)")
      #expect(!option.help.isEmpty)
      #expect(!option.help.hasSuffix("."))
    }
    // Reports any default that does not parse, and any conflict among the defaults.
    _ = try standardDriver(type)
  }

  @Test(arguments: names)
  func `every word of a choice makes a driver`(name: String) throws {
    let type = try Self.type(name)
    for option in type.specification.options {
      let words: [String]
      switch option.kind {
      case .choice(let choice), .list(.choice(let choice)): words = choice
      default: continue
      }
      for word in words {
        let values = try standardOptions(type, [option.name: word])
        if let chip = type as? any I2CSensor.Type {
          let address = try #require(I2CAddress(0x40))
          #expect(try chip.init(options: values, address: address).conversionTime > .zero)
        } else if let line = type as? any LineSensor.Type {
          #expect(try line.init(options: values).conversionTime == .zero)
        }
      }
    }
  }

  @Test(arguments: names)
  func `bytes of the wrong number or length are malformed`(name: String) throws {
    let driver = try Self.ready(name)
    let lengths = try Self.type(name).specification.rawLayout.map(\.count)
    let right = lengths.map { [UInt8](repeating: 0, count: $0) }
    var wrong: [[[UInt8]]] = [[], right + [[]], right + [[0]], right.dropLast()]
    for index in right.indices {
      var longer = right
      longer[index].append(0)
      var shorter = right
      shorter[index].removeLast()
      wrong += [longer, shorter]
    }
    for raw in wrong {
      let error = #expect(throws: DriverFailure.self) { try driver.decode(raw) }
      guard case .malformed = error else {
        Issue.record("\(String(describing: error)) for \(raw)")
        continue
      }
    }
  }

  @Test(arguments: names)
  func `any bytes decode to every channel once, or are refused`(name: String) throws {
    let driver = try Self.ready(name)
    let lengths = try Self.type(name).specification.rawLayout.map(\.count)
    let channels = try Self.type(name).specification.channels
    var generator = SteadyGenerator(seed: 1)
    var decoded = 0
    for _ in 0..<400 {
      var raw = lengths.map { generator.bytes($0) }
      // Half of the time with right checksums, and with small counts, to get behind the guards.
      if Bool.random(using: &generator) {
        raw = raw.map { repaired($0, driver: name) }
        if name == "zero-crossing" {
          for index in [8, 16, 17] { raw[0][index] = 0 }
          raw[0][0] |= 1
          raw[0][9] |= 1
        }
      }
      do {
        let measurement = try driver.decode(raw)
        decoded += 1
        let named =
          measurement.readings.map(\.channel) + measurement.faults.map(\.channel)
        #expect(Set(named).count == named.count)
        for reading in measurement.readings {
          let channel = try #require(channels.first { $0.name == reading.channel })
          #expect(reading.quantity.unit == channel.unit)
        }
        let expected = channels.map(\.name).filter { channel in
          // Without an option, or an item in it, these never have a value.
          let needed = channels.first { $0.name == channel }
          // Of the kernel's devices, the bytes themselves say which channels are read.
          return needed?.neededOption == nil || needed?.neededItem == "0"
            || DriverCatalogue.kernel.contains { $0.specification.name == name }
        }
        #expect(Set(named) == Set(expected))
        #expect(
          expected.filter(measurement.readings.map(\.channel).contains)
            == measurement.readings.map(\.channel))
      } catch let failure as DriverFailure {
        switch failure {
        case .malformed, .checksum: break
        default: Issue.record("\(failure)")
        }
      }
    }
    #expect(decoded > 20)
  }

  @Test(arguments: names)
  func `the same bytes decode alike with calibration restored elsewhere`(name: String) throws {
    let first = try Self.ready(name)
    var second = try standardDriver(try Self.type(name))
    try second.restore(calibration: first.calibration ?? [])
    #expect(second.calibration == first.calibration)
    let lengths = try Self.type(name).specification.rawLayout.map(\.count)
    var generator = SteadyGenerator(seed: 2)
    for _ in 0..<300 {
      let raw = lengths.map { generator.bytes($0) }
      let one = Result { try first.decode(raw) }
      let other = Result { try second.decode(raw) }
      switch (one, other) {
      case (.success(let left), .success(let right)): #expect(left == right)
      case (.failure(let left), .failure(let right)): #expect("\(left)" == "\(right)")
      default: Issue.record("\(one) and \(other) for \(raw)")
      }
    }
  }

  @Test(arguments: names)
  func `calibration of any length or content is taken or refused`(name: String) throws {
    var driver = try standardDriver(try Self.type(name))
    var generator = SteadyGenerator(seed: 3)
    for count in 0...64 {
      for _ in 0..<20 {
        let calibration = generator.bytes(count)
        do {
          try driver.restore(calibration: calibration)
          #expect((driver.calibration ?? []) == calibration)
        } catch {
          guard case .malformed = error else {
            Issue.record("\(error)")
            continue
          }
        }
      }
    }
  }

  /// A lower-case letter, then lower-case letters, digits and single hyphens.
  private static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil && text.count <= 32
  }
}
