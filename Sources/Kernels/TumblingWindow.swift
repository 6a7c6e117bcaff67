/// Cuts a stream into windows of one length that touch and never overlap.
///
/// Windows begin at whole multiples of the length since the epoch of the samples, so two boards
/// with the right time cut alike. A window is complete when the time has passed its end; a sample
/// at the end belongs to the next one. A sample older than the open window is late: it is counted
/// and left out, since the window it belongs to was given away already.
public struct TumblingWindow: Hashable, Sendable {
  /// A complete window.
  public struct Result: Hashable, Sendable {
    /// When the window began, in nanoseconds of the samples' epoch.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The statistics of the values in it.
    public let statistics: RunningStatistics
  }

  /// The length in nanoseconds.
  public let length: Int64
  /// How many samples came too late.
  public private(set) var lateSamples: UInt64 = 0
  private var start: Int64?
  private var statistics = RunningStatistics()

  /// Windows of a length in nanoseconds, at least 1.
  public init(length: Int64) {
    self.length = max(1, length)
  }

  /// Takes a sample; gives the window that it closes, where that had values.
  public mutating func accept(_ sample: Sample) -> Result? {
    let closed = advance(to: sample.nanoseconds)
    if start == nil { start = Self.floor(sample.nanoseconds, length) }
    if let start, sample.nanoseconds < start {
      lateSamples += 1
    } else {
      statistics.accept(sample.value)
    }
    return closed
  }

  /// Says that time has come so far; gives the window that it closes, where that had values.
  public mutating func advance(to nanoseconds: Int64) -> Result? {
    guard let open = start else { return nil }
    let (end, overflow) = open.addingReportingOverflow(length)
    guard !overflow, nanoseconds >= end else { return nil }
    start = Self.floor(nanoseconds, length)
    defer { statistics = RunningStatistics() }
    guard statistics.count > 0 else { return nil }
    return Result(start: open, end: end, statistics: statistics)
  }

  private static func floor(_ nanoseconds: Int64, _ length: Int64) -> Int64 {
    let remainder = nanoseconds % length
    let positive = remainder < 0 ? remainder + length : remainder
    let (floor, overflow) = nanoseconds.subtractingReportingOverflow(positive)
    return overflow ? Int64.min : floor
  }
}
