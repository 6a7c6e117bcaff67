import Board
import BoardYAML
import Buses
import Configuration
import Drivers
import Quantities
import Testing

private let small = """
  board: { name: cellar }
  buses:
    i2c-1: { device: /dev/i2c-1 }
    header: { gpiochip: gpiochip0 }
  sensors:
    air: { driver: bme280, on: i2c-1, every: 10 s }
    meter: { driver: pulse-counter, on: header, line: 17, every: 2 s }

  """

private let driverNames = DriverCatalogue.all.map { $0.specification.name }

@Suite struct BoardReaderTests {
  @Test func `a small file gets its defaults`() throws {
    let board = try board(small)
    #expect(board.name == "cellar")
    #expect(board.urn == "urn:dev:cairn:cellar")
    #expect(!board.isSimulated)
    #expect(board.buses.map(\.name) == ["i2c-1", "header"])
    #expect(board.buses.map(\.device) == [.i2c(path: "/dev/i2c-1"), .lines(chip: "gpiochip0")])
    #expect(board.kernels.isEmpty && board.mqtt == nil && board.recordings.isEmpty)
    #expect(board.record.interval == .seconds(10))
    #expect(board.record.checkpointInterval == .seconds(60))
    #expect(board.record.includesRaw && board.record.includesConfiguration)
    let air = try #require(board.sensors.first)
    guard case .i2c(_, let address) = air.part else {
      Issue.record("the chip is on no bus")
      return
    }
    #expect(address.rawValue == 0x76)
    #expect(air.interval == .seconds(10))
    #expect(air.channels.isEmpty && air.stimuli.isEmpty)
    guard case .line(_, let settings) = board.sensors[1].part else {
      Issue.record("the meter is on no line")
      return
    }
    #expect(settings.offset == 17 && settings.bias == .asIs && !settings.isActiveLow)
  }

  @Test func `what is written is what the board does`() throws {
    let board = try board(
      """
      board: { name: cellar, urn: "urn:dev:mac:0024befffe804ff1" }
      buses: { b: { device: virtual }, h: { gpiochip: virtual } }
      sensors:
        supply:
          driver: ina226
          on: b
          address: 0x45
          every: 250 ms
          shunt: 10 mohm
          simulate: { voltage: weather.u * 2, current: 1 }
        meter: { driver: pulse-counter, on: h, line: 3, bias: up, active-low: yes, every: 1 min, simulate: { rate: 1 } }
      kernels:
        low: { kind: threshold, of: [supply.current, supply.voltage], below: 5, release: 6, for: 1 s }
        all: { kind: statistics, of: supply.*, window: 1 min }
      record: { every: 500 ms, checkpoint: 2 min, raw: no, configuration: hash }
      mqtt:
        broker: mqtts://broker.example
        user: cellar
        password-file: /p
        ca: /ca
        certificate: /c
        key-file: /k
        protocol: 3.1.1
      simulation: { recordings: { weather: { file: w.csv, start: "2025-01-01", speed: 2.5 } } }
      """)
    #expect(board.isSimulated)
    #expect(board.urn == "urn:dev:mac:0024befffe804ff1:simulated")
    #expect(board.buses.map(\.device) == [.virtualI2C, .virtualLines])
    #expect(board.sensors.map(\.interval) == [.milliseconds(250), .seconds(60)])
    guard case .i2c(_, let address) = board.sensors[0].part,
      case .line(_, let settings) = board.sensors[1].part
    else {
      Issue.record("parts are in wrong places")
      return
    }
    #expect(address.rawValue == 0x45)
    #expect(settings.offset == 3 && settings.bias == .pullUp && settings.isActiveLow)
    #expect(board.sensors[0].stimuli["voltage"]?.text == "weather.u * 2")
    #expect(
      board.kernels[0].inputs.map(\.description) == ["supply.current", "supply.voltage"])
    #expect(board.kernels[0].inputs.map(\.unit) == [.ampere, .volt])
    #expect(
      board.kernels[1].inputs.map(\.channel) == ["voltage", "shunt-voltage", "current", "power"])
    #expect(
      board.kernels[0].parameters.map { "\($0.name)=\($0.text)" } == [
        "below=5", "for=1 s", "of=[supply.current, supply.voltage]", "release=6", "release-for=0 s",
      ])
    #expect(board.record.interval == .milliseconds(500))
    #expect(board.record.checkpointInterval == .seconds(120))
    #expect(!board.record.includesRaw && !board.record.includesConfiguration)
    let mqtt = try #require(board.mqtt)
    #expect(mqtt.broker == "mqtts://broker.example" && mqtt.protocolVersion == "3.1.1")
    #expect(mqtt.user == "cellar" && mqtt.passwordFile == "/p" && mqtt.authorityFile == "/ca")
    #expect(mqtt.certificateFile == "/c" && mqtt.keyFile == "/k")
    let recording = try #require(board.recordings.first)
    #expect(recording.file == "w.csv" && recording.start == "2025-01-01")
    #expect(recording.speed == 2_500_000_000)
  }

  @Test func `the configuration goes into the log up to 48 KiB`() throws {
    let limit = 48 * 1024
    func padded(_ size: Int, _ record: String = "") -> String {
      let text = small + record
      return text + String(repeating: "#", count: size - text.utf8.count - 1) + "\n"
    }
    #expect(try board(padded(limit)).record.includesConfiguration)
    #expect(try !board(padded(limit + 1)).record.includesConfiguration)
    #expect(
      try board(padded(limit, "record: { configuration: full }\n")).record.includesConfiguration)
    #expect(
      try errors(padded(limit + 1, "record: { configuration: full }\n")) == [
        "f:8:26: error: a board file of 49153 bytes does not fit into an entry;"
          + " write 'configuration: hash', or make the file smaller than 49152 bytes"
      ])
  }

  @Test(arguments: [
    ("urn:dev:mac:0024befffe804ff1", true), ("urn:dev:ow:10e2073a01080063", true),
    ("urn:dev:org:32473-foo_bar.1", true), ("urn:dev:cairn:cellar:simulated", false),
    ("urn:dev:mac:", false), ("urn:dev:", false), ("urn:dev:mac", false), ("urn:uuid:1", false),
    ("urn:dev:mac:00:", false), ("urn:dev:MAC:00", false), ("urn:dev:mac:0 0", false),
    ("urn:dev:mac:\(String(repeating: "0", count: 88))", true),
    ("urn:dev:mac:\(String(repeating: "0", count: 89))", false),
  ])
  func `device names are device URNs of at most 100 bytes`(_ urn: String, _ isRight: Bool) throws {
    let lines = try errors(
      small.replacing("name: cellar", with: "name: cellar, urn: '\(urn)'"))
    #expect(lines.isEmpty == isRight)
  }

  @Test func `a device of the kernel needs no bus, and its channels are those that are written`()
    throws
  {
    let board = try board(
      """
      board: { name: cellar }
      sensors:
        cpu: { driver: hwmon, device: coretemp, every: 10 s, temperature: "Package id 0" }
        supply: { driver: hwmon, device: ina219@1-0040, every: 1 s, voltage: in1, power: power1 }
        air: { driver: iio, device: bme280, every: 10 s, temperature: temp, pressure: pressure }
      kernels: { all: { kind: statistics, of: [supply.*, air.*], window: 1 min } }
      """)
    #expect(board.buses.isEmpty && !board.isSimulated)
    #expect(
      board.sensors.map(\.place) == [
        "hwmon device 'coretemp'", "hwmon device 'ina219@1-0040'", "iio device 'bme280'",
      ])
    #expect(board.sensors.allSatisfy { $0.bus == nil && $0.power == nil })
    guard case .kernel(_, let device) = board.sensors[1].part else {
      Issue.record("the supply is no device of the kernel")
      return
    }
    #expect(device == KernelDeviceName(.hwmon, name: "ina219", parent: "1-0040"))
    #expect(
      board.kernels[0].inputs.map(\.description)
        == ["supply.voltage", "supply.power", "air.temperature", "air.pressure"])
  }

  @Test func `a device of the kernel stands beside chips on a bus`() throws {
    let board = try board(
      small.replacing(
        "  meter:",
        with: "  cpu: { driver: hwmon, device: coretemp, every: 10 s, temperature: temp1 }\n"
          + "  meter:"))
    #expect(board.sensors.map(\.bus) == ["i2c-1", nil, "header"])
    #expect(board.sensors.map(\.place) == ["bus i2c-1", "hwmon device 'coretemp'", "bus header"])
  }

  @Test func `one slip in a board of the kernel's devices is one error`() throws {
    for (written, error) in [
      ("driver: hwmn", "f:2:25: error: unknown driver 'hwmn'; did you mean 'hwmon'?"),
      (
        "driver: hwmon, on: b",
        "f:2:32: error: 'on' must not stand in 's' (driver hwmon);"
          + " remove it, for the kernel knows the chip's bus"
      ),
    ] {
      let text = """
        board: { name: a }
        sensors: { s: { \(written), device: coretemp, every: 1 s, temperature: temp1 } }
        """
      #expect(try errors(text) == [error])
    }
  }

  @Test func `a kernel may listen to several sensors, each channel once`() throws {
    let board = try board(
      small + "kernels: { k: { kind: statistics, of: [air.*, meter.rate], window: 10 s } }\n")
    #expect(
      board.kernels[0].inputs.map(\.description)
        == ["air.temperature", "air.humidity", "air.pressure", "meter.rate"])
    #expect(
      try errors(
        small + "kernels: { k: { kind: statistics, of: [air.*, air.pressure], window: 10 s } }\n")
        == [
          "f:8:47: error: channel 'air.pressure' is named twice; name each channel once"
        ])
  }

  @Test func `a window as long as the interval is long enough, a shorter one is not`() throws {
    let kernel = "kernels: { k: { kind: statistics, of: air.humidity, window: WINDOW } }\n"
    #expect(try errors(small + kernel.replacing("WINDOW", with: "10 s")).isEmpty)
    #expect(
      try errors(small + kernel.replacing("WINDOW", with: "9.999 s")) == [
        "f:8:61: error: 'window' is shorter than the 10 s between two measurements of 'air';"
          + " write a longer window, or measure more often"
      ])
  }

  @Test func `an interval as long as the conversion is long enough, a shorter one is not`() throws {
    // BST-BME280-DS002 section 9.1: 1.25 + 3 x 2.3 x 4 + 2 x 0.575 ms.
    let oversampled = small.replacing(
      "every: 10 s",
      with: "every: TIME, temperature-oversampling: 4, humidity-oversampling: 4,"
        + " pressure-oversampling: 4")
    #expect(try errors(oversampled.replacing("TIME", with: "30 ms")).isEmpty)
    let lines = try errors(oversampled.replacing("TIME", with: "29.9 ms"))
    #expect(
      lines == [
        "f:6:44: error: 'every' is shorter than the 30 ms that a measurement takes;"
          + " write a longer time, or options that measure faster"
      ])
  }

  @Test func `a chip may have the address of another on another bus`() throws {
    let text = """
      board: { name: a }
      buses: { b: { device: /dev/i2c-1 }, c: { device: /dev/i2c-2 } }
      sensors:
        x: { driver: sht3x, on: b, every: 1 s }
        y: { driver: sht3x, on: c, every: 1 s }
      """
    #expect(try board(text).sensors.count == 2)
    #expect(
      try errors(text.replacing("on: c", with: "on: b")) == [
        "f:5:3: error: address 0x44 on 'b' is used by 'x' in line 4;"
          + " give one of them another address"
      ])
  }

  @Test func `a valid range is checked against what the chip can say, after calibration`() throws {
    func lines(_ channel: String) throws -> [String] {
      try errors(
        small.replacing("every: 10 s", with: "every: 10 s, channels: { pressure: \(channel) }"))
    }
    #expect(try lines("{ valid: 85000..110000 }").isEmpty)
    #expect(try lines("{ valid: 110000..120000 }").isEmpty)
    #expect(try lines("{ valid: 850..1100 }").count == 1)
    #expect(try lines("{ valid: 110000.1..120000 }").count == 1)
    // In hectopascal after a calibration.
    #expect(try lines("{ calibrate: { scale: 0.01 }, valid: 850..1100 }").isEmpty)
    #expect(try lines("{ calibrate: { scale: -1 }, valid: -1100..-850 }").count == 1)
    #expect(try lines("{ calibrate: { scale: -1 }, valid: -110000..-85000 }").isEmpty)
  }

  @Test func `what is not there because of an error is not missed`() throws {
    #expect(
      try errors(
        """
        board: { name: a }
        buses: { b: { device: i2c-1 } }
        sensors: { s: { driver: nonsense, on: b, every: 1 s } }
        kernels: { k: { kind: statistics, of: s.x, window: 1 min } }
        """
      ).map { $0.split(separator: " ").first } == ["f:2:23:", "f:3:25:"])
  }

  @Test func `surroundings are there in spite of errors elsewhere`() throws {
    let text = """
      board: { name: A }
      buses: { b: { device: virtual } }
      sensors: { s: { driver: sht3x, on: b, every: 1, simulate: { temperature: w.t, humidity: 5 } } }
      simulation: { recordings: { w: { file: w.csv }, x: { file: x.csv, speed: 0 } } }
      mqtt: { broker: mqtt://broker.example }
      """
    let node = try #require(BoardYAML.node(parsing: Array(text.utf8)).node)
    let reading = BoardReader.reading(of: node, fileSize: text.utf8.count)
    #expect(reading.board == nil)
    #expect(reading.diagnostics.count == 3)
    let surroundings = try #require(reading.surroundings)
    #expect(surroundings.mqtt?.broker == "mqtt://broker.example")
    #expect(surroundings.recordings.map(\.name) == ["w"])
    #expect(surroundings.recordingNames == ["w", "x"])
    #expect(surroundings.stimuli.map(\.text) == ["w.t", "5"])
  }

  @Test(arguments: driverNames)
  func `every driver can be put on a board with what its keys say`(_ name: String) throws {
    let driver = try #require(DriverCatalogue.driver(named: name))
    let keys = driver.specification.options.filter { $0.absence == .required }
      .map { ", \($0.name): \($0.kind.example)" }.joined()
    let place =
      switch driver.specification.attachment {
      case .i2c: "on: b"
      case .line: "on: h, line: 1"
      // Without a channel there would be nothing to read.
      case .kernel: "device: x, temperature: label"
      }
    let board = try board(
      """
      board: { name: a }
      buses: { b: { device: /dev/i2c-1 }, h: { gpiochip: gpiochip0 } }
      sensors: { s: { driver: \(name), \(place), every: 1 min\(keys) } }
      """)
    #expect(board.sensors.first?.specification.name == name)
  }

  @Test func `no bytes make the readers trap`() throws {
    let text = try Repository.text("boards/demo.yaml")
    var generator = SplitMix(state: 4)
    let pieces = Array("{}[]:,#-\"' \n0x%&*!|>ab".utf8)
    for _ in 0..<400 {
      var bytes = Array(text.utf8)
      for _ in 0..<generator.next() % 4 + 1 {
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = pieces[Int(generator.next() % UInt64(pieces.count))]
        default: bytes.insert(pieces[Int(generator.next() % UInt64(pieces.count))], at: place)
        }
      }
      let (node, syntax) = BoardYAML.node(parsing: bytes)
      guard let node else {
        #expect(!syntax.isEmpty)
        continue
      }
      let reading = BoardReader.reading(of: node, fileSize: bytes.count)
      #expect((reading.board == nil) == !reading.diagnostics.isEmpty)
      for diagnostic in reading.diagnostics {
        #expect(!diagnostic.message.isEmpty && !diagnostic.remedy.isEmpty)
        #expect(diagnostic.position >= Position(line: 1, column: 1))
        #expect(!diagnostic.line(in: "f").contains("\n"))
      }
    }
  }
}

/// A small generator with a seed, so that a failure comes again.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
