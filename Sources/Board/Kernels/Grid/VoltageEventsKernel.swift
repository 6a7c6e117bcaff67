public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Dips, swells and interruptions in a stream of RMS voltages.
public struct VoltageEventsKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "voltage-events", family: .grid, revision: 2,
      summary: "dips, swells and interruptions in a stream of RMS voltages",
      options: VoltageLimits.options + [
        .time(
          "sliding-reference", 1_000_000_000...3_600_000_000_000, .optional,
          help: "time constant of a reference that follows the voltage; the nominal as is"),
        .time(
          "max-gap", 1_000_000...86_400_000_000_000, .standard("10 s"),
          help: "gap after which nothing is known of an event's end"),
      ],
      outputs: [
        ("event", "0 none, 1 dip, 2 swell, 3 interruption"),
        ("extreme", "worst voltage of the event that ended"),
        ("duration", "how long it lasted"),
      ],
      notes: """
        IEC 61000-4-30: an event begins with the first value beyond its limit and ends with the first \
        that is back by the hysteresis; one that begins as a dip and goes below the limit of \
        interruptions is one interruption. With one value in 2 s, shorter events are not seen.
        """)
  }

  /// The state, and the event that ended.
  public let outputs: [KernelChannel]
  private let input: ChannelReference
  private var detector: VoltageEventDetector

  /// A detector on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    try input.mustBe(in: .volt, "volts", of: "RMS voltage", for: "voltage-events")
    var settings = VoltageLimits.events(options)
    settings.slidingReference = options.nanoseconds("sliding-reference")
    settings.maximumGap = options.nanoseconds("max-gap") ?? 10_000_000_000
    guard let detector = VoltageEventDetector(settings) else {
      throw OptionConflict(
        option: "dip", "the limits are not in their order",
        remedy: "write interruption < dip < 1 < swell, with room for the hysteresis")
    }
    self.input = input
    self.detector = detector
    outputs = [
      KernelChannel("event", .none, isState: true), KernelChannel("extreme", input.unit),
      KernelChannel("duration", .second),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    let change = detector.accept(sample)
    outputs.give(0, VoltageLimits.state(detector.event), at: sample.nanoseconds)
    guard let change else { return }
    VoltageLimits.tell(change, of: input, into: &outputs)
    guard let event = VoltageLimits.ended(change) else { return }
    outputs.give(1, event.extreme, at: sample.nanoseconds)
    outputs.give(2, Double(event.duration ?? 0) / 1e9, at: sample.nanoseconds)
  }
}
