public import Configuration
public import Drivers
public import Kernels

/// How unusual every value of a stream is, and an alarm for events.
public struct AnomalyKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "anomaly", family: .anomalies, revision: 1,
      summary:
        "how unusual a value is, by level, shift, hour of the week and fluctuation; learns as"
        + " it goes",
      options: [
        .number(
          "threshold", 0.01...0.99, .standard("0.5"), help: "score at which the alarm is raised"),
        .count(
          "hold-off", 1...1_000_000, .standard("100"),
          help: "samples after an alarm in which no other one is raised"),
        .count(
          "memory", 100...10_000_000, .standard("1000"),
          help: "samples that the slow means go back"),
      ],
      outputs: [
        ("score", "how unusual, from 0 to below 1; a hundredth of it while an alarm is held"),
        ("alarm", "1 while an alarm is held, else 0; an event with its reason in words"),
      ],
      notes: """
        Five deviations are taken: the value from a slow mean, a quick mean from the slow one, the \
        value and a quick mean from what the same hour of the week (else of the day) had before, and \
        the size of the steps from its slow mean. Each is brought to the tail of its own past (an \
        exponential tail over a running 95 % quantile; Siffer et al., KDD 2017), and the sum s gives \
        the score s / (s + 7.75). The first 128 samples are silent. Values that are missing are \
        passed over.
        """)
  }

  /// The score and the alarm.
  public let outputs = [KernelChannel("score", .none), .alarm]
  private let input: ChannelReference
  private var detector: AnomalyDetector

  /// A detector on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    guard
      let detector = AnomalyDetector(
        threshold: options.double("threshold") ?? 0.5, holdOff: options.integer("hold-off") ?? 100,
        memory: options.integer("memory") ?? 1000)
    else { throw .together("threshold", "'threshold', 'hold-off' or 'memory' is out of range") }
    self.input = input
    self.detector = detector
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    let verdict = detector.accept(sample)
    outputs.give(0, verdict.score, at: sample.nanoseconds)
    outputs.give(1, detector.isRaised ? 1 : 0, at: sample.nanoseconds)
    switch verdict.change {
    case nil: break
    case .raised(let reason):
      outputs.tell(
        KernelEvent(
          subject: input, isAlarm: true, reason: reason.description, value: sample.value,
          nanoseconds: sample.nanoseconds))
    case .released:
      outputs.tell(
        KernelEvent(
          subject: input, isAlarm: false, reason: "hold-off has passed", value: sample.value,
          nanoseconds: sample.nanoseconds))
    }
  }
}
