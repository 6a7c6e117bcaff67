import CMosquitto

/// A broker's refusal of a session, in words.
struct Refusal {
  private let code: CInt
  private let version: MQTTVersion

  /// A CONNACK's code: MQTT 5, section 3.2.2.2; MQTT 3.1.1, section 3.2.2.3.
  ///
  /// A broker that speaks no MQTT 5 answers in the older way.
  init(_ code: CInt, of version: MQTTVersion) {
    self.code = code
    self.version = version
  }

  /// Whether it is the version that was refused.
  var isOfTheVersion: Bool { code == 0x01 || code == 0x84 }

  /// What the broker did, and what to look at.
  var words: String {
    switch code {
    case 0x01, 0x84: "speaks no \(version.name)"
    case 0x02, 0x85: "refused the client ID; choose another"
    case 0x04, 0x86: "refused the user name or the password"
    case 0x05, 0x87:
      "refused the user name, the password or this client (not authorized);"
        + " check them and the broker's access rules"
    case 0x03, 0x88: "says that it is unavailable for now"
    case ..<0x80:
      "refused the session: "
        + String(cString: mosquitto_connack_string(code)).trimmingFullStop
    default: "refused the session: \(Self.reason(code))"
    }
  }

  /// The words of a reason code (MQTT 5, section 2.4).
  static func reason(_ code: CInt) -> String {
    String(cString: mosquitto_reason_string(code)).trimmingFullStop
  }

  /// The words for a complaint of OpenSSL, as libmosquitto logs it.
  static func words(for complaint: String, verdict: CertificateVerdict?) -> String {
    // OpenSSL's own form is "error:0A000086:SSL routines::certificate verify failed".
    let last = complaint.split(separator: ":").last.map(String.init) ?? complaint
    let words = last.drop { $0 == " " }
    guard complaint.hasSuffix("certificate verify failed"), let verdict else { return "\(words)" }
    // The library compares the host by itself and leaves OpenSSL's verdict at 0 or 1.
    guard verdict.code > 1 else {
      return "the certificate is not for this host; check the endpoint's host"
    }
    return "\(verdict.words)" + (verdict.hint.map { "; \($0)" } ?? "")
  }
}
