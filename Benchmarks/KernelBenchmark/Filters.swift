import Kernels

private let minute: Int64 = 60_000_000_000

func timeFilters(_ bench: Bench) {
  filter(bench, "clamp", ClampFilter(-10...25))
  filter(bench, "debounce", DebounceFilter(period: minute / 2))
  filter(bench, "delta", DeltaFilter(.absolute(0.2)))
  filter(
    bench, "exponential moving average", ExponentialMovingAverageFilter(sendEvery: 1))
  filter(bench, "filter out, 3 values", FilterOutFilter([85, -127, 0]))
  filter(bench, "heartbeat", HeartbeatFilter(period: minute))
  filter(bench, "linear calibration, exact, 5 points", LinearCalibration(points, method: .exact))
  filter(bench, "linear calibration, least squares", LinearCalibration(points))
  filter(bench, "polynomial calibration, degree 3", PolynomialCalibration(points, degree: 3))
  filter(bench, "maximum, 5 samples", MaximumFilter(sendEvery: 1))
  filter(bench, "minimum, 5 samples", MinimumFilter(sendEvery: 1))
  filter(bench, "median, 5 samples", MedianFilter(sendEvery: 1))
  filter(bench, "median, 31 samples", MedianFilter(window: 31, sendEvery: 1))
  filter(bench, "median, 101 samples", MedianFilter(window: 101, sendEvery: 1))
  filter(bench, "quantile, 5 samples", QuantileFilter(sendEvery: 1))
  filter(bench, "moving average, 15 samples", MovingAverageFilter(sendEvery: 1))
  filter(bench, "round", RoundFilter(decimals: 1))
  filter(bench, "round to a multiple", RoundToMultipleFilter(of: 0.25))
  filter(bench, "skip initial", SkipInitialFilter(5))
  filter(bench, "spike rejection", SpikeRejection(maximumRate: 0.05))
  filter(bench, "throttle", ThrottleFilter(period: 5 * minute))
  filter(bench, "throttle average", ThrottleAverageFilter(period: 5 * minute))
  filter(bench, "timeout", TimeoutFilter(period: 2 * minute))
}

private let points = [
  CalibrationPoint(-30, -29.5), CalibrationPoint(-10, -9.8), CalibrationPoint(0, 0.1),
  CalibrationPoint(20, 20.2), CalibrationPoint(40, 40.6),
]

@inline(__always)
private func filter<Filter: StreamFilter>(_ bench: Bench, _ name: String, _ make: Filter?) {
  bench.time("filter: \(name)", make) { filter, point in
    let due = filter.advance(to: point.nanoseconds)?.value ?? 0
    return due + (filter.accept(point.sample)?.value ?? 0)
  }
}
