public import Configuration
public import Drivers
public import Kernels

/// What is usual at this time of the day or week, and how far a value is from it.
public struct SeasonalKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "seasonal", family: .anomalies, revision: 1,
      summary: "what is usual at this time of the day, and how far a value is from it",
      options: [
        .time(
          "period", 1_000_000_000...2_419_200_000_000_000, .standard("1 d"),
          help: "length of the season"),
        .count("bins", 1...10_080, .standard("24"), help: "parts of the season; each has a mean"),
        .number("rate", 0.001...1, .standard("0.2"), help: "weight of the newest season"),
      ],
      outputs: [
        ("usual", "mean of the earlier seasons at this time"),
        ("difference", "value less what is usual"),
        ("deviations", "the difference in standard deviations of this time"),
      ],
      notes: """
        Bins begin at whole multiples of their length since 1970 in UTC. A bin gives nothing before \
        it has been through one season.
        """)
  }

  /// What is usual, and the difference in two ways.
  public let outputs: [KernelChannel]
  private var profile: SeasonalProfile

  /// A profile of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    guard
      let profile = SeasonalProfile(
        bins: options.integer("bins") ?? 24,
        period: options.nanoseconds("period") ?? 86_400_000_000_000,
        rate: options.double("rate") ?? 0.2)
    else {
      throw OptionConflict(
        option: "bins", "'bins' does not divide 'period' into whole nanoseconds",
        remedy: "write a number of bins that divides it, for example 24")
    }
    self.profile = profile
    outputs = [
      KernelChannel("usual", input.unit), KernelChannel("difference", input.unit),
      KernelChannel("deviations", .none),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite, let usual = profile.accept(sample) else { return }
    let difference = sample.value - usual.mean
    outputs.give(0, usual.mean, at: sample.nanoseconds)
    outputs.give(1, difference, at: sample.nanoseconds)
    guard usual.deviation > 0 else { return }
    outputs.give(2, difference / usual.deviation, at: sample.nanoseconds)
  }
}
