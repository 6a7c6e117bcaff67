import ArgumentParser
import Board
import MQTTTransport

/// The way to a broker.
struct BrokerConnection {
  private let endpoint: MQTTEndpoint
  private let user: String?
  private let password: [UInt8]?
  private let tls: MQTTConfiguration.TLSFiles
  private let version: MQTTConfiguration.ProtocolVersion

  /// Reads what a board file's settings name and checks that the parts fit each other; nothing is
  /// connected.
  init(_ settings: MQTTSettings, to endpoint: MQTTEndpoint) throws {
    try self.init(
      to: endpoint, user: settings.user,
      password: try settings.passwordFile.map { try Self.password(inFile: $0) },
      tls: .init(
        authorities: settings.authorityFile, certificate: settings.certificateFile,
        key: settings.keyFile),
      version: .init(rawValue: settings.protocolVersion) ?? .automatic)
  }

  /// Checks that the parts fit each other; nothing is connected.
  init(
    to endpoint: MQTTEndpoint, user: String?, password: [UInt8]?,
    tls: MQTTConfiguration.TLSFiles, version: MQTTConfiguration.ProtocolVersion
  ) throws {
    self.endpoint = endpoint
    self.user = user
    self.password = password
    self.tls = tls
    self.version = version
    _ = try configuration(clientID: "cairn")
  }

  /// The password in a file that holds nothing else but the end of its line.
  static func password(inFile path: String) throws -> [UInt8] {
    var bytes = try FileBytes.read(path, limit: 65_536)
    while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
    return bytes
  }

  /// A transport for a board, signing on as its identity does.
  func transport(
    clientID: String, notice: @escaping @Sendable (String) -> Void
  ) throws -> MQTTTransport {
    MQTTTransport(try configuration(clientID: clientID), notice: notice)
  }

  private func configuration(clientID: String) throws -> MQTTConfiguration {
    try MQTTConfiguration(
      endpoint: endpoint, clientID: clientID, userName: user, password: password, tls: tls,
      protocolVersion: version)
  }
}
