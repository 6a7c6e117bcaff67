public import Configuration
public import Drivers
public import Kernels
public import Quantities

/// A kind of filter: what it is, and how its options make one.
public protocol FilterKind: Sendable {
  /// The filter.
  associatedtype Filter: StreamFilter

  /// The word behind `kind:`, as ESPHome's users know it.
  static var name: String { get }
  /// One line for people.
  static var summary: String { get }
  /// The kind's own keys.
  static var options: [OptionSpecification] { get }
  /// Rules and differences, in Markdown; empty for none.
  static var notes: String { get }

  /// A filter as the options say.
  static func filter(_ options: OptionValues) throws(OptionConflict) -> Filter

  /// The unit of what is sent on, for a stream in a unit.
  static func unit(_ options: OptionValues, of input: Unit) -> Unit

  /// What a filter still sends when no sample will come any more.
  static func finish(_ filter: inout Filter) -> Sample?
}

extension FilterKind {
  /// Nothing to add.
  public static var notes: String { "" }

  /// The stream's own unit.
  public static func unit(_ options: OptionValues, of input: Unit) -> Unit { input }

  /// Nothing waits.
  public static func finish(_ filter: inout Filter) -> Sample? { nil }
}

/// A filter as a kernel: what it sends on is its one output.
public struct FilterKernel<Kind: FilterKind>: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: Kind.name, family: .filters, revision: 1, summary: Kind.summary, options: Kind.options,
      outputs: [("value", "what the filter sends on")], notes: Kind.notes)
  }

  /// What the filter sends on.
  public let outputs: [KernelChannel]
  private var filter: Kind.Filter

  /// A filter on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    filter = try Kind.filter(options)
    outputs = [KernelChannel("value", Kind.unit(options, of: input.unit))]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    advance(to: sample.nanoseconds, into: &outputs)
    if let sent = filter.accept(sample) { outputs.give(0, sent.value, at: sent.nanoseconds) }
  }

  /// Sends what is due by a time.
  public mutating func advance(to nanoseconds: Int64, into outputs: inout KernelOutputs) {
    if let sent = filter.advance(to: nanoseconds) {
      outputs.give(0, sent.value, at: sent.nanoseconds)
    }
  }

  /// Sends what waits for the end of a period.
  public mutating func finish(into outputs: inout KernelOutputs) {
    if let sent = Kind.finish(&filter) { outputs.give(0, sent.value, at: sent.nanoseconds) }
  }
}

extension OptionSpecification {
  /// The keys of a filter over the last values.
  static func window(_ standard: Int) -> [OptionSpecification] {
    [
      .count("window-size", 1...10_000, .standard("\(standard)"), help: "how many values"),
      .count(
        "send-every", 1...1_000_000, .standard("\(standard)"), help: "send one of so many values"),
      .count(
        "send-first-at", 1...1_000_000, .standard("1"), help: "which value is sent first"),
    ]
  }

  /// The key of a filter with a time.
  static func period(_ name: String, help: String) -> OptionSpecification {
    .time(name, 1_000_000...2_419_200_000_000_000, .required, help: help)
  }
}

extension OptionConflict {
  /// Options of a filter over the last values that do not fit.
  static let window = OptionConflict(
    option: "send-first-at", "'send-first-at' is larger than 'send-every'",
    remedy: "write at most the number of 'send-every'")
}
