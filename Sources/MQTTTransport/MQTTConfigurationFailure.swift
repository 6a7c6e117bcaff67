/// Why the parts of a configuration do not fit each other.
public enum MQTTConfigurationFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The client's name is empty, too long, or has control characters.
  case clientID(String)
  /// The user's name is empty, too long, or has control characters.
  case userName
  /// There is a password and no user's name.
  case passwordWithoutUser
  /// The password is empty, too long, or holds a zero byte.
  case password
  /// There is a certificate without its key, or a key without its certificate.
  case halfAnIdentity
  /// There are TLS files, and the endpoint is not encrypted.
  case filesWithoutTLS(MQTTEndpoint)
  /// The keep-alive time is not whole seconds in 5...65535.
  case keepAlive(Duration)
  /// The first wait is not positive, or longer than the longest.
  case retry

  /// What is wrong.
  public var message: String {
    switch self {
    case .clientID(let text): "the client ID can't be sent: '\(text)'"
    case .userName: "the user name can't be sent"
    case .passwordWithoutUser: "there is a password and no user name"
    case .password: "the password is empty, longer than 65535 bytes, or holds a zero byte"
    case .halfAnIdentity: "the client's certificate and its key come together or not at all"
    case .filesWithoutTLS(let endpoint): "there are TLS files, and \(endpoint) is not encrypted"
    case .keepAlive(let duration):
      "the keep-alive time is not whole seconds in 5...65535: \(duration)"
    case .retry: "the first wait between attempts must be positive and no longer than the longest"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .clientID, .userName: "use 1 to 65535 bytes without control characters"
    case .passwordWithoutUser: "name the user, or leave the password out"
    case .password: "check the password's file"
    case .halfAnIdentity: "name both files, or neither"
    case .filesWithoutTLS: "write 'mqtts://', or leave the files out"
    case .keepAlive: "use for example 30 s"
    case .retry: "use for example 500 ms and 60 s"
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}
