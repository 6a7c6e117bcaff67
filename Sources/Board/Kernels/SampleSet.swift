import Kernels

/// The samples of several streams that belong together.
///
/// A set is complete when each stream has had a sample since the last set, and none of them is older
/// than the newest by more than the tolerance; then it is given once, at the newest's time. A stream
/// that comes more often than the others counts with its newest sample. A sample that is not finite
/// makes its stream wait for the next.
struct SampleSet: Sendable {
  private let tolerance: Int64
  private var times: [Int64?]
  /// The newest values, by stream.
  private(set) var values: [Double]

  /// Sets of so many streams, with a tolerance in nanoseconds.
  init(count: Int, tolerance: Int64) {
    self.tolerance = tolerance
    times = Array(repeating: nil, count: count)
    values = Array(repeating: 0, count: count)
  }

  /// Takes a sample of a stream; gives the time of the set that it completes.
  mutating func accept(_ sample: Sample, input: Int) -> Int64? {
    guard sample.value.isFinite else {
      times[input] = nil
      return nil
    }
    times[input] = sample.nanoseconds
    values[input] = sample.value
    var (oldest, newest) = (Int64.max, Int64.min)
    for time in times {
      guard let time else { return nil }
      oldest = min(oldest, time)
      newest = max(newest, time)
    }
    let (age, overflow) = newest.subtractingReportingOverflow(oldest)
    guard !overflow, age <= tolerance else { return nil }
    for index in times.indices { times[index] = nil }
    return newest
  }
}
