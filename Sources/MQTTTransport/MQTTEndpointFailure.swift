/// Why a text names no broker.
///
/// No case repeats what could be a secret.
public enum MQTTEndpointFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no `://`.
  case missingScheme
  /// The scheme is neither `mqtt` nor `mqtts`.
  case unknownScheme(String)
  /// There is a user name, perhaps with a password, before an `@`.
  case userInformation
  /// Something follows the port: a slash, a query or a fragment.
  case path
  /// There is nothing between the slashes and the port.
  case missingHost
  /// The host is neither a name nor an address.
  case malformedHost(String)
  /// A bracket opens and never closes.
  case unclosedBracket
  /// There is more than one colon outside brackets.
  case bracketlessAddress
  /// What follows the host is no port.
  case malformedPort(String)

  /// What is wrong, without the name of the place.
  public var message: String {
    switch self {
    case .missingScheme: "has no scheme"
    case .unknownScheme(let scheme): "has an unknown scheme: '\(scheme)'"
    case .userInformation: "holds a user name or a password"
    case .path: "has something after the host and the port"
    case .missingHost: "names no host"
    case .malformedHost(let host): "has a host that is neither a name nor an address: '\(host)'"
    case .unclosedBracket: "has a '[' without ']'"
    case .bracketlessAddress: "has more than one colon after the scheme"
    case .malformedPort(let port): "has a port that is not in 1...65535: '\(port)'"
    }
  }

  /// What to write instead.
  public var remedy: String {
    switch self {
    case .missingScheme, .unknownScheme:
      "write 'mqtt://host' or, for TLS, 'mqtts://host'"
    case .userInformation:
      "write 'mqtts://host', name the user in an option of its own and the password's file in another"
    case .path: "end after the port, for example 'mqtts://broker.example:8883'"
    case .missingHost: "write for example 'mqtts://broker.example'"
    case .malformedHost:
      "write a name of letters, digits, hyphens and dots (others in their xn-- form), an IPv4 address,"
        + " or an IPv6 address in brackets"
    case .unclosedBracket, .bracketlessAddress:
      "write an IPv6 address in brackets, for example 'mqtt://[fd00::7]:1883'"
    case .malformedPort: "write for example 'mqtts://broker.example:8883', or leave the port out"
    }
  }

  /// What is wrong; what to write instead.
  public var description: String { "\(message); \(remedy)" }
}
