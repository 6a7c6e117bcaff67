import Kernels

private let second: Int64 = 1_000_000_000
private let minute = 60 * second

func timeWindows(_ bench: Bench) {
  bench.time("running statistics", RunningStatistics()) { kernel, point in
    kernel.accept(point.value)
    return Double(kernel.count)
  }
  bench.time("tumbling window, 10 samples", TumblingWindow(length: 10 * minute)) {
    $0.accept($1.sample)?.statistics.mean ?? 0
  }
  bench.time("sliding window, 10 panes of 6 samples", sliding(60 * minute, 6 * minute)) {
    kernel, point in
    var sum = 0.0
    kernel.accept(point.sample) { sum += $0.summary.mean ?? 0 }
    return sum
  }
  bench.time("sliding window, 60 panes of 1 sample", sliding(60 * minute, minute)) {
    kernel, point in
    var sum = 0.0
    kernel.accept(point.sample) { sum += $0.summary.mean ?? 0 }
    return sum
  }
  bench.time("session window", SessionWindow(gap: 2 * minute, maximumLength: 60 * minute)) {
    $0.accept($1.sample)?.summary.mean ?? 0
  }
  bench.time("window summary", WindowSummary()) { kernel, point in
    kernel.accept(point.sample)
    return Double(kernel.count)
  }
  bench.time("window summary of directions", WindowSummary(.init(isDirection: true))) {
    kernel, point in
    kernel.accept(Sample(nanoseconds: point.nanoseconds, value: point.direction))
    return Double(kernel.count)
  }
  bench.time("direction mean", DirectionMean()) { kernel, point in
    kernel.accept(point.direction, weight: point.speed)
    return kernel.weight
  }
  bench.time("exponential mean", ExponentialMean(timeConstant: 10 * minute)) {
    $0.accept($1.sample) ?? 0
  }
  bench.time("quantile sketch, k = 200", QuantileSketch()) { kernel, point in
    kernel.accept(point.value)
    return Double(kernel.count)
  }
}

private func sliding(_ length: Int64, _ slide: Int64) -> SlidingWindow? {
  SlidingWindow(length: length, slide: slide)
}
