public import Configuration
public import Drivers
public import Kernels
public import Quantities

/// One stream that a kernel listens to: a channel of a sensor, or an output of another kernel.
public struct ChannelReference: Hashable, Sendable, CustomStringConvertible {
  /// The name of the sensor or kernel; empty for a column of a table.
  public let sensor: String
  /// The name of the channel, output or column.
  public let channel: String
  /// The unit of its values; one with an empty code where it is not known.
  public let unit: Unit

  /// A channel of a sensor or an output of a kernel.
  public init(sensor: String, channel: String, unit: Unit) {
    self.sensor = sensor
    self.channel = channel
    self.unit = unit
  }

  /// As the board file writes it: `sensor.channel`.
  public var description: String { sensor.isEmpty ? channel : "\(sensor).\(channel)" }

  /// Whether the unit of its values is known.
  var isOfKnownUnit: Bool { !unit.code.isEmpty }
}

/// What a kernel gives on one of its outputs.
public struct KernelChannel: Hashable, Sendable {
  /// The output's name within its kernel.
  public let name: String
  /// The unit of its values; one with an empty code for numbers that are no quantity.
  public let unit: Unit
  /// Whether only changes are recorded, as of an alarm that is 0 or 1.
  public let isState: Bool
  /// Whether a value is of a window and its time is the window's end, which is outside of it.
  public let isOfWindow: Bool

  /// An output of a kernel.
  public init(_ name: String, _ unit: Unit, isState: Bool = false, isOfWindow: Bool = false) {
    self.name = name
    self.unit = unit
    self.isState = isState
    self.isOfWindow = isOfWindow
  }
}

extension KernelChannel {
  /// The same output under another name.
  func named(_ name: String) -> KernelChannel {
    KernelChannel(name, unit, isState: isState, isOfWindow: isOfWindow)
  }
}

/// Which streams a kind of kernel takes, and under which keys the board file names them.
public enum KernelInputs: Sendable {
  /// Any number behind `of`, each for itself.
  case each
  /// Some behind `of`, all together; at least so many.
  case group(atLeast: Int)
  /// One behind each of these keys.
  case named([KernelInput])
}

/// A stream that a kind of kernel takes under a key of its own.
public struct KernelInput: Sendable {
  /// The key in the board file.
  public let name: String
  /// The unit that its values must have; nil where any will do.
  public let unit: Unit?
  /// Further units that the kind converts by itself.
  public let alternatives: [Unit]
  /// Whether it must be written.
  public let isRequired: Bool
  /// One line for people.
  public let help: String

  /// A stream behind a key.
  public init(
    _ name: String, _ unit: Unit?, or alternatives: [Unit] = [], isRequired: Bool = true,
    help: String
  ) {
    self.name = name
    self.unit = unit
    self.alternatives = alternatives
    self.isRequired = isRequired
    self.help = help
  }
}

extension KernelInput {
  /// The units that its values may have, as words: `Pa or hPa`; nil where any will do.
  var unitWords: String? {
    unit.map { unit in ([unit] + alternatives).map(\.code).joined(separator: " or ") }
  }

  /// Whether values may have a unit; one that is not known is believed.
  func takes(_ given: Unit) -> Bool {
    unit == nil || given == unit || given.code.isEmpty || alternatives.contains(given)
  }
}

/// What a kind of kernel is, for the board file, the reference page and the log.
public struct KernelSpecification: Sendable {
  /// Which page of the reference a kind stands on.
  public enum Family: String, Hashable, Sendable, CaseIterable {
    case statistics, filters, quality, anomalies, forecast, grid, environment
  }

  /// The word behind `kind:`.
  public let name: String
  /// What it is about.
  public let family: Family
  /// Raised by one whenever the same samples would give other outputs; it is in the log.
  public let revision: UInt64
  /// One line for people.
  public let summary: String
  /// Which streams it takes.
  public let inputs: KernelInputs
  /// The kind's own keys in the board file.
  public let options: [OptionSpecification]
  /// Its outputs, each with a clause for people.
  public let outputs: [(name: String, help: String)]
  /// Formula, rules for late and missing samples, limits and source, in Markdown.
  public let notes: String

  /// A kind of kernel.
  public init(
    name: String, family: Family, revision: UInt64, summary: String,
    inputs: KernelInputs = .each, options: [OptionSpecification],
    outputs: [(name: String, help: String)], notes: String = ""
  ) {
    self.name = name
    self.family = family
    self.revision = revision
    self.summary = summary
    self.inputs = inputs
    self.options = options
    self.outputs = outputs
    self.notes = notes
  }
}

/// A kernel as the board runs it: streams in, values and events out.
///
/// Deterministic: the same samples give the same outputs, whatever the pieces in which they come.
public protocol StreamKernel: Sendable {
  /// What the kind is.
  static var specification: KernelSpecification { get }

  /// A kernel over streams, with options that the specification describes.
  ///
  /// For named inputs, `inputs` holds those that are written, in the specification's order.
  init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict)

  /// The outputs, in the order of their numbers.
  var outputs: [KernelChannel] { get }

  /// Takes a sample of the input with an index.
  mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs)

  /// Says that time has come so far, though no sample came.
  mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs)

  /// Says that no sample will come any more, so that what waits for a later one is given.
  mutating func finish(into outputs: inout KernelOutputs)
}

extension StreamKernel {
  /// Nothing happens by time alone.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {}

  /// Nothing waits.
  public mutating func finish(into outputs: inout KernelOutputs) {}
}
