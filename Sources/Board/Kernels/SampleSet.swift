import Kernels

/// The samples of several streams that belong together.
///
/// A set is complete when each stream has had a sample since the last set, and none of them is older
/// than the newest by more than the tolerance; then it is given once, at the newest's time. A stream
/// that comes more often than the others counts with its newest sample.
///
/// Streams whose last set had one stamp, as the channels of one sensor and what is computed from
/// them, are waited for: a set of two stamps is not given then, as a sample is missing in it. When
/// two such sets in a row have passed, the streams are taken to have their own times again.
///
/// A sample that is not finite spoils its round: samples of its stamp are not kept, whether they
/// come before or after it. Nor is one whose stamp is that of a set in which its stream was older.
struct SampleSet: Sendable {
  private let tolerance: Int64
  private var times: [Int64?]
  /// The newest values, by stream.
  private(set) var values: [Double]
  /// The stamp of the last round that is over.
  private var over: Int64?
  /// The stamps with which the streams were in it; nil for one that was not.
  private var used: [Int64?]
  private var isOfOneStamp = false
  /// The newest stamp of the set that waits for a sample of the same stamp.
  private var awaited: Int64?
  private var passed = 0

  /// Sets of so many streams, with a tolerance in nanoseconds.
  init(count: Int, tolerance: Int64) {
    self.tolerance = tolerance
    times = Array(repeating: nil, count: count)
    values = Array(repeating: 0, count: count)
    used = times
  }

  /// Whether a sample belongs to a round that is over, and so is not kept.
  func isOver(_ sample: Sample, input: Int) -> Bool {
    times.count > 1 && sample.nanoseconds == over && used[input] != over
  }

  /// Takes a sample of a stream; gives the time of the set that it completes.
  mutating func accept(_ sample: Sample, input: Int) -> Int64? {
    let time = sample.nanoseconds
    guard !isOver(sample, input: input) else {
      // Stamps may be coarse: the next one of the stream is of a new round.
      used[input] = time
      return nil
    }
    guard sample.value.isFinite else {
      spoil(time, input: input)
      return nil
    }
    if let awaited, awaited != time {
      passed += 1
      if passed > 1 { isOfOneStamp = false }
    }
    awaited = nil
    times[input] = time
    values[input] = sample.value
    var (oldest, newest) = (Int64.max, Int64.min)
    for time in times {
      guard let time else { return nil }
      oldest = min(oldest, time)
      newest = max(newest, time)
    }
    let (age, overflow) = newest.subtractingReportingOverflow(oldest)
    guard !overflow, age <= tolerance else { return nil }
    if age == 0 {
      isOfOneStamp = true
      passed = 0
    } else if isOfOneStamp {
      awaited = newest
      return nil
    }
    for index in times.indices {
      used[index] = times[index]
      times[index] = nil
    }
    over = newest
    return newest
  }

  private mutating func spoil(_ time: Int64, input: Int) {
    for index in times.indices {
      let isOfRound = index == input || times[index] == time
      used[index] = isOfRound ? time : nil
      if isOfRound { times[index] = nil }
    }
    over = time
    awaited = nil
  }
}
