/// One value of a stream at a time.
public struct Sample: Hashable, Sendable {
  /// When the value was measured, in nanoseconds; the epoch is the caller's, and stays the same.
  public let nanoseconds: Int64
  /// The value in the stream's unit.
  public let value: Double

  /// A value at a time in nanoseconds.
  public init(nanoseconds: Int64, value: Double) {
    self.nanoseconds = nanoseconds
    self.value = value
  }
}
