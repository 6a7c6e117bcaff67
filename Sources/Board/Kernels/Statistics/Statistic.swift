import Kernels
import Quantities

/// One number about the samples of a window.
enum Statistic: String, CaseIterable, Sendable {
  case count, missing, mean, min, max, range, variance, deviation, rms
  case timeWeightedMean = "time-weighted-mean"
  case integral, rate, direction
  case first, last
  case median, p1, p5, p10, p25, p75, p90, p95, p99

  /// What it is, for people.
  var help: String {
    switch self {
    case .count: "number of values"
    case .missing: "number of missing values"
    case .mean: "arithmetic mean"
    case .min: "least value"
    case .max: "greatest value"
    case .range: "greatest less least value"
    case .variance: "variance, divided by the count less one"
    case .deviation: "standard deviation"
    case .rms: "root of the mean square"
    case .timeWeightedMean: "mean over the time that the values cover"
    case .integral: "integral over the time that the values cover; watts give joules"
    case .rate: "last less first value, per second"
    case .direction: "vector mean of directions in degrees"
    case .first: "oldest value"
    case .last: "newest value"
    case .median: "median, by a sketch"
    default: "\(rawValue.dropFirst()) % quantile, by a sketch"
    }
  }

  /// The part below a quantile; nil for what is no quantile.
  var quantile: Double? {
    switch self {
    case .median: 0.5
    case .p1: 0.01
    case .p5: 0.05
    case .p10: 0.1
    case .p25: 0.25
    case .p75: 0.75
    case .p90: 0.9
    case .p95: 0.95
    case .p99: 0.99
    default: nil
    }
  }

  /// The unit of the number about values in a unit.
  func unit(of values: Unit) -> Unit {
    switch self {
    case .count, .missing: .count
    case .variance, .rate: .none
    case .integral:
      switch values {
      case .watt: .joule
      case .ampere: .coulomb
      default: .none
      }
    default: values
    }
  }

  /// The number about a window, unless it is a quantile; nil where there is none.
  func value(of summary: WindowSummary) -> Double? {
    switch self {
    case .count: Double(summary.count)
    case .missing: Double(summary.missing)
    case .mean: summary.mean
    case .min: summary.minimum
    case .max: summary.maximum
    case .range: summary.range
    case .variance: summary.variance
    case .deviation: summary.standardDeviation
    case .rms: summary.rootMeanSquare
    case .timeWeightedMean: summary.timeWeightedMean
    case .integral: summary.integral
    case .rate: summary.rate
    case .direction: summary.direction.degrees
    case .first: summary.first?.value
    case .last: summary.last?.value
    default: nil
    }
  }
}
