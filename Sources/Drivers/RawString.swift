/// One of the byte strings that a driver decodes: what it holds and how long it is.
public struct RawString: Hashable, Sendable, CustomStringConvertible {
  /// What it holds, in its order, for example `register 0x01, shunt voltage`.
  public let contents: String
  /// How many bytes it has; where it repeats, how many each repetition has.
  public let count: Int
  /// What it has that many bytes for, for example `each of 'inputs'`; nil where it does not repeat.
  ///
  /// With the options' defaults there is one repetition.
  public let repetition: String?

  /// A byte string of one length, or of that length for each of something.
  public init(_ contents: String, bytes count: Int, for repetition: String? = nil) {
    self.contents = contents
    self.count = count
    self.repetition = repetition
  }

  /// What it holds and how long it is, for example `register 0x01, shunt voltage; 2 bytes`.
  public var description: String {
    "\(contents); \(count) \(count == 1 ? "byte" : "bytes")"
      + (repetition.map { " for \($0)" } ?? "")
  }
}

extension SensorDriver {
  /// Checks that there are as many byte strings as the driver takes, each of its length.
  func requireLayout(_ raw: [[UInt8]]) throws(DriverFailure) {
    try requireLengths(Self.specification.rawLayout.map(\.count), of: raw)
  }

  /// Checks that there are as many byte strings as lengths, each of its own.
  func requireLengths(_ lengths: [Int], of raw: [[UInt8]]) throws(DriverFailure) {
    guard raw.map(\.count) == lengths else {
      throw .malformed("raw bytes have the lengths \(raw.map(\.count)), expected \(lengths)")
    }
  }
}
