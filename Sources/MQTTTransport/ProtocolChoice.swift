/// A version of MQTT on the wire.
enum MQTTVersion: CInt {
  case v311 = 4
  case v5 = 5

  var name: String { self == .v5 ? "MQTT 5" : "MQTT 3.1.1" }
}

/// Which version to try next.
///
/// A broker that speaks no MQTT 5 either says so (CONNACK 0x01 or 0x84) or closes the connection. The
/// latter is also what a broker does that goes down; so it only moves the choice as long as no
/// session has been had, and back again if the other version fares no better.
struct ProtocolChoice {
  private let setting: MQTTConfiguration.ProtocolVersion
  private(set) var version: MQTTVersion
  private var isSettled = false

  init(_ setting: MQTTConfiguration.ProtocolVersion) {
    self.setting = setting
    version = setting == .v311 ? .v311 : .v5
  }

  /// Whether a session of this version would be the first after a fall-back.
  var isFallBack: Bool { setting == .automatic && version == .v311 && !isSettled }

  /// Keeps the version, because it worked.
  mutating func keep() { isSettled = true }

  /// Draws the consequence of a lost attempt; returns the version to try next if it is another.
  mutating func reconsider(after cause: SessionEnd.Cause) -> MQTTVersion? {
    guard setting == .automatic else { return nil }
    switch cause {
    case .versionRefused: isSettled = false
    case .closedBeforeAnswer where !isSettled: break
    case .closedBeforeAnswer, .other: return nil
    }
    version = version == .v5 ? .v311 : .v5
    return version
  }
}
