public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Statistics of channels over windows that touch and do not overlap.
public struct StatisticsKernel: StreamKernel {
  enum Statistic: String, CaseIterable {
    case count, mean, min, max, deviation
  }

  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "statistics", revision: 1,
      summary: "count, mean, extremes and standard deviation over windows aligned to the clock",
      options: [
        OptionSpecification(
          "window", .quantity(.duration, 1_000_000_000...86_400_000_000_000), .required,
          help: "length of a window; windows begin at whole multiples of it since 1970"),
        OptionSpecification(
          "compute", .list(.choice(Statistic.allCases.map(\.rawValue))),
          .standard("mean"), help: "what to compute"),
      ],
      outputs: Statistic.allCases.map(\.rawValue))
  }

  private let inputs: [ChannelReference]
  private let statistics: [Statistic]
  private var windows: [TumblingWindow]

  /// Windows over channels, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    let length = options.quantity("window")?.nano ?? 1_000_000_000
    self.inputs = inputs
    statistics = options.texts("compute").compactMap { Statistic(rawValue: $0.text) }
    windows = inputs.map { _ in TumblingWindow(length: Int64(length)) }
    guard Set(statistics).count == statistics.count else {
      throw OptionConflict(
        option: "compute", "'compute' names a statistic twice", remedy: "name each once")
    }
  }

  /// Takes a sample of the input with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout [KernelOutput]) {
    if let result = windows[input].accept(sample) { report(result, input, into: &outputs) }
  }

  /// Closes the windows whose end has passed.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout [KernelOutput]) {
    for input in windows.indices {
      if let result = windows[input].advance(to: nanoseconds) {
        report(result, input, into: &outputs)
      }
    }
  }

  private func report(
    _ result: TumblingWindow.Result, _ input: Int, into outputs: inout [KernelOutput]
  ) {
    let prefix = inputs.count == 1 ? "" : "\(inputs[input])."
    let values = result.statistics
    for statistic in statistics {
      let value: Double? =
        switch statistic {
        case .count: Double(values.count)
        case .mean: values.mean
        case .min: values.minimum
        case .max: values.maximum
        case .deviation: values.standardDeviation
        }
      guard let value else { continue }
      outputs.append(
        .value(
          output: prefix + statistic.rawValue, value: value,
          unit: statistic == .count ? .count : inputs[input].unit, nanoseconds: result.end))
    }
  }
}
