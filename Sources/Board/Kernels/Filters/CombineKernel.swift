public import Configuration
public import Drivers
public import Kernels
import Quantities

/// One value of several streams: their sum, difference, product, ratio, mean, least or greatest.
public struct CombineKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "combine", family: .filters, revision: 1,
      summary: "one value of several streams: sum, difference, product, ratio, mean, min or max",
      inputs: .group(atLeast: 2),
      options: [
        OptionSpecification(
          "as", .choice(Combination.allCases.map(\.rawValue)), .required,
          help: "what is made of them; the first less the others, the first over the second"),
        .unit(
          "unit", .optional,
          help: "unit of the result; a product needs it, and a ratio of different units"),
        .time(
          "within", 0...3_600_000_000_000, .standard("1 min"),
          help: "how far apart samples that belong together may be"),
      ],
      outputs: [("value", "the result")],
      notes: """
        One value when every stream has had a sample, of the streams in the order in which they are \
        named. Streams in other units of the same kind are brought to the first's, and so is the \
        result where 'unit' does not say otherwise; a product, and a ratio of different kinds, take \
        values as they are. A ratio of one kind is a number (`/`), a difference of Cel is in K. What \
        is divided by zero is not given.
        """)
  }

  /// The result.
  public let outputs: [KernelChannel]
  private let combination: Combination
  private let units: CombinedUnits
  private var samples: SampleSet

  /// A combination of streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    let combination = options.text("as").flatMap(Combination.init(rawValue:)) ?? .sum
    self.combination = combination
    units = try CombinedUnits(combination, of: inputs, givenIn: options.unit("unit"))
    outputs = [KernelChannel("value", units.result)]
    samples = SampleSet(
      count: inputs.count, tolerance: options.nanoseconds("within") ?? 60_000_000_000)
  }

  /// Takes a sample of the stream with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = samples.accept(sample, input: input) else { return }
    var result = units.value(samples.values[0], of: 0)
    for index in samples.values.indices.dropFirst() {
      result = combination.value(result, units.value(samples.values[index], of: index))
    }
    if combination == .mean { result /= Double(samples.values.count) }
    outputs.give(0, units.result(result), at: time)
  }
}

/// What is made of several values.
enum Combination: String, CaseIterable, Sendable {
  case sum, difference, product, ratio, mean, min, max

  /// What the values before and one more make; a mean is a sum until it is divided.
  func value(_ before: Double, _ next: Double) -> Double {
    switch self {
    case .sum, .mean: before + next
    case .difference: before - next
    case .product: before * next
    case .ratio: before / next
    case .min: Swift.min(before, next)
    case .max: Swift.max(before, next)
    }
  }
}
