import Board
import Drivers
import Evidence
import Quantities

/// What a configuration entry says: the board, and each sensor's driver with its calibration.
struct ReplaySetup {
  let board: Board
  let boardFile: [UInt8]
  let sensors: [String: SensorReplay]
  let kernels: [KernelDeclaration]

  init(board: Board, boardFile: [UInt8], configuration: ConfigurationBody) {
    self.board = board
    self.boardFile = boardFile
    kernels = board.kernels.filter { declaration in
      configuration.kernels.contains {
        $0.name == declaration.name && $0.kind == declaration.specification.name
          && $0.revision == declaration.specification.revision
      }
    }
    var sensors: [String: SensorReplay] = [:]
    for declaration in board.sensors {
      let recorded = configuration.sensors.first { $0.name == declaration.name }
      sensors[declaration.name] = SensorReplay(declaration, recorded)
    }
    self.sensors = sensors
  }
}

/// One sensor's values from its raw bytes.
struct SensorReplay {
  private let declaration: SensorDeclaration
  private let driver: any SensorDriver
  private let obstacle: String?

  init(_ declaration: SensorDeclaration, _ recorded: ConfigurationBody.Sensor?) {
    self.declaration = declaration
    var driver = declaration.driver
    var obstacle: String?
    let specification = declaration.specification
    if let recorded, recorded.driver == specification.name {
      if recorded.driverRevision != specification.revision {
        obstacle =
          "the driver was of revision \(recorded.driverRevision), this program has \(specification.revision)"
      } else if let calibration = recorded.calibration {
        do {
          try driver.restore(calibration: calibration)
        } catch {
          obstacle = "the calibration does not fit: \(error)"
        }
      }
    } else {
      obstacle = "the configuration names no driver for it"
    }
    self.driver = driver
    self.obstacle = obstacle
  }

  /// Compares a sensor's records in an entry with what its raw bytes give, in their order.
  func compare(
    _ records: [SenMLRecord], raw: [[UInt8]]?, prefix: String, into verdict: inout Verdict
  ) {
    if let obstacle { return verdict.skip(records.count, obstacle) }
    guard let raw else { return verdict.skip(records.count, "no raw bytes are recorded") }
    let width = max(1, declaration.specification.rawLayout.count)
    guard raw.count.isMultiple(of: width) else {
      return verdict.skip(records.count, "the raw bytes are not whole measurements")
    }
    var computed: [(name: String, value: Double)] = []
    for start in stride(from: 0, to: raw.count, by: width) {
      guard let measurement = try? driver.decode(Array(raw[start..<start + width])) else {
        return verdict.skip(records.count, "the raw bytes cannot be decoded")
      }
      computed += values(measurement).map { (prefix + $0.channel, $0.value) }
    }
    for (index, record) in records.enumerated() {
      guard case .number(let logged) = record.value else { continue }
      guard index < computed.count, computed[index].name == record.name else {
        verdict.differ(record.name, logged: "\(logged)", computed: "nothing at this place")
        continue
      }
      let value = computed[index].value
      if value.bitPattern == logged.bitPattern {
        verdict.confirm()
      } else {
        verdict.differ(record.name, logged: "\(logged)", computed: "\(value)")
      }
    }
    for missing in computed.dropFirst(records.count) {
      verdict.differ(missing.name, logged: "nothing", computed: "\(missing.value)")
    }
  }

  private func values(_ measurement: Measurement) -> [(channel: String, value: Double)] {
    measurement.readings.compactMap { reading in
      let settings = declaration.channels[reading.channel]
      guard let quantity = settings.map({ $0.calibrated(reading.quantity) }) ?? reading.quantity,
        settings?.valid?.contains(quantity.nano) ?? true
      else { return nil }
      // As a record does, so that the sign of a zero is no difference.
      return (reading.channel, quantity.value == 0 ? 0 : quantity.value)
    }
  }
}
