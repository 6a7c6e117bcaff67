import Glibc
import MQTTTransport

/// A mosquitto on a free port of the loopback interface.
final class Broker {
  let directory: Directory
  private(set) var port: UInt16 = 0
  private let settings: String
  private var process: Child?

  /// Starts a broker; `settings` are further lines of its configuration.
  init(_ settings: String = "allow_anonymous true", in directory: Directory? = nil) async throws {
    self.directory = try directory ?? Directory()
    self.settings = settings
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
  static func notStarted() throws -> Broker { try Broker(stopped: ()) }

  private init(stopped: Void) throws {
    directory = try Directory()
    settings = "allow_anonymous true"
    port = try Loopback.freePort()
  }

  deinit { process?.end(SIGKILL) }

  /// Starts the broker, again on the same port, and waits until it listens.
  func start() async throws {
    // A broker that root starts would give up the right to read the test's files.
    let configuration = try directory.write(
      "user root\nlistener \(port) 127.0.0.1\npersistence false\n\(settings)\n",
      to: "mosquitto.conf")
    let log = directory.path("mosquitto.log")
    let process = try Child("/usr/sbin/mosquitto", ["-v", "-c", configuration], output: log)
    self.process = process
    guard await eventually({ Loopback.accepts(self.port) }) else {
      process.end(SIGKILL)
      throw SetupFailure(description: "mosquitto does not listen: \(try directory.text(of: log))")
    }
  }

  /// Ends the broker in order.
  func stop() { process?.end(SIGTERM) }

  /// Ends the broker as a loss of power would.
  func kill() { process?.end(SIGKILL) }

  /// Stops the broker in its tracks; its kernel goes on taking bytes.
  func freeze() { process?.signal(SIGSTOP) }

  /// Lets a frozen broker go on.
  func thaw() { process?.signal(SIGCONT) }

  /// A configuration for a client of this broker, quick to try again.
  func configuration(
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

/// Sockets of the loopback interface.
enum Loopback {
  /// A port that nobody has just now.
  static func freePort() throws -> UInt16 {
    let (descriptor, port) = try listen(backlog: nil)
    close(descriptor)
    return port
  }

  /// A socket that is bound, and listens if there is a backlog.
  static func listen(backlog: CInt?) throws -> (descriptor: CInt, port: UInt16) {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = address(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
      let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
      return bind(descriptor, pointer, length) == 0
        && (backlog.map { Glibc.listen(descriptor, $0) == 0 } ?? true)
        && getsockname(descriptor, pointer, &length) == 0
    }
    guard descriptor >= 0, isBound else { throw SetupFailure(description: "no free port") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// Whether somebody accepts connections.
  static func accepts(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = address(port)
    return withUnsafeBytes(of: &address) { bytes in
      connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
        socklen_t(bytes.count)) == 0
    }
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

/// Waits until something holds; returns false after ten seconds, which no healthy machine needs.
func eventually(
  within limit: Duration = .seconds(10), _ condition: () throws -> Bool
) async rethrows -> Bool {
  let deadline: ContinuousClock.Instant = .now + limit
  while try !condition() {
    guard .now < deadline else { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}
