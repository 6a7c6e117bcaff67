public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Statistics of a stream over windows that touch and do not overlap.
public struct StatisticsKernel: ChannelKernel {
  enum Statistic: String, CaseIterable {
    case count, mean, min, max, deviation
  }

  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "statistics", family: .statistics, revision: 1,
      summary: "count, mean, extremes and standard deviation over windows aligned to the clock",
      options: [
        OptionSpecification(
          "window", .quantity(.duration, 1_000_000_000...86_400_000_000_000), .required,
          help: "length of a window; windows begin at whole multiples of it since 1970"),
        OptionSpecification(
          "compute", .list(.choice(Statistic.allCases.map(\.rawValue))),
          .standard("mean"), help: "what to compute"),
      ],
      outputs: Statistic.allCases.map { ($0.rawValue, "of the values in a window") })
  }

  /// One output for each statistic that is asked for.
  public let outputs: [KernelChannel]
  private let statistics: [Statistic]
  private var window: TumblingWindow

  /// Windows over a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let length = options.quantity("window")?.nano ?? 1_000_000_000
    statistics = options.texts("compute").compactMap { Statistic(rawValue: $0.text) }
    window = TumblingWindow(length: Int64(length))
    outputs = statistics.map {
      KernelChannel($0.rawValue, $0 == .count ? .count : input.unit, isOfWindow: true)
    }
    guard Set(statistics).count == statistics.count else {
      throw OptionConflict(
        option: "compute", "'compute' names a statistic twice", remedy: "name each once")
    }
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    if let result = window.accept(sample) { report(result, into: &outputs) }
  }

  /// Closes the window whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    if let result = window.advance(to: nanoseconds) { report(result, into: &outputs) }
  }

  private func report(_ result: TumblingWindow.Result, into outputs: inout KernelOutputs) {
    let values = result.statistics
    for (index, statistic) in statistics.enumerated() {
      let value: Double? =
        switch statistic {
        case .count: Double(values.count)
        case .mean: values.mean
        case .min: values.minimum
        case .max: values.maximum
        case .deviation: values.standardDeviation
        }
      if let value { outputs.give(index, value, at: result.end) }
    }
  }
}
