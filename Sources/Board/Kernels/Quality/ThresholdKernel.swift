public import Configuration
public import Drivers
import JSONText
public import Kernels
import Quantities

/// An alarm when a stream passes a limit, released with hysteresis.
public struct ThresholdKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    let number = OptionKind.number(OptionKind.anyNumber)
    let time = OptionKind.quantity(.duration, 0...86_400_000_000_000)
    return KernelSpecification(
      name: "threshold", family: .quality, revision: 2,
      summary: "an event when a channel passes a limit, and when it is back",
      options: [
        OptionSpecification(
          "above", number, .optional, help: "alarm over this value, in the channel's unit"),
        OptionSpecification(
          "below", number, .optional, help: "alarm under this value, in the channel's unit"),
        OptionSpecification(
          "release", number, .optional,
          help: "value at which the alarm ends; the limit itself where it is not written"),
        OptionSpecification(
          "for", time, .standard("0 s"), help: "how long the limit must be passed"),
        OptionSpecification(
          "release-for", time, .standard("0 s"), help: "how long the value must be back"),
      ],
      outputs: [("alarm", "1 while the alarm is raised, else 0; only changes are recorded")])
  }

  /// The alarm as 0 or 1.
  public let outputs = [KernelChannel("alarm", Unit(code: ""), isState: true)]
  private let input: ChannelReference
  private var threshold: Threshold

  /// An alarm on a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    let side: Threshold.Side
    let limit: Int128
    switch (options.number("above"), options.number("below")) {
    case (let above?, nil): (side, limit) = (.above, above)
    case (nil, let below?): (side, limit) = (.below, below)
    case (nil, nil):
      throw OptionConflict(
        option: "above", "a threshold needs a limit",
        remedy: "write for example 'above: 30' or 'below: 5', in the channel's unit")
    case (.some, .some):
      throw OptionConflict(
        option: "below", "a threshold has one limit, but 'above' and 'below' are written",
        remedy: "keep one, and write a second kernel for the other")
    }
    let release = options.number("release") ?? limit
    let threshold = Threshold(
      side, Self.value(limit), release: Self.value(release),
      hold: Int64(options.quantity("for")?.nano ?? 0),
      releaseHold: Int64(options.quantity("release-for")?.nano ?? 0))
    guard let threshold else {
      throw OptionConflict(
        option: "release", "'release' lies beyond the limit, where the alarm is raised",
        remedy: side == .above
          ? "write \(Self.text(limit)) or less" : "write \(Self.text(limit)) or more")
    }
    self.input = input
    self.threshold = threshold
  }

  private static func text(_ nano: Int128) -> String {
    Quantity(nano: nano, unit: .ratio).decimalText
  }

  private static func value(_ nano: Int128) -> Double { Quantity(nano: nano, unit: .ratio).value }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    let change = threshold.accept(sample)
    outputs.give(0, threshold.isRaised ? 1 : 0, at: sample.nanoseconds)
    switch change {
    case nil: break
    case .raised(let value):
      outputs.tell(
        KernelEvent(
          subject: input, isAlarm: true,
          reason: "value is \(threshold.side.rawValue) \(JSON.numberText(threshold.limit))",
          value: value, nanoseconds: sample.nanoseconds))
    case .released(let value):
      outputs.tell(
        KernelEvent(
          subject: input, isAlarm: false,
          reason: "value is back at \(JSON.numberText(threshold.release))", value: value,
          nanoseconds: sample.nanoseconds))
    }
  }
}
