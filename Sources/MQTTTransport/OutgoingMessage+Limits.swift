import CMosquitto
import Runtime

/// What a broker takes, as far as it has said so in its CONNACK.
struct SessionLimits: Hashable, Sendable {
  var version: MQTTVersion
  /// The longest packet (MQTT 5, section 3.2.2.3.6).
  var packetBytes = 268_435_455 + 5
  /// Whether retained messages are kept (section 3.2.2.3.5).
  var keepsRetained = true
  /// Whether QoS 1 is spoken (section 3.2.2.3.4).
  var acknowledges = true
}

extension OutgoingMessage {
  /// The acknowledgement's token, if one is due.
  var token: UInt64? {
    switch delivery {
    case .atMostOnce: nil
    case .atLeastOnce(let token): token
    }
  }

  /// Why no broker would take the message, if so.
  var refusal: String? {
    // Both are pure functions of the library, so the rules are those of the publishing side.
    let bytes = topic.utf8.count
    guard (1...65_535).contains(bytes), !topic.utf8.contains(0) else {
      return "the topic has \(bytes) bytes or a zero byte; use 1 to 65535 bytes of text"
    }
    guard mosquitto_pub_topic_check2(topic, bytes) == CInt(MOSQ_ERR_SUCCESS.rawValue) else {
      return "the topic '\(topic)' holds a wildcard; publish without '+' and '#'"
    }
    guard Self.isValid(topic) else { return "the topic holds a control character; leave it out" }
    if let contentType {
      guard contentType.utf8.count <= 65_535, Self.isValid(contentType) else {
        return "the content type of '\(topic)' can't be sent; use a short media type"
      }
    }
    return nil
  }

  /// Why this broker would not take the message, if so.
  func refusal(under limits: SessionLimits) -> String? {
    if token != nil, !limits.acknowledges { return "the broker acknowledges nothing (QoS 0 only)" }
    if isRetained, !limits.keepsRetained { return "the broker keeps no retained messages" }
    let packet = packetBytes(version: limits.version)
    guard packet <= limits.packetBytes else {
      return "the message for '\(topic)' is a packet of \(packet) bytes; the broker takes"
        + " \(limits.packetBytes)"
    }
    return nil
  }

  /// The length of the PUBLISH packet (MQTT 5, section 3.3; MQTT 3.1.1, section 3.3).
  private func packetBytes(version: MQTTVersion) -> Int {
    var rest = 2 + topic.utf8.count + payload.count + (token == nil ? 0 : 2)
    if version == .v5 {
      let properties = contentType.map { 3 + $0.utf8.count } ?? 0
      rest += Self.variableLengthBytes(properties) + properties
    }
    return 1 + Self.variableLengthBytes(rest) + rest
  }

  private static func variableLengthBytes(_ value: Int) -> Int {
    switch value {
    case ..<128: 1
    case ..<16_384: 2
    case ..<2_097_152: 3
    default: 4
    }
  }

  private static func isValid(_ text: String) -> Bool {
    !text.utf8.contains(0)
      && mosquitto_validate_utf8(text, CInt(text.utf8.count)) == CInt(MOSQ_ERR_SUCCESS.rawValue)
  }
}
