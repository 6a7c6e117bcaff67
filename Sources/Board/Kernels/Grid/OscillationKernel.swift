public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Oscillations of a voltage or frequency.
public struct OscillationKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "oscillation", family: .grid, revision: 2,
      summary: "oscillations between areas of a grid, by the energy of a band or by roughness",
      options: [
        OptionSpecification(
          "method", .choice(["roughness", "band"]), .standard("roughness"),
          help: "roughness against its own past for a sample every 1 to 5 s; a band for faster ones"
        ),
        .number(
          "ratio", 1.1...9.9, .standard("4"),
          help: "how many times rougher than before is an alarm; for 'roughness'"),
        .number(
          "from", 0.01...10, .standard("0.1"), help: "lower end of the band in hertz; for 'band'"),
        .number(
          "to", 0.02...20, .standard("2"), help: "upper end of the band in hertz; for 'band'"),
        .number(
          "level", 0.000_001...1_000_000_000, .optional,
          help: "RMS in the band that is an alarm, in the stream's unit; for 'band'"),
      ],
      outputs: [
        ("measure", "roughness: mean step; band: RMS in the band"),
        ("baseline", "what it was before"), ("alarm", "1 while it oscillates, else 0"),
      ],
      notes: """
        What swings faster than half the sample rate cannot be told from something slower, so a band \
        is only claimed below that; roughness tells that something swings, not how fast. The band is \
        bounded by Butterworth filters of fourth order that lose 1.1 % at its ends. Its alarm asks for \
        four half swings in a row, so a single step raises none, though its measure is high for about \
        half a minute.
        """)
  }

  /// The measure, its baseline and the alarm.
  public let outputs: [KernelChannel]
  private let input: ChannelReference
  private var detector: OscillationDetector

  /// A detector on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let settings: OscillationDetector.Options
    if options.text("method") == "band" {
      guard let level = options.double("level") else {
        throw OptionConflict(
          option: "level", "the method 'band' needs a 'level'",
          remedy: "write for example 'level: 0.02', in the stream's unit")
      }
      settings = .band(
        from: options.double("from") ?? 0.1, to: options.double("to") ?? 2, level: level)
    } else {
      settings = .roughness(ratio: options.double("ratio") ?? 4)
    }
    guard let detector = OscillationDetector(settings) else {
      throw OptionConflict(
        option: "to", "'to' is not above 'from'", remedy: "write the higher frequency as 'to'")
    }
    self.input = input
    self.detector = detector
    outputs = [
      KernelChannel("measure", input.unit), KernelChannel("baseline", input.unit), .alarm,
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    let change = detector.accept(sample)
    if let measure = detector.measure { outputs.give(0, measure, at: sample.nanoseconds) }
    if let baseline = detector.baseline { outputs.give(1, baseline, at: sample.nanoseconds) }
    outputs.give(2, detector.isRaised ? 1 : 0, at: sample.nanoseconds)
    switch change {
    case nil: break
    case .raised(let measure), .released(let measure):
      outputs.tell(
        KernelEvent(
          subject: input, isAlarm: detector.isRaised,
          reason: detector.isRaised ? "oscillates" : "oscillates no more", value: measure,
          nanoseconds: sample.nanoseconds))
    }
  }
}
