import CMosquitto

/// Writes down what libmosquitto calls back with, for the session to read after each call.
///
/// The library calls back on the thread that called it, inside that call. Nothing is decided here.
final class SessionObserver {
  /// One call back.
  enum Report {
    /// The broker's answer to CONNECT.
    case answer(code: CInt, limits: SessionLimits)
    /// The broker's answer to PUBLISH at QoS 1, or the end of writing one at QoS 0.
    case acknowledged(packet: CInt, code: CInt)
    /// The broker's answer to SUBSCRIBE.
    case subscribed(packet: CInt, codes: [CInt])
    /// A message of a subscription.
    case received(topic: String, payload: [UInt8])
    /// The end: a reason of the broker (128 and above) or of the library.
    case ended(code: CInt)
  }

  private let version: MQTTVersion
  private var reports: [Report] = []
  /// What OpenSSL complained of.
  private(set) var complaints: [String] = []
  /// What OpenSSL found out about the broker's certificate.
  private(set) var verdict: CertificateVerdict?

  init(version: MQTTVersion) { self.version = version }

  /// Everything since the last call, in order.
  func takeReports() -> [Report] {
    defer { reports.removeAll(keepingCapacity: true) }
    return reports
  }

  /// Makes a client, which must not outlive this object, call back here.
  func observe(_ client: OpaquePointer) {
    mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
    mosquitto_connect_v5_callback_set(client) { _, context, code, _, properties in
      guard let observer = SessionObserver.find(context) else { return }
      let limits = SessionLimits(version: observer.version, properties: properties)
      observer.reports.append(.answer(code: code, limits: limits))
    }
    mosquitto_publish_v5_callback_set(client) { _, context, packet, code, _ in
      SessionObserver.find(context)?.reports.append(.acknowledged(packet: packet, code: code))
    }
    mosquitto_subscribe_v5_callback_set(client) { _, context, packet, count, granted, _ in
      let codes = Array(UnsafeBufferPointer(start: granted, count: Int(count)))
      SessionObserver.find(context)?.reports.append(.subscribed(packet: packet, codes: codes))
    }
    mosquitto_message_v5_callback_set(client) { _, context, message, _ in
      guard let message = message?.pointee, let topic = message.topic else { return }
      let payload = UnsafeRawBufferPointer(
        start: message.payload, count: message.payload == nil ? 0 : Int(message.payloadlen))
      SessionObserver.find(context)?.reports.append(
        .received(topic: String(cString: topic), payload: Array(payload)))
    }
    mosquitto_disconnect_v5_callback_set(client) { _, context, code, _ in
      SessionObserver.find(context)?.reports.append(.ended(code: code))
    }
    mosquitto_log_callback_set(client) { client, context, level, text in
      guard level == CInt(MOSQ_LOG_ERR), let text, let observer = SessionObserver.find(context)
      else { return }
      observer.complaints.append(String(cString: text))
      // The library frees the TLS session before it returns; only now can it be asked.
      if observer.verdict == nil, let session = mosquitto_ssl_get(client) {
        observer.verdict = CertificateVerdict(session: session)
      }
    }
  }

  private static func find(_ context: UnsafeMutableRawPointer?) -> SessionObserver? {
    context.map { Unmanaged<SessionObserver>.fromOpaque($0).takeUnretainedValue() }
  }
}

extension SessionLimits {
  /// What a CONNACK says (MQTT 5, section 3.2.2.3).
  init(version: MQTTVersion, properties: OpaquePointer?) {
    self.init(version: version)
    guard properties != nil else { return }
    var byte: UInt8 = 1
    if mosquitto_property_read_byte(
      properties, CInt(MQTT_PROP_MAXIMUM_QOS.rawValue), &byte, false) != nil
    {
      acknowledges = byte >= 1
    }
    if mosquitto_property_read_byte(
      properties, CInt(MQTT_PROP_RETAIN_AVAILABLE.rawValue), &byte, false) != nil
    {
      keepsRetained = byte != 0
    }
    var bytes: UInt32 = 0
    if mosquitto_property_read_int32(
      properties, CInt(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), &bytes, false) != nil
    {
      packetBytes = Int(bytes)
    }
  }
}
