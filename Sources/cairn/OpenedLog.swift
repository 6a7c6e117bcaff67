import Board
import Drivers
import Evidence
import LogDirectory
import MerkleLog
import Quantities
import Runtime

/// The broker's place in the log, kept in the state directory.
struct BrokerCursor: CursorStore {
  let file: CursorFile

  func load() -> UInt64 { file.load() }

  func save(_ seq: UInt64) { file.save(seq) }
}

/// What the witnesses cosigned last, kept in the state directory.
struct BoardWitnessSizes: WitnessSizeStore {
  let files: WitnessFiles

  func load(_ name: String) -> UInt64 { files.load(name) }

  func save(_ size: UInt64, of name: String) { files.save(size, of: name) }
}

/// The spool of a state directory.
struct BoardSpool: UnsignedSpool {
  let file: SpoolFile

  func append(_ line: String) throws(LogFailure) { try file.append(line) }
}

/// A board's log, open for writing, and what the runtime needs to know of its past.
struct OpenedLog {
  let recorder: Recorder
  let did: DIDKey?
  let cursor: BrokerCursor
  let lastReadings: [String: [Reading]]

  /// Opens the log of a board in its state directory; makes both at the first start.
  ///
  /// A log that cannot be signed on is opened all the same, for measuring without signing.
  ///
  /// - Parameter waiting: Why signing waits for the leave to do so; nil where it does not.
  /// - Throws: `LogFailure` where the directory is somebody else's.
  static func open(
    _ board: Board, at path: String, clock: any RuntimeClock, waitingBecause waiting: String?
  ) async throws -> OpenedLog {
    do {
      return try await openForSigning(board, at: path, clock: clock, waitingBecause: waiting)
    } catch let failure as LogFailure {
      switch failure {
      case .heldByAnother, .otherBoard: throw failure
      default: break
      }
      // Without a lock there is nobody to keep out: the directory cannot even be written.
      let writer: WriterLock?
      do {
        writer = try WriterLock(stateDirectory: path)
      } catch {
        if case .heldByAnother = error { throw error }
        writer = nil
      }
      let spool = BoardSpool(file: SpoolFile(stateDirectory: path, holding: writer))
      return OpenedLog(
        recorder: Recorder(failed: failure, spool: spool),
        did: try? StateDirectory.publicIdentity(of: path),
        cursor: BrokerCursor(file: CursorFile(stateDirectory: path)), lastReadings: [:])
    }
  }

  private static func openForSigning(
    _ board: Board, at path: String, clock: any RuntimeClock, waitingBecause waiting: String?
  ) async throws -> OpenedLog {
    let state = try StateDirectory(
      opening: path, isSimulated: board.isSimulated,
      credential: board.isSimulated ? nil : StateLocation.credential)
    let identity = state.identity
    let boot = try state.countStart()
    let log = try state.openLog()
    if let closing = log.closingEntry {
      let successor = closing.entry.successor.map { " in favour of \($0)" } ?? ""
      throw LogFailure.retired("\(path) was closed\(successor)")
    }
    let isEmpty = log.size == 0
    let lastReadings = lastReadings(of: board, in: log)
    // Nobody can have a copy of a log that does not begin before now.
    let recorder = Recorder(
      log: log, signer: identity, subject: board.urn, boot: boot,
      spool: BoardSpool(file: SpoolFile(stateDirectory: path)),
      waitingBecause: isEmpty ? nil : waiting)
    if isEmpty {
      let genesis = Statement(type: .genesis, moment: clock.now, body: .array([]))
      await recorder.record([genesis])
      _ = await recorder.writeCheckpoint()
      if let failure = await recorder.failure { throw failure }
      try StateDirectory.finishInitialising(path)
    }
    return OpenedLog(
      recorder: recorder, did: identity.did,
      cursor: BrokerCursor(file: CursorFile(stateDirectory: path)),
      lastReadings: lastReadings)
  }

  /// The entries that are looked at for the last total of a line; older ones are given up.
  private static let lookBack: UInt64 = 4096

  /// The last readings of the sensors on lines, so that totals go on over a restart.
  private static func lastReadings(
    of board: Board, in log: LogDirectory
  ) -> [String: [Reading]] {
    var wanted: [String: any SensorDriver] = [:]
    for sensor in board.sensors {
      if case .line(let driver, _) = sensor.part { wanted[sensor.name] = driver }
    }
    var found: [String: [Reading]] = [:]
    var seq = log.size
    let oldest = log.size > lookBack ? log.size - lookBack : 0
    while seq > oldest, !wanted.isEmpty {
      seq -= 1
      guard let bytes = try? log.entry(at: seq), let entry = try? SignedEntry(parsing: bytes).entry,
        entry.type == .data
      else { continue }
      for (sensor, driver) in wanted {
        let hidden = (try? log.disclosures(of: seq).map(\.record)) ?? []
        guard let readings = readings(of: sensor, driver, board.urn, in: entry, hidden) else {
          continue
        }
        found[sensor] = readings
        wanted[sensor] = nil
      }
    }
    return found
  }

  /// A sensor's last readings in an entry: decoded from raw bytes where they are recorded, since
  /// values may have been calibrated.
  private static func readings(
    of sensor: String, _ driver: any SensorDriver, _ urn: String, in entry: Entry,
    _ hidden: [SenMLRecord]
  ) -> [Reading]? {
    let count = type(of: driver).specification.rawLayout.count
    if let raw = entry.evidence?.first(where: { $0.sensor == sensor })?.readings,
      raw.count >= count
    {
      return try? driver.decode(Array(raw.suffix(count))).readings
    }
    let prefix = "\(urn):\(sensor)/"
    let open = (try? entry.dataBody().records) ?? []
    let records = (open + hidden).filter { $0.name.hasPrefix(prefix) }
    guard !records.isEmpty else { return nil }
    return records.compactMap { record in
      guard case .number(let value) = record.value, value.magnitude < 1e18 else { return nil }
      let whole = value.rounded(.towardZero)
      let fraction = Int128(((value - whole) * 1e9).rounded())
      let nano = Int128(whole) * 1_000_000_000 + fraction
      return Reading(
        String(record.name.dropFirst(prefix.count)),
        Quantity(nano: nano, unit: Unit(code: record.unit ?? "")))
    }
  }
}
