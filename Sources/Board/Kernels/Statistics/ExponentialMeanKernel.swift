public import Configuration
public import Drivers
public import Kernels

/// A mean in which older values fade with time.
public struct ExponentialMeanKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "exponential-mean", family: .statistics, revision: 1,
      summary: "mean in which older values fade with time, however uneven the samples are (EWMA)",
      options: [
        .time(
          "time-constant", 1_000_000...2_419_200_000_000_000, .required,
          help: "time in which a value's weight falls to 37 %")
      ],
      outputs: [("mean", "the fading mean")],
      notes:
        "Moves by 1 - exp(-t / T) of the way to each value; Eckner 2017, next-point interpolation."
    )
  }

  /// The mean.
  public let outputs: [KernelChannel]
  private var mean: ExponentialMean

  /// A mean of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    guard let mean = ExponentialMean(timeConstant: options.nanoseconds("time-constant") ?? 1) else {
      throw .together("time-constant", "'time-constant' must be above zero")
    }
    self.mean = mean
    outputs = [KernelChannel("mean", input.unit)]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    if let value = mean.accept(sample) { outputs.give(0, value, at: sample.nanoseconds) }
  }
}
