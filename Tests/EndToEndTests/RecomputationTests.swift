import Board
import BoardYAML
import BrokerTesting
import Drivers
import Evidence
import Quantities
import Testing

/// What a third party can do with nothing but a log: compute every value again from raw bytes.
@Suite(.serialized) struct RecomputationTests {
  @Test func `every signed value is what its raw bytes mean, to the last bit`() async throws {
    let running = RunningBoard(in: try Directory())
    try running.start(FastBoard(playsRecordings: true))
    #expect(
      await eventually {
        ((try? Files.bytes("\(running.state)/wal").count) ?? 0) > 40_000
      }, "\(running.errors)")
    try await running.stop()
    try await running.verified()

    var board: Board?
    var calibrations: [String: [UInt8]?] = [:]
    var recomputed: [String: Int] = [:]
    var leftOut = 0
    var gaps: UInt64 = 0
    for bytes in try CollectedLog.entries(inState: running.state) {
      let signed = try SignedEntry(parsing: bytes)
      let entry = signed.entry
      if entry.type == .configuration {
        let body = try entry.configurationBody()
        let file = try #require(body.boardFile)
        let node = try #require(BoardYAML.node(parsing: file).node)
        board = try BoardReader.board(from: node, fileSize: file.count).get()
        for sensor in body.sensors { calibrations[sensor.name] = sensor.calibration }
      }
      if entry.type == .event {
        for event in try entry.eventBody().events where event.subject == "roof.humidity" {
          #expect(event.kind == .gap)
          gaps += event.details?.first { $0.key.textValue == "missed" }?.value.unsignedValue ?? 0
        }
      }
      guard entry.type == .data else { continue }
      let board = try #require(board)
      let records = try entry.dataBody().records
      let evidence = try #require(entry.evidence)
      for sensor in board.sensors {
        let signedValues = records.filter { $0.name.hasPrefix("\(signed.subject):\(sensor.name)/") }
        let raw = evidence.first { $0.sensor == sensor.name }?.readings ?? []
        let (again, excluded) = try values(
          of: sensor, raw, calibration: calibrations[sensor.name] ?? nil, subject: signed.subject)
        leftOut += excluded
        #expect(signedValues.map(\.name) == again.map(\.name), "entry \(entry.sequence)")
        for (record, (name, bits, unit)) in zip(signedValues, again) {
          guard case .number(let number) = record.value else {
            Issue.record("\(name) is no number")
            continue
          }
          #expect(number.bitPattern == bits, "entry \(entry.sequence): \(name) is \(number)")
          #expect(record.unit == unit)
          recomputed[sensor.name, default: 0] += 1
        }
      }
    }
    #expect(Set(recomputed.keys) == ["air", "roof", "feeder", "mains", "meter"])
    #expect(recomputed.values.reduce(0, +) > 200)
    // What the board file excludes is in the raw bytes, and a signed gap stands for its value.
    #expect(leftOut > 0 && gaps == UInt64(leftOut))
    let replay = try await Cairn.run("log", "replay", running.state, in: running.directory)
    #expect(replay.code == 0, "\(replay.output)\(replay.errors)")
    let words = replay.output.split(separator: "\n").last?.split(separator: " ") ?? []
    #expect(words.first == "recomputed" && words.suffix(2) == ["0", "differ"], "\(replay.output)")
    let count = words.count > 1 ? Int(words[1]) ?? 0 : 0
    #expect(count >= recomputed.values.reduce(0, +))
  }

  /// What raw bytes mean, and how many values the board file says not to keep.
  private func values(
    of sensor: SensorDeclaration, _ raw: [[UInt8]], calibration: [UInt8]?, subject: String
  ) throws -> (values: [(name: String, bits: UInt64, unit: String)], excluded: Int) {
    var driver = sensor.driver
    if let calibration { try driver.restore(calibration: calibration) }
    let count = sensor.specification.rawLayout.count
    try #require(raw.count % count == 0)
    var values: [(name: String, bits: UInt64, unit: String)] = []
    var excluded = 0
    for start in stride(from: 0, to: raw.count, by: count) {
      for reading in try driver.decode(Array(raw[start..<start + count])).readings {
        let settings = sensor.channels[reading.channel]
        let quantity = try #require(
          settings.map { $0.calibrated(reading.quantity) } ?? reading.quantity)
        if let valid = settings?.valid, !valid.contains(quantity.nano) {
          excluded += 1
          continue
        }
        values.append(
          (
            "\(subject):\(sensor.name)/\(reading.channel)", quantity.value.bitPattern,
            quantity.unit.code
          ))
      }
    }
    return (values, excluded)
  }
}
