/// A model of a chip as its registers show it, driven by signals instead of the world.
///
/// All times are nanoseconds of the monotonic clock and never go back. A chip whose signals have
/// no value now does not answer, as one with a loose wire would, so that a gap in a recording
/// becomes a gap in the log; its registers stay.
public protocol VirtualChip: Sendable {
  /// What is wrong with it; chips act on `corruptsChecksum` and `neverReady` only.
  var fault: VirtualFault? { get set }

  /// Whether it acknowledges its address.
  func answers(at nanoseconds: Int64) -> Bool

  /// Takes the bytes of one write; returns whether it acknowledged them.
  mutating func write(_ bytes: [UInt8], at nanoseconds: Int64) -> Bool

  /// The bytes of one read; nil where it does not acknowledge its address for reading.
  mutating func read(_ count: Int, at nanoseconds: Int64) -> [UInt8]?

  /// Brings every register to its power-on value, as a dip of the supply does.
  mutating func powerCycle(at nanoseconds: Int64)
}
