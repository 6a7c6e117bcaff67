public import Board
import Buses
public import Drivers
public import Evidence
import JSONText
public import Logging
public import ServiceLifecycle

/// Everything that a running board is made of, put together at the composition root.
public struct StationParts<Machine: Hardware>: Sendable {
  /// The validated board file.
  public let board: Board
  /// The board file's bytes.
  public let boardFile: [UInt8]
  /// What opens buses and lines.
  public let hardware: Machine
  /// What signs.
  public let recorder: Recorder
  /// The identity that signs; nil where it cannot be read.
  public let did: DIDKey?
  /// What to do about a failure of the log, in a sentence with a command.
  public let remedy: @Sendable (LogFailure) -> String
  /// Who cosigns the heads; nil where nobody does.
  public let witnesses: Witnesses?
  /// What asks the broker for its copy of the log; nil where it is not asked.
  public let history: HistoryCheck?
  /// The time.
  public let clock: any RuntimeClock
  /// The way to the broker; nil where the board only records.
  public let transport: (any Transport)?
  /// What keeps the broker's place in the log.
  public let cursorStore: any CursorStore
  /// The last readings of an earlier run by sensor, so that totals go on.
  public let lastReadings: [String: [Reading]]
  /// The program's version.
  public let version: String
  /// The program's memory in bytes: resident, and private without files behind it.
  public let memory: @Sendable () -> (resident: UInt64, anonymous: UInt64)?

  /// The parts of a running board.
  public init(
    board: Board, boardFile: [UInt8], hardware: Machine, recorder: Recorder, did: DIDKey?,
    remedy: @escaping @Sendable (LogFailure) -> String = { _ in "" },
    history: HistoryCheck? = nil, witnesses: Witnesses? = nil, clock: any RuntimeClock,
    transport: (any Transport)?,
    cursorStore: any CursorStore,
    lastReadings: [String: [Reading]], version: String,
    memory: @escaping @Sendable () -> (resident: UInt64, anonymous: UInt64)?
  ) {
    self.board = board
    self.boardFile = boardFile
    self.hardware = hardware
    self.recorder = recorder
    self.did = did
    self.remedy = remedy
    self.history = history
    self.witnesses = witnesses
    self.clock = clock
    self.transport = transport
    self.cursorStore = cursorStore
    self.lastReadings = lastReadings
    self.version = version
    self.memory = memory
  }
}

/// A running board: samples, computes, records and publishes until it is asked to stop.
public struct Station<Machine: Hardware>: Service {
  private static var intakeCapacity: Int { 4096 }
  private static var farewell: Duration { .milliseconds(1500) }

  private let parts: StationParts<Machine>
  private let logger: Logger

  /// A board that is not running yet.
  public init(_ parts: StationParts<Machine>, logger: Logger) {
    self.parts = parts
    self.logger = logger
  }

  /// Runs until the service group shuts down; then signs what is left and says farewell.
  public func run() async throws {
    let board = parts.board
    let topics = Topics(board: board.name)
    let publisher = parts.transport.map { transport in
      Publisher(
        transport: transport, recorder: parts.recorder, cursorStore: parts.cursorStore,
        topics: topics, history: parts.history,
        disclosesRecords: !board.record.hidden.isEmpty, status: statusText)
    }
    let pipeline = Pipeline(
      board: board, boardFile: parts.boardFile, version: parts.version,
      recorder: parts.recorder, publisher: publisher, topics: topics, witnesses: parts.witnesses,
      remedy: parts.remedy, alarm: { [logger] in logger.error("\($0)") },
      tell: { [logger] event in logger.log(level: event.level, "\(event.text)") },
      send: sender())
    await parts.witnesses?.onCosigned { await publisher?.publish($0) }
    let asking = Task { await parts.history?.run() }
    await pipeline.recordStart(at: parts.clock.now)
    let publishing = Task { await publisher?.run() }

    let intake = Intake(capacity: Self.intakeCapacity, clock: parts.clock)
    let consuming = Task { await consume(intake, by: pipeline) }
    let lines = lineWorkers()
    let sampling = Task {
      await sample(into: intake, lines: lines, pipeline: pipeline, publisher: publisher)
    }
    logger.info("running", metadata: ["board": "\(board.name)", "did": "\(identityText)"])

    try? await gracefulShutdown()
    asking.cancel()
    sampling.cancel()
    for line in lines.values { line.stop() }
    intake.finish()
    await consuming.value
    await pipeline.finish(at: parts.clock.now)
    // The last head is worth a moment, and no more.
    _ = await parts.witnesses?.askAll(within: Self.farewell)
    await publisher?.stop(within: Self.farewell, clock: parts.clock)
    // The last acknowledgements still move the cursor.
    await withTaskCancellationHandler {
      await publishing.value
    } onCancel: {
      publishing.cancel()
    }
    let entries = await parts.recorder.size
    logger.info("stopped", metadata: ["entries": "\(entries)"])
  }

  private func consume(_ intake: Intake, by pipeline: Pipeline) async {
    for await input in intake.inputs {
      for loss in intake.takeLosses() { await pipeline.accept(loss) }
      switch input {
      case .acquisition(let acquisition): await pipeline.accept(acquisition)
      case .tick(let moment): await pipeline.tick(moment)
      }
    }
    for loss in intake.takeLosses() { await pipeline.accept(loss) }
  }

  private func sender() -> @Sendable (OutgoingMessage) -> Void {
    let transport = parts.transport
    // Live values may be lost; the log is what may not.
    return { message in try? transport?.send(message) }
  }

  private func lineWorkers() -> [Int: LineWorker<Machine>] {
    var workers: [Int: LineWorker<Machine>] = [:]
    for (index, sensor) in parts.board.sensors.enumerated() {
      guard case .line(let driver, let settings) = sensor.part,
        let bus = parts.board.buses.first(where: { $0.name == sensor.bus })
      else { continue }
      let worker = LineWorker(
        sensor, driver: driver, settings: settings, on: bus, hardware: parts.hardware,
        clock: parts.clock)
      worker.start(resuming: parts.lastReadings[sensor.name] ?? [])
      workers[index] = worker
    }
    return workers
  }

  private func kernelWorkers() -> [Int: KernelWorker<Machine>] {
    var workers: [Int: KernelWorker<Machine>] = [:]
    for (index, sensor) in parts.board.sensors.enumerated() {
      guard case .kernel(let driver, let device) = sensor.part else { continue }
      workers[index] = KernelWorker(
        device, driver: driver, hardware: parts.hardware, clock: parts.clock)
    }
    return workers
  }

  private func busWorkers() -> [String: I2CWorker<Machine>] {
    var workers: [String: I2CWorker<Machine>] = [:]
    for bus in parts.board.buses where bus.device.isI2C {
      var sensors: [I2CPlacement] = []
      for (index, sensor) in parts.board.sensors.enumerated() where sensor.bus == bus.name {
        guard case .i2c(let driver, _) = sensor.part else { continue }
        sensors.append(I2CPlacement(index: index, driver: driver, power: sensor.power))
      }
      workers[bus.name] = I2CWorker(
        bus, hardware: parts.hardware, clock: parts.clock, sensors: sensors)
    }
    return workers
  }

  /// Samples all sensors until the task is cancelled, each at its own beat.
  private func sample(
    into intake: Intake, lines: [Int: LineWorker<Machine>], pipeline: Pipeline,
    publisher: Publisher?
  ) async {
    let clock = parts.clock
    let buses = busWorkers()
    let kernelDevices = kernelWorkers()
    let beats = BeatThread(clock: clock)
    let start = clock.monotonicNanoseconds
    await withDiscardingTaskGroup { group in
      for (index, sensor) in parts.board.sensors.enumerated() {
        let bus = sensor.bus.flatMap { buses[$0] }
        let line = lines[index]
        let kernelDevice = kernelDevices[index]
        var first = start + phase(of: index).nanoseconds
        // A line has nothing to tell before it was listened to for a while.
        if line != nil { first += min(sensor.interval, .seconds(1)).nanoseconds }
        let beat = Beat(first: first, every: sensor.interval)
        group.addTask {
          if let bus {
            await bus.sample(index, at: beat, into: intake)
          } else if let kernelDevice {
            await kernelDevice.sample(index, at: beat, into: intake)
          } else {
            await beats.sample(index, at: beat, into: intake) {
              guard let line else { return Attempt(outcome: .failed("sensor has no bus")) }
              return Attempt(outcome: line.measure(), calibration: sensor.driver.calibration)
            }
          }
        }
      }
      let tick = min(parts.board.record.interval, .milliseconds(500))
      group.addTask {
        await beats.run(Beat(first: start, every: tick)) { intake.tick() }
      }
      group.addTask {
        await Beat(first: start + 1_000_000_000, every: .seconds(10)).run(on: clock) {
          await publishHealth(of: pipeline, intake: intake, publisher: publisher)
        }
      }
    }
  }

  /// How long after the others a sensor measures: far enough apart that those with one interval do
  /// not wait for each other, and near enough that their values belong together.
  private func phase(of index: Int) -> Duration {
    let sensors = parts.board.sensors
    return min(.milliseconds(10), sensors[index].interval / (2 * sensors.count)) * index
  }

  private var identityText: String { parts.did?.description ?? "unknown" }

  private func statusText(_ state: String) -> [UInt8] {
    var members: [(name: String, value: JSON)] = [
      ("state", .text(state)), ("board", .text(parts.board.name)),
      ("urn", .text(parts.board.urn)),
      ("did", parts.did.map { .text($0.description) } ?? .null),
      ("simulated", .flag(parts.board.isSimulated)), ("version", .text(parts.version)),
    ]
    if let failure = parts.recorder.state.failure {
      members.append(("alarm", .text("nothing is signed any more: \(failure)")))
      members.append(("remedy", .text(parts.remedy(failure))))
    }
    return Array(JSON.object(members).text.utf8)
  }

  private func publishHealth(
    of pipeline: Pipeline, intake: Intake, publisher: Publisher?
  ) async {
    let report = HealthReport(
      board: parts.board, moment: parts.clock.now, sensors: await pipeline.sensors,
      recorder: parts.recorder.state, waiting: intake.waiting, backlog: await publisher?.backlog,
      disconnection: await publisher?.disconnection, refusal: await publisher?.refusal,
      witnesses: await parts.witnesses?.states ?? [], memory: parts.memory(), remedy: parts.remedy)
    sender()(
      OutgoingMessage(
        topic: Topics(board: parts.board.name).health, payload: Array(report.json.text.utf8),
        contentType: MediaType.json, isRetained: true))
  }
}
