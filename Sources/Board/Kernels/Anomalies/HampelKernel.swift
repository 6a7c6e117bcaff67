public import Configuration
public import Drivers
public import Kernels

/// Outliers of a stream, replaced by the median about them.
public struct HampelKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "hampel", family: .anomalies, revision: 1,
      summary: "outliers by the median of a centred window, and the stream without them",
      options: [
        .count("window", 3...31, .standard("7"), help: "samples in the window; odd"),
        .number(
          "threshold", 0...1000, .standard("3"),
          help: "deviations from the median that are no outlier yet"),
      ],
      outputs: [
        ("value", "the value, or the median for an outlier"),
        ("outlier", "1 for an outlier, else 0"),
      ],
      notes: """
        The deviation is 1.4826 times the median absolute deviation. Answers come half a window late \
        and carry their sample's time; the first and last half window are not judged.
        """)
  }

  /// The cleaned stream and the mark.
  public let outputs: [KernelChannel]
  private var filter: HampelFilter
  /// How many samples came, and the numbers of those that the filter took, the last half window.
  private var count = 0
  private var numbers: [Int]
  private var next = 0

  /// A filter on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    guard
      let filter = HampelFilter(
        window: options.integer("window") ?? 7, threshold: options.double("threshold") ?? 3)
    else {
      throw OptionConflict(
        option: "window", "'window' must be odd, so that it has a middle", remedy: "write 5 or 7")
    }
    self.filter = filter
    numbers = Array(repeating: 0, count: filter.window / 2 + 1)
    outputs = [
      KernelChannel("value", input.unit), KernelChannel("outlier", .none, isState: true),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    count += 1
    guard sample.value.isFinite else { return }
    numbers[next] = count
    next = next + 1 == numbers.count ? 0 : next + 1
    guard let result = filter.accept(sample) else { return }
    // Missing values are no part of the window, but stand between its samples.
    let (time, lag) = (result.sample.nanoseconds, count - numbers[next])
    outputs.give(0, result.value, at: time, lag: lag)
    outputs.give(1, result.isOutlier ? 1 : 0, at: time, lag: lag)
  }
}
