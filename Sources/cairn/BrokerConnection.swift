import ArgumentParser
import Board
import MQTTTransport

/// The way to the broker that a board file names.
enum BrokerConnection {
  /// A transport for a board, signing on as its identity does.
  static func transport(
    _ settings: MQTTSettings, _ endpoint: MQTTEndpoint, clientID: String,
    notice: @escaping @Sendable (String) -> Void
  ) throws -> MQTTTransport {
    let password = try settings.passwordFile.map { path in
      var bytes = try FileBytes.read(path, limit: 65_536)
      while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
      return bytes
    }
    let configuration = try MQTTConfiguration(
      endpoint: endpoint, clientID: clientID, userName: settings.user, password: password,
      tls: .init(
        authorities: settings.authorityFile, certificate: settings.certificateFile,
        key: settings.keyFile),
      protocolVersion: .init(rawValue: settings.protocolVersion) ?? .automatic)
    return MQTTTransport(configuration, notice: notice)
  }
}
