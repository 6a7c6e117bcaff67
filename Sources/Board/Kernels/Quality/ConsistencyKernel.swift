public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Whether two streams can be true together.
public struct ConsistencyKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "consistency", family: .quality, revision: 2,
      summary: "quality flags by whether two channels can be true together",
      inputs: .named([
        KernelInput("first", nil, help: "for example the dew point"),
        KernelInput("second", nil, help: "for example the temperature"),
      ]),
      options: [
        OptionSpecification(
          "rule", .choice(["not-above", "zero-together"]), .standard("not-above"),
          help: "the first is not above the second, or both are zero or none"),
        .number(
          "tolerance", 0...1_000_000_000_000, .standard("0"),
          help: "by how much it may be, in the first's unit"),
        .time(
          "within", 0...3_600_000_000_000, .standard("1 min"),
          help: "how far apart samples that are compared may be"),
        OptionSpecification(
          "flag", .choice(["suspect", "fail"]), .standard("suspect"),
          help: "what is said of values that cannot be"),
      ],
      outputs: [("flag", "1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing")],
      notes: """
        One flag for each pair, when both have come: samples of one stamp, and for streams of \
        different times those that are near enough. 9 where one of them is no number; 2 where one \
        stream has waited for the other longer than 'within', at the end of that time. WMO-No. 8: \
        dew point not above temperature, gust not below the mean wind, calm without a direction.
        """)
  }

  /// The flag.
  public let outputs = [KernelChannel("flag", .none)]
  private let test: Consistency
  private let within: Int64
  /// From the second's unit to the first's.
  private let conversion: UnitConversion?
  private var pairs: SampleSet
  /// Since when a sample has waited for the other stream.
  private var waitingSince: Int64?

  /// A test of two streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    let tolerance = options.double("tolerance") ?? 0
    let isOfZeros = options.text("rule") == "zero-together"
    guard
      let test = Consistency(
        isOfZeros ? .zeroTogether(tolerance: tolerance) : .notAbove(tolerance: tolerance),
        flag: options.text("flag") == "fail" ? .fail : .suspect)
    else { throw .together("tolerance", "'tolerance' must be a number of at least zero") }
    self.test = test
    within = options.nanoseconds("within") ?? 60_000_000_000
    pairs = SampleSet(count: inputs.count, tolerance: within)
    var conversion: UnitConversion?
    if !isOfZeros, inputs.count == 2, inputs[0].unit != inputs[1].unit,
      inputs.allSatisfy(\.isOfKnownUnit)
    {
      conversion = inputs[1].unit.conversion(to: inputs[0].unit)
      guard conversion != nil else {
        throw OptionConflict(
          option: "second",
          "'\(inputs[1])' in \(inputs[1].unit) cannot be held against '\(inputs[0])' in"
            + " \(inputs[0].unit)", remedy: "name two channels of one unit")
      }
    }
    self.conversion = conversion
  }

  /// Takes a sample of the first or the second stream.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    advance(to: sample.nanoseconds, into: &outputs)
    let isOver = pairs.isOver(sample, input: input)
    let time = pairs.accept(sample, input: input)
    if isOver { return }
    if !sample.value.isFinite {
      give(.missing, at: sample.nanoseconds, into: &outputs)
    } else if let time, pairs.values.count == 2 {
      let second = conversion?.value(pairs.values[1]) ?? pairs.values[1]
      give(test.flag(first: pairs.values[0], second: second), at: time, into: &outputs)
    } else if waitingSince == nil {
      waitingSince = sample.nanoseconds
    }
  }

  /// Gives the flag of a stream that has waited too long for the other.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    guard let waitingSince else { return }
    let (end, overflow) = waitingSince.addingReportingOverflow(within)
    guard !overflow, nanoseconds > end else { return }
    give(.notEvaluated, at: end, into: &outputs)
  }

  private mutating func give(
    _ flag: QualityFlag, at nanoseconds: Int64, into outputs: inout KernelOutputs
  ) {
    waitingSince = nil
    outputs.give(0, Double(flag.rawValue), at: nanoseconds)
  }
}
