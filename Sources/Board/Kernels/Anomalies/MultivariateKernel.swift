public import Configuration
public import Drivers
public import Kernels

/// How unusual several streams are together.
public struct MultivariateKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "multivariate", family: .anomalies, revision: 2,
      summary: "how unusual channels are together, by their running covariance (T-squared)",
      inputs: .group(atLeast: 2),
      options: [
        .number(
          "threshold", 0.01...0.99, .standard("0.5"), help: "score at which the alarm is raised"),
        .count(
          "hold-off", 1...1_000_000, .standard("100"),
          help: "rows after an alarm in which no other one is raised"),
        .count(
          "memory", 100...10_000_000, .standard("1000"), help: "rows that the means go back"),
        .time(
          "within", 0...3_600_000_000_000, .standard("1 s"),
          help: "how far apart samples of one row may be"),
      ],
      outputs: [
        ("score", "how unusual, from 0 to below 1; a hundredth of it while an alarm is held"),
        ("t-squared", "Hotelling's statistic of the row"),
        ("alarm", "1 while an alarm is held, else 0; an event names the channel that weighs most"),
      ],
      notes: """
        For 2 to 16 channels. A row is complete when every channel had a sample since the last row. \
        The first 128 rows are silent. Source: Hotelling 1947; Montgomery, Introduction to \
        Statistical Quality Control, chapter 11.
        """)
  }

  /// The score, the statistic and the alarm.
  public let outputs = [KernelChannel("score", .none), KernelChannel("t-squared", .none), .alarm]
  private let inputs: [ChannelReference]
  private var rows: SampleSet
  private var detector: HotellingT2

  /// A detector on streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    guard
      let detector = HotellingT2(
        channels: max(1, inputs.count), threshold: options.double("threshold") ?? 0.5,
        holdOff: options.integer("hold-off") ?? 100, memory: options.integer("memory") ?? 1000)
    else {
      throw OptionConflict(
        option: "of", "'multivariate' takes at most 16 channels", remedy: "name fewer")
    }
    self.inputs = inputs
    self.detector = detector
    rows = SampleSet(count: inputs.count, tolerance: options.nanoseconds("within") ?? 1_000_000_000)
  }

  /// Takes a sample of the stream with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = rows.accept(sample, input: input) else { return }
    let verdict = detector.accept(rows.values)
    outputs.give(0, verdict.score, at: time)
    outputs.give(1, verdict.tSquared, at: time)
    outputs.give(2, detector.isRaised ? 1 : 0, at: time)
    switch verdict.change {
    case nil: break
    case .raised(let reason):
      let side = reason.deviations < 0 ? "below" : "above"
      outputs.tell(
        KernelEvent(
          subject: inputs[reason.channel], isAlarm: true,
          reason: "weighs most among \(inputs.count) channels, \(side) its running mean",
          value: rows.values[reason.channel], nanoseconds: time))
    case .released:
      outputs.tell(
        KernelEvent(
          subject: inputs[0], isAlarm: false, reason: "hold-off has passed",
          value: rows.values[0], nanoseconds: time))
    }
  }
}
