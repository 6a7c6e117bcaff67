public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Statistics of a stream over sessions: samples that follow each other closely.
public struct SessionKernel: ChannelKernel {
  private static let statistics = Statistic.allCases.filter { $0.quantile == nil }

  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "session", family: .statistics, revision: 1,
      summary: "statistics over sessions, each of samples that follow each other within a gap",
      options: [
        .time(
          "gap", 1_000_000...86_400_000_000_000, .required,
          help: "longest time between two samples of a session"),
        .time(
          "max-length", 1_000_000_000...2_419_200_000_000_000, .optional,
          help: "how long a session may last"),
        OptionSpecification(
          "compute", .list(.choice(statistics.map(\.rawValue))), .standard("mean"),
          help: "what to compute"),
      ] + StatisticsKernel.rules,
      outputs: statistics.map { ($0.rawValue, $0.help) }
        + [("duration", "time from the session's first sample to its last")],
      notes:
        "A session is given when no value has come for longer than the gap, and stamped with its"
        + " last sample.")
  }

  /// One output for each statistic that is asked for, and the duration.
  public let outputs: [KernelChannel]
  private let statistics: [Statistic]
  private var sessions: SessionWindow

  /// Sessions of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    statistics = try StatisticsKernel.statistics(options)
    guard
      let sessions = SessionWindow(
        gap: options.nanoseconds("gap") ?? 1, maximumLength: options.nanoseconds("max-length"),
        rule: StatisticsKernel.rule(options, statistics))
    else { throw .together("gap", "'gap' must be above zero") }
    self.sessions = sessions
    outputs =
      statistics.map { KernelChannel($0.rawValue, $0.unit(of: input.unit)) }
      + [KernelChannel("duration", .second)]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    report(sessions.accept(sample), into: &outputs)
  }

  /// Ends the session that has ended.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    report(sessions.advance(to: nanoseconds), into: &outputs)
  }

  /// Ends the session that is open.
  public mutating func finish(into outputs: inout KernelOutputs) {
    report(sessions.finish(), into: &outputs)
  }

  private func report(_ result: SessionWindow.Result?, into outputs: inout KernelOutputs) {
    guard let result else { return }
    for (index, statistic) in statistics.enumerated() {
      if let value = statistic.value(of: result.summary) {
        outputs.give(index, value, at: result.end)
      }
    }
    outputs.give(
      statistics.count, (Double(result.end) - Double(result.start)) / 1e9, at: result.end)
  }
}
