public import Configuration
public import Drivers
public import Kernels

/// Small lasting shifts of a stream's mean, by cumulative sums.
public struct CUSUMKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "cusum", family: .anomalies, revision: 1,
      summary: "small lasting shifts of the mean, by cumulative sums on both sides",
      options: [
        .number(
          "allowance", 0...100, .standard("0.5"),
          help: "deviations from the target that are allowed"),
        .number(
          "interval", 0.1...1000, .standard("5"), help: "sum of deviations at which to alarm"),
        .count("learning", 2...1_000_000, .standard("50"), help: "values to learn from at first"),
        .anyNumber("target", .optional, help: "mean to hold, in the stream's unit; learned as is"),
        .anyNumber(
          "deviation", .optional, help: "standard deviation about the target, in the stream's unit"),
      ],
      outputs: [
        ("high", "sum of rises, in deviations"), ("low", "sum of falls, in deviations"),
        ("alarm", "1 at a sample that raises the alarm, else 0; an event with its reason"),
      ],
      notes: """
        Page's two-sided chart. Without target and deviation it standardises itself (Hawkins 1987) \
        and learns anew after an alarm.
        """)
  }

  /// The two sums and the alarm.
  public let outputs = [KernelChannel("high", .none), KernelChannel("low", .none), .alarm]
  private let input: ChannelReference
  private var chart: CUSUM

  /// A chart on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let allowance = options.double("allowance") ?? 0.5
    let interval = options.double("interval") ?? 5
    let chart: CUSUM?
    switch (options.double("target"), options.double("deviation")) {
    case (let target?, let deviation?):
      chart = CUSUM(target: target, deviation: deviation, allowance: allowance, interval: interval)
    case (nil, nil):
      chart = CUSUM(
        allowance: allowance, interval: interval, learning: options.integer("learning") ?? 50)
    default:
      throw OptionConflict(
        option: options.isWritten("target") ? "target" : "deviation",
        "'target' and 'deviation' belong together", remedy: "write both or none")
    }
    guard let chart else {
      throw OptionConflict(
        option: "deviation", "'deviation' must be above zero", remedy: "write for example 0.5")
    }
    self.input = input
    self.chart = chart
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    let alarm = chart.accept(sample)
    outputs.give(0, alarm?.side == .rise ? alarm?.sum ?? 0 : chart.high, at: sample.nanoseconds)
    outputs.give(1, alarm?.side == .fall ? alarm?.sum ?? 0 : chart.low, at: sample.nanoseconds)
    outputs.give(2, alarm == nil ? 0 : 1, at: sample.nanoseconds)
    guard let alarm else { return }
    let seconds = (Double(sample.nanoseconds) - Double(alarm.onset)) / 1e9
    outputs.tell(
      KernelEvent(
        subject: input, isAlarm: true,
        reason: "mean \(alarm.side == .rise ? "rose" : "fell"), since about \(Int64(seconds)) s",
        value: sample.value, nanoseconds: sample.nanoseconds))
  }
}
