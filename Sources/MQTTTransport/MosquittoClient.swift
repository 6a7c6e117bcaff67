import CMosquitto
import Glibc
import Runtime

/// A failed call, in words.
struct ClientFailure: Error {
  let words: String
  /// Whether the other side had closed the connection.
  var isClosure = false
}

/// A client of libmosquitto, used by one thread.
///
/// The thread is the only user, so the library is never in its threaded mode: calls write what the
/// socket takes, keep the rest, and never wait. Only `connect` blocks.
struct MosquittoClient: ~Copyable {
  /// What the library calls back with, kept alive as long as the client.
  let observer: SessionObserver
  let version: MQTTVersion
  private let handle: OpaquePointer

  /// A client with a clean session.
  init(id: String, version: MQTTVersion) throws(ClientFailure) {
    // Once for the process; the library counts, and the end of the process cleans up.
    _ = Self.library
    guard let handle = mosquitto_new(id, true, nil) else {
      throw ClientFailure(words: Self.words(CInt(MOSQ_ERR_ERRNO.rawValue), errno))
    }
    self.handle = handle
    self.version = version
    observer = SessionObserver(version: version)
    observer.observe(handle)
  }

  deinit { mosquitto_destroy(handle) }

  private static let library = mosquitto_lib_init()

  // MARK: Before the connection

  /// Sets the version, and how many QoS 1 messages may be under way; a broker may want fewer.
  func setProtocol(window messages: Int) throws(ClientFailure) {
    try Self.check(mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, version.rawValue))
    try Self.check(mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1))
    try Self.check(mosquitto_int_option(handle, MOSQ_OPT_SEND_MAXIMUM, CInt(messages)))
  }

  func setUser(_ name: String, password: [UInt8]?) throws(ClientFailure) {
    guard let password else {
      return try Self.check(mosquitto_username_pw_set(handle, name, nil))
    }
    let terminated = password.map { CChar(bitPattern: $0) } + [0]
    try Self.check(mosquitto_username_pw_set(handle, name, terminated))
  }

  func setWill(_ will: OutgoingMessage) throws(ClientFailure) {
    if let refusal = will.refusal {
      throw ClientFailure(words: "the last will is wrong: \(refusal)")
    }
    var properties = try Self.properties(of: will, version: version)
    let code = will.payload.withUnsafeBytes { payload in
      mosquitto_will_set_v5(
        handle, will.topic, CInt(payload.count), payload.baseAddress, will.token == nil ? 0 : 1,
        will.isRetained, properties)
    }
    // The library owns the properties only if it took the will.
    if code != CInt(MOSQ_ERR_SUCCESS.rawValue) { mosquitto_property_free_all(&properties) }
    try Self.check(code)
  }

  /// Demands TLS 1.2 or later, the library's own floor, and a certificate for the endpoint's host.
  func setTLS(_ files: MQTTConfiguration.TLSFiles) throws(ClientFailure) {
    for file in [files.authorities, files.certificate, files.key] {
      guard let file, access(file, R_OK) != 0 else { continue }
      throw ClientFailure(
        words: "the file '\(file)' can't be read: \(String(cString: strerror(errno)))")
    }
    if files.authorities == nil {
      try Self.check(mosquitto_int_option(handle, MOSQ_OPT_TLS_USE_OS_CERTS, 1))
    }
    guard files.authorities != nil || files.certificate != nil else { return }
    // The library wants to be told of authorities wherever it is told of a certificate.
    let directory = files.authorities == nil ? "/etc/ssl/certs" : nil
    try Self.check(
      mosquitto_tls_set(handle, files.authorities, directory, files.certificate, files.key) {
        // A key with a pass phrase must be an error, not a question on a terminal.
        _, _, _, _ in -1
      })
  }

  // MARK: The connection

  /// Looks up the name, connects and writes CONNECT; this blocks, for minutes if need be.
  func connect(
    to endpoint: MQTTEndpoint, keepAlive: Duration
  ) throws(ClientFailure) {
    let seconds = CInt(clamping: keepAlive.components.seconds)
    try Self.check(mosquitto_connect(handle, endpoint.host, CInt(endpoint.port), seconds))
  }

  /// The socket, or a negative number when there is none.
  var socket: CInt { mosquitto_socket(handle) }

  /// Whether something waits to be written.
  var wantsToWrite: Bool { mosquitto_want_write(handle) }

  func read() throws(ClientFailure) { try Self.check(mosquitto_loop_read(handle, 1)) }

  func write() throws(ClientFailure) { try Self.check(mosquitto_loop_write(handle, 1)) }

  /// Sends a ping where one is due, and notices that an answer is overdue.
  func keepAlive() throws(ClientFailure) { try Self.check(mosquitto_loop_misc(handle)) }

  /// Subscribes at QoS 1; returns the packet's number.
  func subscribe(to filter: String) throws(ClientFailure) -> CInt {
    var packet: CInt = 0
    try Self.check(mosquitto_subscribe(handle, &packet, filter, 1))
    return packet
  }

  /// Publishes; returns the packet's number.
  func publish(_ message: OutgoingMessage) throws(ClientFailure) -> CInt {
    var packet: CInt = 0
    var properties = try Self.properties(of: message, version: version)
    defer { if properties != nil { mosquitto_property_free_all(&properties) } }
    let code = message.payload.withUnsafeBytes { payload in
      mosquitto_publish_v5(
        handle, &packet, message.topic, CInt(payload.count), payload.baseAddress,
        message.token == nil ? 0 : 1, message.isRetained, properties)
    }
    try Self.check(code)
    return packet
  }

  /// Says farewell, so that the broker drops the will.
  func disconnect() throws(ClientFailure) { try Self.check(mosquitto_disconnect(handle)) }

  // MARK: Codes and words

  private static func properties(
    of message: OutgoingMessage, version: MQTTVersion
  ) throws(ClientFailure) -> OpaquePointer? {
    guard version == .v5, let contentType = message.contentType else { return nil }
    var properties: OpaquePointer?
    try check(
      mosquitto_property_add_string(
        &properties, CInt(MQTT_PROP_CONTENT_TYPE.rawValue), contentType))
    return properties
  }

  private static func check(_ code: CInt) throws(ClientFailure) {
    guard code != CInt(MOSQ_ERR_SUCCESS.rawValue) else { return }
    let number = errno
    let isReset = code == CInt(MOSQ_ERR_ERRNO.rawValue) && [ECONNRESET, EPIPE].contains(number)
    throw ClientFailure(
      words: words(code, number), isClosure: code == CInt(MOSQ_ERR_CONN_LOST.rawValue) || isReset)
  }

  private static func words(_ code: CInt, _ number: CInt) -> String {
    switch code {
    case CInt(MOSQ_ERR_ERRNO.rawValue) where number != 0: String(cString: strerror(number))
    // The library leaves the resolver's code where the system's would be.
    case CInt(MOSQ_ERR_EAI.rawValue) where number < 0: String(cString: gai_strerror(number))
    case CInt(MOSQ_ERR_CONN_LOST.rawValue): "the broker closed the connection"
    case CInt(MOSQ_ERR_KEEPALIVE.rawValue):
      "the broker was silent for longer than the keep-alive time"
    default: String(cString: mosquitto_strerror(code)).trimmingFullStop
    }
  }
}

extension String {
  /// The text without the full stop that the library puts behind its messages.
  var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
