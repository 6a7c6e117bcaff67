/// One of the byte strings that a driver decodes: what it holds and how long it is.
public struct RawString: Hashable, Sendable, CustomStringConvertible {
  /// What it holds, in its order, for example `register 0x01, shunt voltage`.
  public let contents: String
  /// How many bytes it has.
  public let count: Int

  /// A byte string of one length.
  public init(_ contents: String, bytes count: Int) {
    self.contents = contents
    self.count = count
  }

  /// What it holds and how long it is, for example `register 0x01, shunt voltage; 2 bytes`.
  public var description: String { "\(contents); \(count) \(count == 1 ? "byte" : "bytes")" }
}

extension SensorDriver {
  /// Checks that there are as many byte strings as the driver takes, each of its length.
  func requireLayout(_ raw: [[UInt8]]) throws(DriverFailure) {
    let lengths = Self.specification.rawLayout.map(\.count)
    guard raw.map(\.count) == lengths else {
      throw .malformed("raw bytes have the lengths \(raw.map(\.count)), expected \(lengths)")
    }
  }
}
