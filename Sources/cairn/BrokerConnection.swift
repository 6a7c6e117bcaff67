import ArgumentParser
import Board
import MQTTTransport

/// The way to the broker that a board file names.
struct BrokerConnection {
  private let settings: MQTTSettings
  private let endpoint: MQTTEndpoint
  private let password: [UInt8]?

  /// Reads what the settings name and checks that the parts fit each other; nothing is connected.
  init(_ settings: MQTTSettings, to endpoint: MQTTEndpoint) throws {
    self.settings = settings
    self.endpoint = endpoint
    password = try settings.passwordFile.map { path in
      var bytes = try FileBytes.read(path, limit: 65_536)
      while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
      return bytes
    }
    _ = try configuration(clientID: "cairn")
  }

  /// A transport for a board, signing on as its identity does.
  func transport(
    clientID: String, notice: @escaping @Sendable (String) -> Void
  ) throws -> MQTTTransport {
    MQTTTransport(try configuration(clientID: clientID), notice: notice)
  }

  private func configuration(clientID: String) throws -> MQTTConfiguration {
    try MQTTConfiguration(
      endpoint: endpoint, clientID: clientID, userName: settings.user, password: password,
      tls: .init(
        authorities: settings.authorityFile, certificate: settings.certificateFile,
        key: settings.keyFile),
      protocolVersion: .init(rawValue: settings.protocolVersion) ?? .automatic)
  }
}
