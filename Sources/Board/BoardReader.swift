public import Configuration
import Drivers

/// Reads a tree as a board: the option lists first, then what no single key can tell.
///
/// All errors are collected, so one run of `cairn check` shows them all.
public struct BoardReader {
  var options = OptionReader()
  var busKinds: [String: BusDeclaration] = [:]
  var channelsBySensor: [String: [ChannelReference]] = [:]
  var intervals: [String: Duration] = [:]

  private init() {}

  /// The board that a tree describes, or the errors in the order of the file.
  public static func board(
    from node: ConfigurationNode, fileSize: Int
  ) -> Result<Board, BoardFileErrors> {
    var reader = BoardReader()
    let board = reader.read(node, fileSize: fileSize)
    let diagnostics = reader.options.diagnostics.inFileOrder()
    if let board, diagnostics.isEmpty { return .success(board) }
    return .failure(BoardFileErrors(diagnostics: diagnostics))
  }

  mutating func report(_ position: Position, _ message: String, remedy: String) {
    options.report(Diagnostic(at: position, message, remedy: remedy))
  }

  private mutating func read(_ node: ConfigurationNode, fileSize: Int) -> Board? {
    guard let root = options.section(node, Board.options, called: "the board file") else {
      return nil
    }
    let buses = readBuses(root)
    let recordings = readRecordings(root)
    let isSimulated = buses.contains { $0.device.isVirtual }
    let sensors = readSensors(root, recordings: recordings)
    let kernels = readKernels(root)
    checkNames(root)
    let record = readRecord(root, fileSize: fileSize)
    let mqtt = root.section("mqtt").flatMap { readMQTT($0) }
    guard let about = root.section("board"), let name = about.text("name") else { return nil }
    if let urn = about.text("urn"), !Self.isDeviceURN(urn) {
      report(
        about.position(of: "urn"), "'\(urn)' is not a device URN",
        remedy: "write for example 'urn:dev:mac:0024befffe804ff1'")
    }
    let urn = about.text("urn") ?? "urn:dev:cairn:\(name)"
    return Board(
      name: name, urn: isSimulated ? urn + ":simulated" : urn, isSimulated: isSimulated,
      buses: buses, sensors: sensors, kernels: kernels, record: record, mqtt: mqtt,
      recordings: recordings)
  }

  private mutating func readBuses(_ root: OptionValues) -> [BusDeclaration] {
    var buses: [BusDeclaration] = []
    var virtual: (String, Position)?
    var real: (String, Position)?
    var devices: [BusDeclaration.Device: Position] = [:]
    for row in root.sections("buses") {
      let device: BusDeclaration.Device
      switch (row.values.text("device"), row.values.text("gpiochip")) {
      case (let path?, nil): device = path == "virtual" ? .virtualI2C : .i2c(path: path)
      case (nil, let chip?): device = chip == "virtual" ? .virtualLines : .lines(chip: chip)
      case (nil, nil):
        report(
          row.position, "bus '\(row.name)' has neither 'device' nor 'gpiochip'",
          remedy: "write 'device: /dev/i2c-1' or 'gpiochip: gpiochip0'")
        continue
      case (.some, .some):
        report(
          row.values.position(of: "gpiochip"), "bus '\(row.name)' has 'device' and 'gpiochip'",
          remedy: "make two buses of it")
        continue
      }
      if device.isVirtual {
        virtual = virtual ?? (row.name, row.position)
      } else {
        real = real ?? (row.name, row.position)
        if let other = devices.updateValue(row.position, forKey: device) {
          report(
            row.position, "bus '\(row.name)' is the same device as the bus in line \(other.line)",
            remedy: "name it once and put all its sensors on it")
        }
      }
      let bus = BusDeclaration(name: row.name, device: device)
      busKinds[row.name] = bus
      buses.append(bus)
    }
    if let virtual, let real {
      report(
        max(virtual.1, real.1),
        "virtual bus '\(virtual.0)' and real bus '\(real.0)' stand in one board file",
        remedy: "simulated data never carries a real identity; make two board files")
    }
    return buses
  }

  private mutating func readRecordings(_ root: OptionValues) -> [RecordingDeclaration] {
    guard let simulation = root.section("simulation") else { return [] }
    return simulation.sections("recordings").compactMap { row in
      guard let file = row.values.text("file"), let speed = row.values.number("speed") else {
        return nil
      }
      return RecordingDeclaration(
        name: row.name, file: file, position: row.values.position(of: "file"),
        start: row.values.text("start"), speed: speed)
    }
  }

  private mutating func readRecord(_ root: OptionValues, fileSize: Int) -> RecordSettings {
    let empty = ConfigurationNode(.empty, at: root.position)
    let values = root.section("record")
      ?? options.section(empty, Board.recordOptions, called: "'record'")
    let limit = 48 * 1024
    let written = values?.text("configuration")
    if written == "full", fileSize > limit {
      report(
        values?.position(of: "configuration") ?? root.position,
        "a board file of \(fileSize) bytes does not fit into an entry",
        remedy: "write 'configuration: hash', or make the file smaller than \(limit) bytes")
    }
    return RecordSettings(
      interval: values?.duration("every") ?? .seconds(10),
      checkpointInterval: values?.duration("checkpoint") ?? .seconds(60),
      includesRaw: values?.flag("raw") ?? true,
      includesConfiguration: written.map { $0 == "full" } ?? (fileSize <= limit))
  }

  private mutating func readMQTT(_ values: OptionValues) -> MQTTSettings? {
    guard let broker = values.text("broker"), let version = values.text("protocol") else {
      return nil
    }
    if values.text("certificate") != nil, values.text("key-file") == nil {
      report(
        values.position(of: "certificate"), "'certificate' stands without its key",
        remedy: "write 'key-file: ' too")
    }
    if values.text("password-file") != nil, values.text("user") == nil {
      report(
        values.position(of: "password-file"), "'password-file' stands without a user",
        remedy: "write 'user: ' too")
    }
    return MQTTSettings(
      broker: broker, brokerPosition: values.position(of: "broker"), user: values.text("user"),
      passwordFile: values.text("password-file"), authorityFile: values.text("ca"),
      certificateFile: values.text("certificate"), keyFile: values.text("key-file"),
      protocolVersion: version)
  }

  /// Sensors and kernels share the first part of record names, so a name can mean one only.
  private mutating func checkNames(_ root: OptionValues) {
    let sensors = Dictionary(
      root.rows("sensors").map { ($0.name, $0.position) }, uniquingKeysWith: { first, _ in first })
    for kernel in root.rows("kernels") {
      guard let other = sensors[kernel.name] else { continue }
      report(
        kernel.position, "'\(kernel.name)' is also the sensor in line \(other.line)",
        remedy: "give the kernel another name")
    }
  }

  private static func isDeviceURN(_ text: String) -> Bool {
    guard text.hasPrefix("urn:dev:"), text.utf8.count <= 100 else { return false }
    let rest = text.dropFirst(8)
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty }), !text.hasSuffix(":simulated")
    else { return false }
    return rest.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
    }
  }
}

/// Everything that is wrong with a board file.
public struct BoardFileErrors: Error, Hashable, Sendable {
  /// The errors, in the order of the file.
  public let diagnostics: [Diagnostic]

  /// Errors in the order of the file.
  public init(diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}

extension BusDeclaration.Device {
  /// Whether it is made of models.
  public var isVirtual: Bool {
    switch self {
    case .i2c, .lines: false
    case .virtualI2C, .virtualLines: true
    }
  }

  /// Whether it carries I2C chips.
  public var isI2C: Bool {
    switch self {
    case .i2c, .virtualI2C: true
    case .lines, .virtualLines: false
    }
  }
}
