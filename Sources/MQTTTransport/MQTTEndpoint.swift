import Glibc

/// Where a broker listens, and whether the way there is encrypted.
///
/// The text form is `mqtt://host[:port]` (port 1883 unless said) or `mqtts://host[:port]` (TLS, port
/// 8883 unless said). A host is a name, an IPv4 address, or an IPv6 address in brackets. There is no
/// place for a user name, a password, a path or a query: secrets belong in files.
public struct MQTTEndpoint: Hashable, Sendable, CustomStringConvertible {
  /// The name or the address, without brackets.
  public let host: String
  /// The TCP port, 1...65535.
  public let port: UInt16
  /// Whether the connection is TLS.
  public let isEncrypted: Bool

  /// Reads an endpoint as users write it.
  public init(parsing text: String) throws(MQTTEndpointFailure) {
    guard let separator = text.firstRange(of: "://") else { throw .missingScheme }
    switch text[..<separator.lowerBound] {
    case "mqtt": isEncrypted = false
    case "mqtts": isEncrypted = true
    case let scheme: throw .unknownScheme(String(scheme))
    }
    let authority = text[separator.upperBound...]
    // First, so that no later message can repeat a secret.
    guard !authority.contains("@") else { throw .userInformation }
    guard !authority.contains(where: { "/?#".contains($0) }) else { throw .path }
    let (host, port) = try Self.split(authority)
    self.host = host
    self.port = try port.map(Self.port(of:)) ?? Self.usualPort(isEncrypted: isEncrypted)
  }

  /// The shortest text that is read as this endpoint.
  public var description: String {
    let scheme = isEncrypted ? "mqtts" : "mqtt"
    let place = host.contains(":") ? "[\(host)]" : host
    let isUsual = port == Self.usualPort(isEncrypted: isEncrypted)
    return "\(scheme)://\(place)\(isUsual ? "" : ":\(port)")"
  }

  private static func usualPort(isEncrypted: Bool) -> UInt16 { isEncrypted ? 8883 : 1883 }

  private static func split(
    _ authority: Substring
  ) throws(MQTTEndpointFailure) -> (host: String, port: Substring?) {
    if authority.first == "[" {
      guard let bracket = authority.firstIndex(of: "]") else { throw .unclosedBracket }
      let host = String(authority[authority.index(after: authority.startIndex)..<bracket])
      guard isIPv6(host) else { throw .malformedHost(host) }
      let rest = authority[authority.index(after: bracket)...]
      guard let colon = rest.first else { return (host, nil) }
      guard colon == ":" else { throw .malformedPort(String(rest)) }
      return (host, rest.dropFirst())
    }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { throw .bracketlessAddress }
    let host = String(parts[0])
    guard !host.isEmpty else { throw .missingHost }
    guard isName(host) else { throw .malformedHost(host) }
    return (host, parts.count == 2 ? parts[1] : nil)
  }

  private static func port(of text: Substring) throws(MQTTEndpointFailure) -> UInt16 {
    guard text.utf8.allSatisfy(isDigit), text.first != "0", let port = UInt16(text) else {
      throw .malformedPort(String(text))
    }
    return port
  }

  /// Whether a text is a host name (RFC 1123, and the underscore that container names have) or an
  /// IPv4 address.
  private static func isName(_ text: String) -> Bool {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A name that ends in a number is an address to every resolver.
    if let last = labels.last, last.allSatisfy(isDigit) {
      var address = in_addr()
      return inet_pton(AF_INET, text, &address) == 1
    }
    return text.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
          && label.last != UInt8(ascii: "-")
          && label.allSatisfy { isDigit($0) || isLetter($0) || "-_".utf8.contains($0) }
      }
  }

  /// Whether a text is an IPv6 address, with an interface where it is of link scope (RFC 4007).
  private static func isIPv6(_ text: String) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard (1...15).contains(parts[1].utf8.count),
        parts[1].utf8.allSatisfy({ isDigit($0) || isLetter($0) || "-_.".utf8.contains($0) })
      else { return false }
    }
    guard !parts[0].utf8.contains(0) else { return false }
    var address = in6_addr()
    return inet_pton(AF_INET6, String(parts[0]), &address) == 1
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
