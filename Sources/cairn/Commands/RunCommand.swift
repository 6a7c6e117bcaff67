import ArgumentParser
import Board
import Evidence
import Glibc
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
    var logger = Logger(label: "cairn", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = log.level
    if let refusal = LinuxProcess.forbidDumps() {
      logger.warning("core dumps could not be forbidden: \(refusal)")
    }
    let clock = LinuxClock(isSimulated: file.board.isSimulated)
    let directory = StateLocation.directory(of: file.board, under: state)
    let opened: OpenedLog
    do {
      opened = try await OpenedLog.open(file.board, at: directory, clock: clock)
    } catch {
      logger.error("nothing was started: \(error)", metadata: ["state": "\(directory)"])
      throw ExitCode.failure
    }
    logger.info(
      file.board.isSimulated ? "simulated: nothing it says is evidence" : "opened",
      metadata: ["state": "\(directory)"])
    if let simulation = file.simulation {
      let machine = VirtualMachine(board: file.board, simulation: simulation, clock: clock)
      try await run(file, opened, machine, clock, logger)
    } else {
      try await run(file, opened, LinuxMachine(), clock, logger)
    }
  }

  private func run(
    _ file: BoardFile, _ opened: OpenedLog, _ hardware: some Hardware, _ clock: LinuxClock,
    _ logger: Logger
  ) async throws {
    var transport: (any Transport)?
    if let settings = file.board.mqtt, var endpoint = file.endpoint {
      do {
        if let broker { endpoint = try MQTTEndpoint(parsing: broker) }
        transport = try BrokerConnection.transport(
          settings, endpoint, clientID: "cairn-\(opened.did.description.suffix(16))"
        ) { logger.notice("broker: \($0)") }
      } catch {
        logger.error("nothing was started: \(error)")
        throw ExitCode(2)
      }
    }
    let station = Station(
      StationParts(
        board: file.board, boardFile: file.bytes, hardware: hardware, recorder: opened.recorder,
        did: opened.did, clock: clock, transport: transport, cursorStore: opened.cursor,
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
