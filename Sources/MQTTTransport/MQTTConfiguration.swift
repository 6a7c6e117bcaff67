/// Everything a connection to a broker needs to know.
public struct MQTTConfiguration: Hashable, Sendable {
  /// The versions of MQTT that are spoken.
  public enum ProtocolVersion: String, Hashable, Sendable, CaseIterable {
    /// MQTT 5 where the broker has it, MQTT 3.1.1 otherwise.
    case automatic = "auto"
    /// MQTT 5 only.
    case v5 = "5"
    /// MQTT 3.1.1 only.
    case v311 = "3.1.1"
  }

  /// The files that TLS needs, in PEM.
  ///
  /// They are read anew at every attempt, so a renewed certificate needs no restart.
  public struct TLSFiles: Hashable, Sendable {
    /// The authorities that may vouch for the broker; nil for those of the operating system.
    public var authorities: String?
    /// This client's certificate.
    public var certificate: String?
    /// The key of this client's certificate, without a pass phrase.
    public var key: String?

    /// Names the files.
    public init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
      self.authorities = authorities
      self.certificate = certificate
      self.key = key
    }
  }

  /// Where the broker listens.
  public let endpoint: MQTTEndpoint
  /// The name by which the broker knows this client; one client at a time may bear it.
  public let clientID: String
  /// The user's name, if the broker asks for one.
  public let userName: String?
  /// The password's bytes, as they are: a line feed at the end of a file is the caller's to drop.
  public let password: [UInt8]?
  /// The files that TLS needs.
  public let tls: TLSFiles
  /// The longest silence, after which the client asks whether the broker is still there.
  public let keepAlive: Duration
  /// The versions of MQTT that are spoken.
  public let protocolVersion: ProtocolVersion
  /// The upper bound of the wait after the first failure; it doubles with every further one.
  public let firstRetry: Duration
  /// The upper bound of every wait.
  public let longestRetry: Duration

  /// Checks that the parts fit each other.
  ///
  /// `keepAlive` is whole seconds in 5...65535; TLS files need an `mqtts` endpoint.
  public init(
    endpoint: MQTTEndpoint, clientID: String, userName: String? = nil, password: [UInt8]? = nil,
    tls: TLSFiles = TLSFiles(), keepAlive: Duration = .seconds(30),
    protocolVersion: ProtocolVersion = .automatic, firstRetry: Duration = .milliseconds(500),
    longestRetry: Duration = .seconds(60)
  ) throws(MQTTConfigurationFailure) {
    guard !clientID.isEmpty, Self.isMQTTString(clientID) else { throw .clientID(clientID) }
    if let userName {
      guard !userName.isEmpty, Self.isMQTTString(userName) else { throw .userName }
    }
    if let password {
      guard userName != nil else { throw .passwordWithoutUser }
      guard !password.isEmpty, password.count <= 65_535, !password.contains(0) else {
        throw .password
      }
    }
    guard (tls.certificate == nil) == (tls.key == nil) else { throw .halfAnIdentity }
    guard tls == TLSFiles() || endpoint.isEncrypted else { throw .filesWithoutTLS(endpoint) }
    let (seconds, attoseconds) = keepAlive.components
    guard (5...65_535).contains(seconds), attoseconds == 0 else { throw .keepAlive(keepAlive) }
    guard firstRetry > .zero, firstRetry <= longestRetry else { throw .retry }
    self.endpoint = endpoint
    self.clientID = clientID
    self.userName = userName
    self.password = password
    self.tls = tls
    self.keepAlive = keepAlive
    self.protocolVersion = protocolVersion
    self.firstRetry = firstRetry
    self.longestRetry = longestRetry
  }

  /// Whether a text can travel as an MQTT string: at most 65535 bytes, no control characters
  /// (MQTT 5, section 1.5.4).
  private static func isMQTTString(_ text: String) -> Bool {
    text.utf8.count <= 65_535
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
  }
}

extension MQTTConfiguration: CustomStringConvertible, CustomReflectable {
  /// The broker and the client's name; never the password.
  public var description: String { "\(endpoint) as '\(clientID)'" }

  /// The parts without the password, so that no dump shows it.
  public var customMirror: Mirror {
    Mirror(self, children: ["endpoint": endpoint, "clientID": clientID])
  }
}
