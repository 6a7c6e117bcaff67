import Configuration
import Kernels
import Quantities

/// Limits of voltage events, as options and as events.
enum VoltageLimits {
  /// The nominal voltage and the limits.
  static var options: [OptionSpecification] {
    [
      OptionSpecification(
        "nominal", .quantity(.voltage, 1_000_000...1_000_000_000_000_000), .required,
        help: "nominal voltage, RMS"),
      .number("dip", 0.01...1, .standard("0.9"), help: "part of the nominal below which is a dip"),
      .number(
        "swell", 1...10, .standard("1.1"), help: "part of the nominal above which is a swell"),
      .number(
        "interruption", 0.001...1, .standard("0.05"),
        help: "part of the nominal below which is an interruption"),
      .number(
        "hysteresis", 0...0.5, .standard("0.02"),
        help: "part of the nominal by which the voltage must come back"),
    ]
  }

  /// The nominal frequency, which tells how many cycles a block has.
  static let nominalFrequency = OptionSpecification(
    "frequency", .choice(["50", "60"]), .standard("50"), help: "nominal frequency in hertz")

  /// The detector's options.
  static func events(_ options: OptionValues) -> VoltageEventDetector.Options {
    var events = VoltageEventDetector.Options(
      nominal: options.quantity("nominal")?.value ?? 230)
    events.dip = options.double("dip") ?? 0.9
    events.swell = options.double("swell") ?? 1.1
    events.interruption = options.double("interruption") ?? 0.05
    events.hysteresis = options.double("hysteresis") ?? 0.02
    return events
  }

  /// The state as a number: 0 none, 1 dip, 2 swell, 3 interruption.
  static func state(_ event: VoltageEvent?) -> Double {
    switch event?.kind {
    case nil: 0
    case .dip: 1
    case .swell: 2
    case .interruption: 3
    }
  }

  /// When a change happened.
  static func time(of change: VoltageEventDetector.Change) -> Int64 {
    switch change {
    case .began(let event), .turned(_, let event): event.start
    case .deepened(let event): event.extremeTime
    case .ended(let event): event.end ?? event.extremeTime
    }
  }

  /// The event that ended with a change.
  static func ended(_ change: VoltageEventDetector.Change) -> VoltageEvent? {
    switch change {
    case .began, .deepened: nil
    case .ended(let event), .turned(let event, _): event
    }
  }

  /// Tells of events that begin and end.
  static func tell(
    _ change: VoltageEventDetector.Change, of input: ChannelReference,
    into outputs: inout KernelOutputs
  ) {
    switch change {
    case .deepened: break
    case .began(let event): outputs.tell(began(event, input))
    case .ended(let event): outputs.tell(ended(event, input))
    case .turned(let old, let new):
      outputs.tell(ended(old, input))
      outputs.tell(began(new, input))
    }
  }

  private static func began(_ event: VoltageEvent, _ input: ChannelReference) -> KernelEvent {
    KernelEvent(
      subject: input, isAlarm: true, reason: "\(event.kind.rawValue) begins",
      value: event.extreme, nanoseconds: event.start)
  }

  private static func ended(_ event: VoltageEvent, _ input: ChannelReference) -> KernelEvent {
    let end = event.end ?? event.extremeTime
    let milliseconds = (event.duration ?? 0) / 1_000_000
    let percent = Int((event.extremeFraction * 100).rounded())
    return KernelEvent(
      subject: input, isAlarm: false,
      reason: "\(event.kind.rawValue) ended after \(milliseconds) ms, at worst \(percent) %",
      value: event.extreme, nanoseconds: end)
  }
}
