import ArgumentParser
import Board
import Glibc
import LinuxPlatform
import MQTTTransport
import Quantities
import Runtime
import UnixSignals

/// `cairn watch`: reads along at a broker and checks every signature on the way.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Show the readings of boards as they arrive, every signature checked.",
    discussion: """
      On a terminal it is a table that redraws; elsewhere a line for every message. Exit 1 where \
      anything did not verify, or the broker was never reached. With a board file, its section \
      'mqtt' says where the broker is and how to sign on; options stand in its place.
      """)

  @Argument(help: "The broker, as mqtt://HOST:PORT or mqtts://HOST:PORT, or a board file.")
  var broker: String

  @Option(help: "The board's name; that of the board file, or else all boards.")
  var board: String?

  @Option(help: "The user's name at the broker.")
  var user: String?

  @Option(
    help:
      "A file that holds the user's password and nothing else; without it, $CAIRN_MQTT_PASSWORD where --user is written."
  )
  var passwordFile: String?

  @Option(help: "The certificates to trust, PEM; those of the system where it is not written.")
  var ca: String?

  @Option(help: "The own certificate, PEM.")
  var certificate: String?

  @Option(help: "The key of the own certificate, PEM.")
  var keyFile: String?

  @Option(
    name: .customLong("for"),
    help: "How long to watch, for example 60s; until Ctrl-C where it is not given.")
  var limit: String?

  func run() async throws {
    LinuxProcess.limitArenas()
    let duration = try limit.map(parse)
    let (transport, board) = try connect()
    let topics = ["entry", "checkpoint", "status"].map { "cairn/1/\(board)/\($0)" }
    transport.start(will: nil, subscriptions: topics)
    let screen = Screen()
    let interrupts = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await event in transport.events { await screen.accept(event) }
      }
      group.addTask {
        for await _ in interrupts { return }
      }
      if let duration {
        group.addTask { try? await Task.sleep(for: duration) }
      }
      let redrawing = Task {
        while !Task.isCancelled {
          await screen.redraw()
          try? await Task.sleep(for: .milliseconds(500))
        }
      }
      await group.next()
      redrawing.cancel()
      await transport.stop(within: .milliseconds(500))
      group.cancelAll()
      await screen.redraw()
    }
    guard await screen.hasConnected else {
      let reason = await screen.reason.map { ": \($0)" } ?? ""
      StandardStream.error.line("cairn: broker '\(broker)' was never reached\(reason)")
      throw ExitCode.failure
    }
    guard await screen.faults == 0 else { throw ExitCode.failure }
  }

  /// The way to the broker, and the board to watch, `+` for all.
  private func connect() throws -> (MQTTTransport, board: String) {
    // What has no scheme is a file, where it looks like one.
    let isFile =
      !broker.contains("://")
      && (FileBytes.byteCount(of: broker) != nil || broker.hasSuffix(".yaml")
        || broker.hasSuffix(".yml"))
    let file = try isFile ? BoardFile.load(broker) : nil
    if let file, file.endpoint == nil {
      throw refusal(
        "\(broker) has no section 'mqtt'; name the broker itself, as mqtt://HOST:PORT")
    }
    let endpoint: MQTTEndpoint
    do {
      endpoint = try file?.endpoint ?? MQTTEndpoint(parsing: broker)
    } catch {
      throw refusal("broker '\(broker)' \(error)")
    }
    do {
      let settings = file?.board.mqtt
      let connection = try BrokerConnection(
        to: endpoint, user: user ?? settings?.user, password: try password(settings),
        tls: .init(
          authorities: ca ?? settings?.authorityFile,
          certificate: certificate ?? settings?.certificateFile,
          key: keyFile ?? settings?.keyFile),
        version: settings.flatMap {
          MQTTConfiguration.ProtocolVersion(rawValue: $0.protocolVersion)
        } ?? .automatic)
      let transport = try connection.transport(
        clientID: "cairn-watch-\(getpid())", notice: { _ in })
      return (transport, board ?? file?.board.name ?? "+")
    } catch {
      throw refusal("broker '\(broker)': \(error)")
    }
  }

  /// The password, which is never on the command line, where others could read it.
  private func password(_ settings: MQTTSettings?) throws -> [UInt8]? {
    if let file = passwordFile ?? (user == nil ? settings?.passwordFile : nil) {
      return try BrokerConnection.password(inFile: file)
    }
    guard user != nil, let value = getenv("CAIRN_MQTT_PASSWORD") else { return nil }
    return Array(String(cString: value).utf8)
  }

  private func refusal(_ text: String) -> ExitCode {
    StandardStream.error.line("cairn: \(text)")
    return ExitCode(2)
  }

  private func parse(_ text: String) throws -> Duration {
    do {
      let quantity = try Quantity(parsing: text, as: .duration)
      return quantity.duration ?? .seconds(60)
    } catch {
      StandardStream.error.line("cairn: --for \(error)")
      throw ExitCode(2)
    }
  }
}

/// The table on a terminal, or lines elsewhere.
private actor Screen {
  private var state = WatchState()
  private let isTerminal = StandardStream.output.isTerminal
  private let clock = LinuxClock(isSimulated: false)

  var faults: Int { state.faults.count }
  private(set) var hasConnected = false
  /// Why there is no connection.
  private(set) var reason: String?

  func accept(_ event: TransportEvent) {
    switch event {
    case .connected:
      hasConnected = true
      say("connected")
    case .disconnected(let reason):
      self.reason = reason
      state.lostConnection()
      say("not connected: \(reason)")
    case .acknowledged: break
    case .received(let topic, let payload):
      let news = state.accept(topic: topic, payload: payload, now: now)
      guard let news, !isTerminal else { return }
      let table = WatchTable(state: state, now: now, size: .unlimited)
      for line in table.lines(news) { StandardStream.output.line(line) }
    }
  }

  private func say(_ connection: String) {
    // The same failure again and again is no news.
    guard connection != state.connection else { return }
    state.connection = connection
    if !isTerminal { StandardStream.output.line(connection) }
  }

  func redraw() {
    guard isTerminal else { return }
    let size = StandardStream.output.size
    let table = WatchTable(
      state: state, now: now, size: TerminalSize(columns: size.columns, rows: size.rows - 1))
    // Home, then every line with the rest of it cleared, then everything below.
    let body = table.lines.map { $0 + "\u{1B}[K\n" }.joined()
    StandardStream.output.write("\u{1B}[H" + body + "\u{1B}[J")
  }

  private var now: Double { Double(clock.now.unixNanoseconds) / 1e9 }
}
