import ArgumentParser
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
      anything did not verify.
      """)

  @Argument(help: "The broker, as mqtt://HOST:PORT or mqtts://HOST:PORT.")
  var broker: String

  @Option(help: "The board's name; all boards where it is not given.")
  var board: String = "+"

  @Option(
    name: .customLong("for"),
    help: "How long to watch, for example 60s; until Ctrl-C where it is not given.")
  var limit: String?

  func run() async throws {
    LinuxProcess.limitArenas()
    let transport = try connect()
    let duration = try limit.map(parse)
    let topics = ["entry", "checkpoint", "status"].map { "cairn/1/\(board)/\($0)" }
    transport.start(will: nil, subscriptions: topics)
    let screen = Screen()
    let interrupts = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let faults = await withTaskGroup(of: Void.self) { group in
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
      return await screen.faults
    }
    guard faults == 0 else { throw ExitCode.failure }
  }

  private func connect() throws -> MQTTTransport {
    do {
      let endpoint = try MQTTEndpoint(parsing: broker)
      let configuration = try MQTTConfiguration(
        endpoint: endpoint, clientID: "cairn-watch-\(getpid())")
      return MQTTTransport(configuration)
    } catch {
      StandardStream.error.line("cairn: broker '\(broker)' \(error)")
      throw ExitCode(2)
    }
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

  func accept(_ event: TransportEvent) {
    switch event {
    case .connected: say("connected")
    case .disconnected(let reason):
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
