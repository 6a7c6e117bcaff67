import ArgumentParser
import Board
import Evidence
import Glibc
import HTTPTransport
import LinuxPlatform
import LogDirectory
import Logging
import MQTTTransport
import Runtime
import ServiceLifecycle
import UnixSignals

/// `cairn run`: runs a board until it is told to stop.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a board until SIGTERM or Ctrl-C.")

  @Argument(help: "The board file.")
  var file: String

  @Option(help: StateLocation.help)
  var state: String?

  @Option(help: "A broker to use instead of the board file's, as mqtt://HOST:PORT.")
  var broker: String?

  @Option(help: "How much to say.")
  var log: Loudness = .info

  func run() async throws {
    LinuxProcess.limitArenas()
    let file = try BoardFile.load(self.file)
    let connection = try connection(of: file)
    var logger = Logger(label: "cairn", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = log.level
    if let refusal = LinuxProcess.forbidDumps() {
      logger.warning("core dumps could not be forbidden: \(refusal)")
    }
    let clock = LinuxClock(isSimulated: file.board.isSimulated)
    let directory = StateLocation.directory(of: file.board, under: state)
    let opened: OpenedLog
    do {
      let waits =
        (connection != nil || !file.board.witnesses.isEmpty)
        && file.board.record.rollbackCheck != .off
      opened = try await OpenedLog.open(
        file.board, at: directory, clock: clock,
        waitingBecause: waits ? "nobody has said yet what is known of this log" : nil)
    } catch {
      logger.error("nothing was started: \(error)", metadata: ["state": "\(directory)"])
      throw ExitCode.failure
    }
    let remedy = Remedy(boardFile: self.file, directory: directory)
    if let failure = opened.recorder.state.failure {
      logger.error(
        "nothing is signed, what is measured goes into \(directory)/unsigned.jsonl: \(failure)")
      logger.error("\(remedy.text(for: failure))")
    }
    logger.info(
      file.board.isSimulated ? "simulated: nothing it says is evidence" : "opened",
      metadata: ["state": "\(directory)"])
    if let simulation = file.simulation {
      let machine = VirtualMachine(board: file.board, simulation: simulation, clock: clock)
      try await run(file, opened, remedy, machine, clock, connection, logger)
    } else {
      try await run(file, opened, remedy, LinuxMachine(), clock, connection, logger)
    }
  }

  private func history(
    of board: Board, _ opened: OpenedLog, _ clock: LinuxClock, _ connection: BrokerConnection?,
    _ clientID: String, _ witnesses: Witnesses?, _ notice: @escaping @Sendable (String) -> Void
  ) -> HistoryCheck? {
    let policy = board.record.rollbackCheck
    guard connection != nil || witnesses != nil, policy != .off,
      opened.recorder.state.failure == nil
    else { return nil }
    var transport: (@Sendable () throws -> any Transport)?
    if let connection {
      transport = { try connection.transport(clientID: "\(clientID)-history", notice: { _ in }) }
    }
    return HistoryCheck(
      policy: policy, recorder: opened.recorder, topics: Topics(board: board.name), clock: clock,
      transport: transport, witnesses: witnesses, notice: notice)
  }

  /// What a wrong broker would stop must be known before an identity is made or a start counted.
  private func connection(of file: BoardFile) throws -> BrokerConnection? {
    guard let settings = file.board.mqtt, let own = file.endpoint else {
      guard broker == nil else {
        StandardStream.error.line(
          "cairn: --broker has no use: \(self.file) has no section 'mqtt'; "
            + "write one, or leave the option out")
        throw ExitCode(2)
      }
      return nil
    }
    do {
      let endpoint = try broker.map { try MQTTEndpoint(parsing: $0) } ?? own
      return try BrokerConnection(settings, to: endpoint)
    } catch {
      StandardStream.error.line("cairn: broker '\(broker ?? settings.broker)': \(error)")
      throw ExitCode(2)
    }
  }

  private func run(
    _ file: BoardFile, _ opened: OpenedLog, _ remedy: Remedy, _ hardware: some Hardware,
    _ clock: LinuxClock, _ connection: BrokerConnection?, _ logger: Logger
  ) async throws {
    let clientID = "cairn-\(opened.did?.description.suffix(16) ?? "unsigned-\(file.board.name)")"
    let notice: @Sendable (String) -> Void = { logger.notice("broker: \($0)") }
    let transport = try connection?.transport(clientID: clientID, notice: notice)
    let witnesses =
      file.board.witnesses.isEmpty || opened.recorder.state.failure != nil
      ? nil
      : Witnesses(
        file.board.witnesses, recorder: opened.recorder, transport: HTTPPoster(),
        sizeStore: BoardWitnessSizes(
          files: WitnessFiles(stateDirectory: remedy.directory)), clock: clock,
        notice: { logger.notice("\($0)") })
    let station = Station(
      StationParts(
        board: file.board, boardFile: file.bytes, hardware: hardware, recorder: opened.recorder,
        did: opened.did, remedy: { remedy.text(for: $0) },
        history: history(
          of: file.board, opened, clock, connection, clientID, witnesses, notice),
        witnesses: witnesses,
        clock: clock, transport: transport, cursorStore: opened.cursor,
        lastReadings: opened.lastReadings, version: "cairn \(Cairn.version)",
        memory: LinuxProcess.memory), logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [station], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .milliseconds(2800)
    try await ServiceGroup(configuration: configuration).run()
    if await opened.recorder.failure != nil { throw ExitCode.failure }
  }
}

/// How much a running board says on its error stream.
enum Loudness: String, ExpressibleByArgument, CaseIterable {
  case debug, info, warning, error

  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}
