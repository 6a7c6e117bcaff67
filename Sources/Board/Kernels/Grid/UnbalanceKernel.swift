public import Configuration
public import Drivers
public import Kernels
import Quantities

/// How unlike the voltages of three phases are.
public struct UnbalanceKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "unbalance", family: .grid, revision: 2,
      summary: "negative and zero sequence of three voltages over the positive one",
      inputs: .named([
        KernelInput("a", .volt, help: "RMS voltage of the first phase"),
        KernelInput("b", .volt, help: "RMS voltage of the second phase"),
        KernelInput("c", .volt, help: "RMS voltage of the third phase"),
      ]),
      options: [
        OptionSpecification(
          "between", .choice(["phase-and-neutral", "phases"]), .standard("phase-and-neutral"),
          help: "where the voltages are measured; between phases there is no zero sequence"),
        .time(
          "within", 0...3_600_000_000_000, .standard("1 s"),
          help: "how far apart the three samples may be"),
      ],
      outputs: [
        ("negative", "negative over positive sequence"), ("zero", "zero over positive sequence"),
      ],
      notes:
        "Between phases by IEC 61000-4-30, from RMS alone; from phase to neutral with angles of"
        + " 120 degrees, as angles are not measured.")
  }

  /// The two ratios in percent.
  public let outputs = [
    KernelChannel("negative", Unit(code: "%")), KernelChannel("zero", Unit(code: "%")),
  ]
  private let isBetweenPhases: Bool
  private var samples: SampleSet

  /// The unbalance of streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    isBetweenPhases = options.text("between") == "phases"
    samples = SampleSet(
      count: inputs.count, tolerance: options.nanoseconds("within") ?? 1_000_000_000)
  }

  /// Takes a sample of a phase.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = samples.accept(sample, input: input), samples.values.count == 3 else { return }
    let (a, b, c) = (samples.values[0], samples.values[1], samples.values[2])
    let unbalance =
      isBetweenPhases ? Unbalance(lineToLine: a, b, c) : Unbalance(magnitudes: a, b, c)
    guard let unbalance else { return }
    outputs.give(0, unbalance.negative, at: time)
    if let zero = unbalance.zero { outputs.give(1, zero, at: time) }
  }
}
