public import Configuration
public import Drivers
public import Kernels
public import Quantities

/// A formula over streams that belong together.
public protocol Formula: Sendable {
  /// What the kind is; its inputs are named, and its one output is `value`.
  static var specification: KernelSpecification { get }

  /// The unit of the result.
  static var unit: Unit { get }

  /// The unit in which the result is given, for written inputs in these units.
  static func unit(for inputs: [Unit]) -> Unit

  /// A formula with options that the specification describes.
  init(options: OptionValues) throws(OptionConflict)

  /// The result; the values are those of the inputs that are written, NaN for the others.
  ///
  /// They are in the units of the specification, whatever the streams are in.
  func value(_ values: [Double]) -> Double
}

extension Formula {
  /// The result's own unit.
  public static func unit(for inputs: [Unit]) -> Unit { unit }
}

/// A formula as a kernel: one value for every set of samples that belong together.
public struct FormulaKernel<Of: Formula>: StreamKernel {
  /// What the kind is, with the key that says what belongs together.
  public static var specification: KernelSpecification {
    let own = Of.specification
    return KernelSpecification(
      name: own.name, family: own.family, revision: own.revision, summary: own.summary,
      inputs: own.inputs,
      options: own.options + [
        .time(
          "within", 0...3_600_000_000_000, .standard("1 min"),
          help: "how far apart samples that belong together may be")
      ], outputs: own.outputs, notes: own.notes)
  }

  /// The one output.
  public let outputs: [KernelChannel]
  private let formula: Of
  private var samples: SampleSet
  /// Where each written input stands among all.
  private let places: [Int]
  /// From the streams' units to those of the specification, where they differ.
  private let conversions: [UnitConversion?]
  private let resultConversion: UnitConversion?
  private var values: [Double]

  /// A formula over streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    formula = try Of(options: options)
    let named: [KernelInput] =
      if case .named(let named) = Of.specification.inputs { named } else { [] }
    let places = named.indices.filter { options.text(named[$0].name) != nil }
    self.places = places
    conversions = zip(inputs, places).map { input, place in
      guard let unit = named[place].unit, unit != input.unit else { return nil }
      return input.unit.conversion(to: unit)
    }
    let unit = Of.unit(for: inputs.map(\.unit))
    outputs = [KernelChannel("value", unit)]
    resultConversion = unit == Of.unit ? nil : Of.unit.conversion(to: unit)
    values = Array(repeating: .nan, count: named.count)
    samples = SampleSet(
      count: inputs.count, tolerance: options.nanoseconds("within") ?? 60_000_000_000)
  }

  /// Takes a sample of the stream with an index.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = samples.accept(sample, input: input) else { return }
    for (index, place) in places.enumerated() where index < samples.values.count {
      let value = samples.values[index]
      values[place] = conversions[index]?.value(value) ?? value
    }
    let value = formula.value(values)
    outputs.give(0, resultConversion?.value(value) ?? value, at: time)
  }
}

extension KernelInput {
  static let temperature = KernelInput("temperature", .celsius, help: "temperature of the air")
  static let humidity = KernelInput(
    "humidity", .relativeHumidity, help: "relative humidity of the air")
}
