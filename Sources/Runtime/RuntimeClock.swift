public import Evidence

/// What the clocks said at one instant.
public struct Moment: Hashable, Sendable {
  /// Time since the start of the machine, sleep included, in milliseconds.
  public let bootMilliseconds: UInt64
  /// The system's time since 1970 in nanoseconds, right or not.
  public let unixNanoseconds: Int64
  /// How far the system's time is right; nil where nothing is known to keep it.
  public let quality: ClockQuality?

  /// A reading of all clocks.
  public init(bootMilliseconds: UInt64, unixNanoseconds: Int64, quality: ClockQuality?) {
    self.bootMilliseconds = bootMilliseconds
    self.unixNanoseconds = unixNanoseconds
    self.quality = quality
  }

  /// The clock as an entry states it; nil where nothing keeps the time.
  public var stamp: ClockReading? {
    guard let quality, unixNanoseconds >= 0 else { return nil }
    return ClockReading(
      unixMilliseconds: UInt64(unixNanoseconds / 1_000_000),
      errorMilliseconds: quality.errorMilliseconds, source: quality.source)
  }

  /// The time of a SenML record in seconds; nil where nothing keeps the time.
  ///
  /// Whole microseconds, so that the text stays short.
  public var recordTime: Double? { recordTime(atUnixNanoseconds: recordNanoseconds) }

  /// Another time as a SenML record states it under this moment's clock; nil where nothing keeps the
  /// time, or where SenML would read it as relative to now.
  func recordTime(atUnixNanoseconds nanoseconds: Int64) -> Double? {
    let seconds = Double(nanoseconds / 1000) / 1e6
    guard quality != nil, seconds >= SenMLRecord.smallestAbsoluteTimeSeconds else { return nil }
    return seconds
  }

  /// The system's time as a record has it, in nanoseconds, so that kernels see what a replay sees.
  public var recordNanoseconds: Int64 { unixNanoseconds / 1000 * 1000 }
}

/// How far the system's time is right, and who keeps it.
public struct ClockQuality: Hashable, Sendable {
  /// The largest error, in milliseconds.
  public let errorMilliseconds: UInt64
  /// Who keeps the time.
  public let source: ClockSource

  /// An error bound and who vouches for it.
  public init(errorMilliseconds: UInt64, source: ClockSource) {
    self.errorMilliseconds = errorMilliseconds
    self.source = source
  }
}

/// The time, and waiting for it; the only clock of the runtime.
public protocol RuntimeClock: Sendable {
  /// Nanoseconds of the monotonic clock, the one that stamps the edges of lines.
  var monotonicNanoseconds: Int64 { get }

  /// What all clocks say now.
  var now: Moment { get }

  /// Waits until the monotonic clock has come so far; throws where the task is cancelled.
  ///
  /// An actor with a thread of its own goes on there at once, however busy other threads are.
  nonisolated(nonsending) func sleep(untilMonotonic nanoseconds: Int64) async throws
}

extension RuntimeClock {
  /// Waits for a span of time.
  nonisolated(nonsending) func sleep(for duration: Duration) async throws {
    try await sleep(untilMonotonic: monotonicNanoseconds + duration.nanoseconds)
  }
}

extension Duration {
  /// The span in whole nanoseconds, the nearest that can be kept.
  public var nanoseconds: Int64 {
    let parts = components
    let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return parts.seconds < 0 ? .min : .max }
    return whole.addingReportingOverflow(parts.attoseconds / 1_000_000_000).partialValue
  }
}
