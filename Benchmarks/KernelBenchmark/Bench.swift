import CAllocations
import Glibc
import Kernels

/// Times the steps of kernels over series.
///
/// A step is far shorter than reading the clock, so batches of 64 are timed, and the median of the
/// batches is what a step takes. The first round over the series warms up and is not counted.
struct Bench {
  static let batch = 64
  let series: [Series]
  /// Only kernels whose names contain this are measured.
  let word: String
  let rounds: Int

  /// Measures a kernel on each series; a step gives any number that depends on its result.
  @inline(__always)
  func time<Kernel>(
    _ name: String, _ make: @autoclosure () -> Kernel?,
    _ step: (inout Kernel, Point) -> Double
  ) {
    guard word.isEmpty || name.contains(word) else { return }
    for series in series {
      guard var kernel = make() else { fail("\(name) refuses its parameters") }
      measure(name, series, &kernel, step)
    }
  }

  /// Measures on the first series only, for kernels whose input is made by the step itself.
  @inline(__always)
  func timeOnce<Kernel>(
    _ name: String, _ make: @autoclosure () -> Kernel?,
    _ step: (inout Kernel, Point) -> Double
  ) {
    guard word.isEmpty || name.contains(word) else { return }
    guard var kernel = make() else { fail("\(name) refuses its parameters") }
    measure(name, series[0], &kernel, step)
  }

  @inline(__always)
  private func measure<Kernel>(
    _ name: String, _ series: Series, _ kernel: inout Kernel,
    _ step: (inout Kernel, Point) -> Double
  ) {
    let batches = series.points.count / Self.batch
    let span = Int64(series.points.count) * series.interval
    var points = Array(series.points.prefix(Self.batch))
    var times = [Double](repeating: 0, count: batches * rounds)
    var place = 0
    var requests: UInt64 = 0
    var result = 0.0
    for round in -1..<rounds {
      for batch in 0..<batches {
        for index in 0..<Self.batch {
          var point = series.points[batch * Self.batch + index]
          point.nanoseconds += Int64(round + 1) * span
          points[index] = point
        }
        let (before, start) = (allocations(), now())
        for index in 0..<Self.batch { result += step(&kernel, points[index]) }
        let (end, after) = (now(), allocations())
        guard round >= 0 else { continue }
        times[place] = Double(end - start) / Double(Self.batch)
        place += 1
        requests += after - before
      }
    }
    use(result)
    report(name, series.name, &times, requests)
  }
}

@inline(never)
private func report(_ name: String, _ series: String, _ times: inout [Double], _ requests: UInt64) {
  let mean = times.reduce(0, +) / Double(times.count)
  times.sort()
  let median = times[times.count / 2]
  let late = times[times.count * 99 / 100]
  print(
    """
    {"kernel":"\(name)","series":"\(series)","median_ns":\(median),"mean_ns":\(mean),\
    "p99_ns":\(late),"allocations":\(requests),"steps":\(times.count * Bench.batch)}
    """)
}

/// Keeps a result, so that what led to it is not left out.
@inline(never)
private func use(_ result: Double) {
  if result == 0.123456789 { print("") }
}

@inline(__always)
private func now() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
