import Glibc
package import MQTTTransport

/// A mosquitto on a free port of the loopback interface.
package final class Broker {
  package let directory: Directory
  package private(set) var port: UInt16 = 0
  private let settings: String
  private let keepsSessions: Bool
  private var process: Child?

  /// Starts a broker; `settings` are further lines of its configuration.
  ///
  /// With `keepsSessions`, what waits for a client outlives the broker's end in order.
  package init(
    _ settings: String = "allow_anonymous true", in directory: Directory? = nil,
    keepsSessions: Bool = false
  ) async throws {
    self.directory = try directory ?? Directory()
    self.settings = settings
    self.keepsSessions = keepsSessions
    // Between the search and the start another process may take the port.
    for attempt in 1... {
      port = try Loopback.freePort()
      do {
        try await start()
        return
      } catch {
        guard attempt < 5 else { throw error }
      }
    }
  }

  /// A broker that is not started yet.
  package static func notStarted() throws -> Broker { try Broker(stopped: ()) }

  private init(stopped: Void) throws {
    directory = try Directory()
    settings = "allow_anonymous true"
    keepsSessions = false
    port = try Loopback.freePort()
  }

  deinit { process?.end(SIGKILL) }

  /// Starts the broker, again on the same port, and waits until it says that it runs.
  package func start() async throws {
    // A broker that root starts would give up the right to read the test's files.
    let persistence =
      keepsSessions
      ? "persistence true\npersistence_location \(directory.root)/\n" : "persistence false\n"
    let configuration = try directory.write(
      "user root\nlistener \(port) 127.0.0.1\n\(persistence)\(settings)\n",
      to: "mosquitto.conf")
    let log = directory.path("mosquitto.log")
    let process = try Child("/usr/sbin/mosquitto", ["-v", "-c", configuration], output: log)
    self.process = process
    // Its own word, because on a port that was taken meanwhile another broker would answer.
    var words = ""
    _ = try await eventually {
      words = try self.directory.text(of: log)
      return words.contains(" running\n") || words.contains("Error: ")
    }
    guard words.contains(" running\n") else {
      process.end(SIGKILL)
      throw SetupFailure(description: "mosquitto does not listen: \(words)")
    }
  }

  /// Ends the broker in order.
  package func stop() { process?.end(SIGTERM) }

  /// Ends the broker as a loss of power would.
  package func kill() { process?.end(SIGKILL) }

  /// Stops the broker in its tracks; its kernel goes on taking bytes.
  package func freeze() { process?.signal(SIGSTOP) }

  /// Lets a frozen broker go on.
  package func thaw() { process?.signal(SIGCONT) }

  /// A configuration for a client of this broker, quick to try again.
  package func configuration(
    _ clientID: String = "board", scheme: String = "mqtt", host: String = "127.0.0.1",
    userName: String? = nil, password: String? = nil,
    tls: MQTTConfiguration.TLSFiles = .init(), keepAlive: Duration = .seconds(30),
    protocolVersion: MQTTConfiguration.ProtocolVersion = .automatic
  ) throws -> MQTTConfiguration {
    try MQTTConfiguration(
      endpoint: MQTTEndpoint(parsing: "\(scheme)://\(host):\(port)"), clientID: clientID,
      userName: userName, password: password.map { Array($0.utf8) }, tls: tls,
      keepAlive: keepAlive, protocolVersion: protocolVersion, firstRetry: .milliseconds(20),
      longestRetry: .milliseconds(200))
  }
}
