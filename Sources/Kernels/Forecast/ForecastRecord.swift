/// The forecasts of one horizon that are still to be judged, and the errors of those that were.
struct ForecastRecord: Hashable, Sendable {
  let horizon: Int
  private let memory: Double
  private var pending: [Double]
  private var absolute = RunningMean()
  private var square = RunningMean()
  private var paired = RunningMean()
  private var naive = RunningMean()

  /// A record whose errors are means over the last so many slots.
  init(horizon: Int, memory: Double) {
    self.horizon = horizon
    self.memory = memory
    pending = Array(repeating: .nan, count: horizon)
  }

  var meanAbsoluteError: Double? { absolute.count > 0 ? absolute.value : nil }
  var deviation: Double? { square.count > 0 ? square.value.squareRoot() : nil }
  var meanAbsoluteScaledError: Double? {
    naive.count > 0 && naive.value > 0 ? paired.value / naive.value : nil
  }

  /// Compares a slot's value with its forecast and with the value of a season ago; NaN is none.
  mutating func judge(slot: Int64, value: Double, naive other: Double) {
    let forecast = pending[place(slot)]
    guard !forecast.isNaN else { return }
    let error = (value - forecast).magnitude
    absolute.accept(error, memory: memory)
    square.accept(error * error, memory: memory)
    guard !other.isNaN else { return }
    paired.accept(error, memory: memory)
    naive.accept((value - other).magnitude, memory: memory)
  }

  /// Keeps the forecast that a slot gives for the one of the horizon, in place of the slot's own.
  mutating func keep(slot: Int64, _ forecast: Double) {
    pending[place(slot)] = forecast
  }

  private func place(_ slot: Int64) -> Int {
    let remainder = Int(slot % Int64(horizon))
    return remainder < 0 ? remainder + horizon : remainder
  }
}

/// A mean of all values up to a number of them, and an exponential one with that memory after.
private struct RunningMean: Hashable, Sendable {
  private(set) var value = 0.0
  private(set) var count = 0.0

  mutating func accept(_ sample: Double, memory: Double) {
    if count < memory { count += 1 }
    value += (sample - value) / count
  }
}
