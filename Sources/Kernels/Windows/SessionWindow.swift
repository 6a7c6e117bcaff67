/// Cuts a stream into sessions, each of samples that follow each other within a gap.
///
/// A session ends when no value has come for longer than the gap, or when it has lasted as long as
/// it may; a value that then comes begins the next one. NaN and infinities begin and prolong no
/// session; within one they are counted as missing. A sample older than the session's first is
/// late: it is counted and left out. Within a session the order is as `WindowSummary` says.
/// Stretches between sessions belong to none.
public struct SessionWindow: Hashable, Sendable {
  /// A complete session.
  public struct Result: Hashable, Sendable {
    /// When its first sample was, in nanoseconds of the samples' epoch.
    public let start: Int64
    /// When its last sample was, inclusive.
    public let end: Int64
    /// The summary of its samples.
    public let summary: WindowSummary
  }

  /// The longest time between samples of a session in nanoseconds.
  public let gap: Int64
  /// How long a session may last, in nanoseconds; nil without end.
  public let maximumLength: Int64?
  /// How many samples came too late.
  public private(set) var lateSamples: UInt64 = 0
  private var summary: WindowSummary

  /// Sessions with a longest gap and a longest duration in nanoseconds; nil where not over 0.
  public init?(
    gap: Int64, maximumLength: Int64? = nil, rule: WindowSummary.Rule = WindowSummary.Rule()
  ) {
    guard gap > 0, maximumLength ?? 1 > 0 else { return nil }
    self.gap = gap
    self.maximumLength = maximumLength
    summary = WindowSummary(rule)
  }

  /// Takes a sample; gives the session that it closes.
  public mutating func accept(_ sample: Sample) -> Result? {
    let closed = advance(to: sample.nanoseconds)
    if let first = summary.first {
      if sample.nanoseconds < first.nanoseconds {
        lateSamples += 1
      } else {
        summary.accept(sample)
      }
    } else if sample.value.isFinite {
      summary.accept(sample)
    }
    return closed
  }

  /// Says that time has come so far; gives the session that has ended.
  public mutating func advance(to nanoseconds: Int64) -> Result? {
    guard let first = summary.first, let last = summary.last, nanoseconds > last.nanoseconds
    else { return nil }
    let (silence, isLong) = nanoseconds.subtractingReportingOverflow(last.nanoseconds)
    let (length, isEndless) = nanoseconds.subtractingReportingOverflow(first.nanoseconds)
    guard isLong || silence > gap || maximumLength.map({ isEndless || length >= $0 }) ?? false
    else { return nil }
    return finish()
  }

  /// Ends the stream; gives the session that is open.
  public mutating func finish() -> Result? {
    guard let first = summary.first, let last = summary.last else { return nil }
    defer { summary = WindowSummary(summary.rule) }
    return Result(start: first.nanoseconds, end: last.nanoseconds, summary: summary)
  }
}
