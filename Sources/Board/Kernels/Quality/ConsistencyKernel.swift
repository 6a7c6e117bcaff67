public import Configuration
public import Drivers
public import Kernels

/// Whether two streams can be true together.
public struct ConsistencyKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "consistency", family: .quality, revision: 1,
      summary: "quality flags by whether two channels can be true together",
      inputs: .named([
        KernelInput("first", nil, help: "for example the dew point"),
        KernelInput("second", nil, help: "for example the temperature"),
      ]),
      options: [
        OptionSpecification(
          "rule", .choice(["not-above", "zero-together"]), .standard("not-above"),
          help: "the first is not above the second, or both are zero or none"),
        .number("tolerance", 0...1_000_000_000_000, .standard("0"), help: "by how much it may be"),
        .time(
          "within", 0...3_600_000_000_000, .standard("1 min"),
          help: "how far apart samples that are compared may be"),
        OptionSpecification(
          "flag", .choice(["suspect", "fail"]), .standard("suspect"),
          help: "what is said of values that cannot be"),
      ],
      outputs: [("flag", "1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing")],
      notes:
        "WMO-No. 8: dew point not above temperature, gust not below the mean wind, calm without"
        + " a direction.")
  }

  /// The flag.
  public let outputs = [KernelChannel("flag", .none)]
  private var test: Consistency

  /// A test of two streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    let tolerance = options.double("tolerance") ?? 0
    guard
      let test = Consistency(
        options.text("rule") == "zero-together"
          ? .zeroTogether(tolerance: tolerance) : .notAbove(tolerance: tolerance),
        maximumAge: options.nanoseconds("within") ?? 60_000_000_000,
        flag: options.text("flag") == "fail" ? .fail : .suspect)
    else { throw .together("tolerance", "'tolerance' must be a number of at least zero") }
    self.test = test
  }

  /// Takes a sample of the first or the second stream.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    let flag = input == 0 ? test.acceptFirst(sample) : test.acceptSecond(sample)
    outputs.give(0, Double(flag.rawValue), at: sample.nanoseconds)
  }
}
