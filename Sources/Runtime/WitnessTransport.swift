/// Why a witness could not be asked.
public struct WitnessTransportFailure: Error, Hashable, Sendable {
  /// The reason, in words.
  public let reason: String

  /// A failure with a reason.
  public init(reason: String) { self.reason = reason }
}

/// What a witness's server answered.
public struct WitnessResponse: Hashable, Sendable {
  /// The status of HTTP.
  public let status: Int
  /// The media type, where it says one.
  public let contentType: String?
  /// The body.
  public let body: [UInt8]

  /// A response of its parts.
  public init(status: Int, contentType: String?, body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }
}

/// A way to ask a witness: a POST over HTTP.
public protocol WitnessTransport: Sendable {
  /// Sends a body and gives the response; it ends after a while by itself.
  func post(
    _ body: [UInt8], to url: String, trusting authorityFile: String?
  ) async throws(WitnessTransportFailure) -> WitnessResponse
}

/// Keeps which size a witness cosigned last, over restarts; losing it costs a question.
public protocol WitnessSizeStore: Sendable {
  /// The size that the witness with a name cosigned last; 0 where nothing is known.
  func load(_ name: String) -> UInt64

  /// Keeps a size.
  func save(_ size: UInt64, of name: String)
}
