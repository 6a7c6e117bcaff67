public import Buses

/// Why a driver has no measurement.
public enum DriverFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exchange on the bus failed.
  case bus(I2CFailure)
  /// The line failed.
  case line(LineFailure)
  /// The kernel's device failed.
  case kernel(KernelDeviceFailure)
  /// Another chip answers at the address.
  case wrongIdentity(found: String, expected: String)
  /// Bytes arrived damaged; the text says which.
  case checksum(String)
  /// The result was not ready when it should have been.
  case notReady
  /// The chip lost its settings, as after a dip of its supply.
  case wasReset(String)
  /// Bytes that the chip cannot have sent, or too few or too many of them.
  case malformed(String)

  /// What happened, for people and for signed events.
  public var description: String {
    switch self {
    case .bus(let failure): failure.description
    case .line(let failure): failure.description
    case .kernel(let failure): failure.description
    case .wrongIdentity(let found, let expected): "identity is \(found), expected \(expected)"
    case .checksum(let which): "checksum is wrong: \(which)"
    case .notReady: "measurement is not ready"
    case .wasReset(let sign): "chip was reset: \(sign)"
    case .malformed(let what): "malformed data: \(what)"
    }
  }
}

/// Options of a driver that contradict each other or the chip.
public struct OptionConflict: Error, Hashable, Sendable {
  /// The key to blame.
  public let option: String
  /// What is wrong, in a clause.
  public let message: String
  /// What to write instead, in a clause.
  public let remedy: String

  /// A conflict that is blamed on one key.
  public init(option: String, _ message: String, remedy: String) {
    self.option = option
    self.message = message
    self.remedy = remedy
  }
}
