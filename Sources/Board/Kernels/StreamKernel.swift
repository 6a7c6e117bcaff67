public import Configuration
public import Drivers
public import Kernels
public import Quantities

/// One channel that a kernel listens to.
public struct ChannelReference: Hashable, Sendable, CustomStringConvertible {
  /// The sensor's name.
  public let sensor: String
  /// The channel's name.
  public let channel: String
  /// The unit of its values.
  public let unit: Unit

  /// A channel of a sensor.
  public init(sensor: String, channel: String, unit: Unit) {
    self.sensor = sensor
    self.channel = channel
    self.unit = unit
  }

  /// As the board file writes it: `sensor.channel`.
  public var description: String { "\(sensor).\(channel)" }
}

/// What a kernel gives: a derived value, or something that happened.
public enum KernelOutput: Hashable, Sendable {
  /// A derived value, named within its kernel, at a time in nanoseconds of the samples' epoch.
  case value(output: String, value: Double, unit: Unit, nanoseconds: Int64)
  /// A change that deserves an event.
  case event(KernelEvent)
}

/// Something that a kernel noticed in a channel.
public struct KernelEvent: Hashable, Sendable {
  /// The channel.
  public let subject: ChannelReference
  /// Whether it began or ended.
  public let isAlarm: Bool
  /// What happened, in words.
  public let reason: String
  /// The value that made it happen.
  public let value: Double
  /// When, in nanoseconds of the samples' epoch.
  public let nanoseconds: Int64
}

/// What a kind of kernel is, for the board file, the reference page and the log.
public struct KernelSpecification: Sendable {
  /// The word behind `kind:`.
  public let name: String
  /// Raised by one whenever the same samples would give other outputs; it is in the log.
  public let revision: UInt64
  /// One line for people.
  public let summary: String
  /// The kind's own keys in the board file.
  public let options: [OptionSpecification]
  /// What it gives for every channel, for people.
  public let outputs: [String]
}

/// A kernel as the board runs it: channels in, values and events out.
///
/// Deterministic: the same samples give the same outputs, whatever the pieces in which they come.
public protocol StreamKernel: Sendable {
  /// What the kind is.
  static var specification: KernelSpecification { get }

  /// A kernel over channels, with options that the specification describes.
  init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict)

  /// Takes a sample of the input with an index.
  mutating func accept(_ sample: Sample, input: Int, into outputs: inout [KernelOutput])

  /// Says that time has come so far, though no sample came.
  mutating func advance(to nanoseconds: Int64, into outputs: inout [KernelOutput])
}

/// All kinds of kernels, in the order of their names.
public enum KernelCatalogue {
  /// The kinds.
  public static let all: [any StreamKernel.Type] = [StatisticsKernel.self, ThresholdKernel.self]
}
