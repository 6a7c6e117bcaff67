/// Why an exchange on an I2C bus did not happen.
public struct I2CFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What a caller can act on.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// No device answered at the address.
    case noAcknowledgeOfAddress = "no acknowledge at the address"
    /// The device did not take a byte.
    case noAcknowledgeOfData = "no acknowledge of data"
    /// Something was not acknowledged; the adapter does not say what.
    case noAcknowledge = "no acknowledge"
    /// Another host won the bus.
    case arbitrationLost = "arbitration lost"
    /// The exchange took longer than the adapter allows, as when a device holds the clock low.
    case timeout = "timeout"
    /// The bus, or the address, is held by somebody else.
    case busy = "busy"
    /// The adapter is not there, or not any more.
    case deviceGone = "adapter gone"
    /// The adapter cannot make such an exchange.
    case unsupported = "not supported by the adapter"
    /// Anything else; the detail says what.
    case other = "failure"
  }

  /// What happened, for programs.
  public let kind: Kind
  /// What happened in the adapter's words, or empty.
  public let detail: String

  /// A failure of one kind, with the adapter's own words.
  public init(_ kind: Kind, detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  /// What happened, for people.
  public var description: String {
    detail.isEmpty ? kind.rawValue : "\(kind.rawValue) (\(detail))"
  }
}
