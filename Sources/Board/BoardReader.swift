public import Configuration
import Drivers

/// Reads a tree as a board: the option lists first, then what no single key can tell.
///
/// All errors are collected, so one run of `cairn check` shows them all. What follows from a
/// mistake that was reported already is not reported again.
public struct BoardReader {
  var options = OptionReader()
  /// All buses that have a name, right or wrong.
  var busNames: [String] = []
  var busKinds: [String: BusDeclaration] = [:]
  /// All sensors that have a name, right or wrong.
  var sensorNames: [String] = []
  /// All kernels that have a name, right or wrong.
  var kernelNames: [String] = []
  /// The columns of a table, where kernels run over one and not over sensors.
  var columns: [ChannelReference]?
  var channelsBySensor: [String: [ChannelReference]] = [:]
  /// The outputs of each kernel without an error.
  var kernelOutputs: [String: [String]] = [:]
  /// The channels that have no value with the options of their sensors, as `sensor.channel`.
  var missingChannels: [String: MissingChannel] = [:]
  var intervals: [String: Duration] = [:]
  var stimuli: [StimulusText] = []
  var powers: [NamedPower] = []
  var playbacks: [PlaybackText] = []

  init() {}

  /// The board that a tree describes, or the errors in the order of the file.
  public static func board(
    from node: ConfigurationNode, fileSize: Int
  ) -> Result<Board, BoardFileErrors> {
    let reading = reading(of: node, fileSize: fileSize)
    if let board = reading.board { return .success(board) }
    return .failure(BoardFileErrors(diagnostics: reading.diagnostics))
  }

  /// What a tree means, as far as it can be understood, and all that is wrong with it.
  public static func reading(of node: ConfigurationNode, fileSize: Int) -> BoardReading {
    var reader = BoardReader()
    let options = Board.options(needingBuses: needsBuses(node))
    guard let root = reader.options.section(node, options, called: "the board file") else {
      return BoardReading(
        board: nil, surroundings: nil, diagnostics: reader.options.diagnostics.inFileOrder())
    }
    let buses = reader.readBuses(root)
    let recordings = reader.readRecordings(root, buses)
    let sensors = reader.readSensors(root)
    let kernels = reader.readKernels(root)
    reader.checkNames(root)
    let record = reader.readRecord(root, fileSize: fileSize)
    let mqtt = root.section("mqtt").flatMap { reader.readMQTT($0) }
    let witnesses = reader.readWitnesses(root)
    let about = root.section("board").flatMap { reader.readAbout($0) }
    let isSimulated = buses.contains { $0.device.isVirtual }
    let surroundings = BoardSurroundings(
      mqtt: mqtt, recordings: recordings,
      recordingNames: root.section("simulation")?.rows("recordings").map(\.name) ?? [],
      stimuli: isSimulated ? reader.stimuli : [],
      playbacks: isSimulated ? reader.playbacks : [])
    let diagnostics = reader.options.diagnostics.inFileOrder()
    guard diagnostics.isEmpty, let about else {
      return BoardReading(board: nil, surroundings: surroundings, diagnostics: diagnostics)
    }
    let board = Board(
      name: about.name, urn: isSimulated ? about.urn + ":simulated" : about.urn,
      isSimulated: isSimulated, buses: buses, sensors: sensors, kernels: kernels, record: record,
      mqtt: mqtt, witnesses: witnesses, recordings: recordings)
    return BoardReading(board: board, surroundings: surroundings, diagnostics: [])
  }

  /// Whether a sensor is, or could be meant to be, on a bus; a board of the kernel's devices alone
  /// has none.
  private static func needsBuses(_ node: ConfigurationNode) -> Bool {
    guard case .mapping(let sections) = node.content,
      case .mapping(let sensors)? = sections.first(where: { $0.key == "sensors" })?.value.content,
      !sensors.isEmpty
    else { return true }
    return !sensors.allSatisfy { sensor in
      guard case .mapping(let keys) = sensor.value.content,
        case .scalar(let name)? = keys.first(where: { $0.key == "driver" })?.value.content
      else { return false }
      guard let driver = DriverCatalogue.driver(named: name) else {
        return !keys.contains { $0.key == "on" }
      }
      return driver is any KernelSensor.Type
    }
  }

  mutating func report(_ position: Position, _ message: String, remedy: String) {
    options.report(Diagnostic(at: position, message, remedy: remedy))
  }

  /// Reports what an option list's owner found, unless it follows from an error in the mapping.
  mutating func report(_ conflict: OptionConflict, in values: OptionValues) {
    guard values.isComplete || values[conflict.option] != nil else { return }
    report(values.position(of: conflict.option), conflict.message, remedy: conflict.remedy)
  }

  private mutating func readAbout(_ values: OptionValues) -> (name: String, urn: String)? {
    if let urn = values.text("urn"), !Self.isDeviceURN(urn) {
      report(
        values.position(of: "urn"), "'\(urn)' is not a device URN",
        remedy: "write for example 'urn:dev:mac:0024befffe804ff1'")
    }
    guard let name = values.text("name") else { return nil }
    return (name, values.text("urn") ?? "urn:dev:cairn:\(name)")
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
