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
    outputs = [
      KernelChannel("value", input.unit), KernelChannel("outlier", .none, isState: true),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard let result = filter.accept(sample) else { return }
    let (time, lag) = (result.sample.nanoseconds, filter.window / 2)
    outputs.give(0, result.value, at: time, lag: lag)
    outputs.give(1, result.isOutlier ? 1 : 0, at: time, lag: lag)
  }
}
