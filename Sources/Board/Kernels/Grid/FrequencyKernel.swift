public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Whether the frequency of the mains is what it should be, and whether it can be believed.
public struct FrequencyKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "frequency", family: .grid, revision: 2,
      summary: "means, ROCOF and alarms of a mains frequency, and whether it can be believed",
      inputs: .named([
        KernelInput("frequency", .hertz, help: "the frequency"),
        KernelInput(
          "voltage", .volt, isRequired: false,
          help: "the voltage; without voltage a frequency means nothing"),
      ]),
      options: [
        OptionSpecification(
          "nominal", .choice(["50", "60"]), .standard("50"), help: "nominal frequency in hertz"),
        .number(
          "deviation", 0.001...10, .standard("0.2"), help: "deviation in hertz that is an alarm"),
        .number(
          "hysteresis", 0...10, .standard("0.02"), help: "by how many hertz it must come back"),
        .time("for", 0...3_600_000_000_000, .standard("0 s"), help: "how long it must last"),
        .time(
          "release-for", 0...3_600_000_000_000, .standard("0 s"), help: "how long it must be back"),
        .time(
          "slope-window", 100_000_000...60_000_000_000, .standard("1 s"),
          help: "time over which the rate of change is taken"),
        .time(
          "stuck-after", 1_000_000_000...86_400_000_000_000, .standard("1 min"),
          help: "how long one value may stay before it is not believed"),
        OptionSpecification(
          "nominal-voltage", .quantity(.voltage, 1_000_000...1_000_000_000_000_000),
          .standard("230 V"), help: "nominal voltage; below a tenth of it there is none"),
      ],
      outputs: [
        ("one-second", "mean of a second"), ("ten-seconds", "mean of ten seconds"),
        ("rate-of-change", "slope by least squares, in Hz/s"),
        ("under", "1 while the frequency is too low, else 0"),
        ("over", "1 while it is too high, else 0"),
        ("valid", "1 while it can be believed, else 0: no voltage, not 40 to 70 Hz, or stuck"),
      ],
      notes: """
        Values that cannot be believed raise no alarm and are in no mean. Means are given when their \
        second or ten seconds are over, and are left out where nothing valid came.
        """)
  }

  /// The means, the slope and the states.
  public let outputs = [
    KernelChannel("one-second", .hertz, isOfWindow: true),
    KernelChannel("ten-seconds", .hertz, isOfWindow: true),
    KernelChannel("rate-of-change", Unit(code: "Hz/s")),
    KernelChannel("under", .none, isState: true), KernelChannel("over", .none, isState: true),
    KernelChannel("valid", .none, isState: true),
  ]
  private let inputs: [ChannelReference]
  private var monitor: FrequencyMonitor

  /// A monitor of streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    var settings = FrequencyMonitor.Options(
      nominal: Double(options.text("nominal") ?? "50") ?? 50,
      deviation: options.double("deviation") ?? 0.2)
    settings.hysteresis = options.double("hysteresis") ?? 0.02
    settings.hold = options.nanoseconds("for") ?? 0
    settings.releaseHold = options.nanoseconds("release-for") ?? 0
    settings.slopeWindow = options.nanoseconds("slope-window") ?? 1_000_000_000
    settings.stuckAfter = options.nanoseconds("stuck-after")
    settings.nominalVoltage = options.quantity("nominal-voltage")?.value ?? 230
    guard let monitor = FrequencyMonitor(settings) else {
      throw OptionConflict(
        option: "hysteresis", "'hysteresis' is larger than 'deviation'",
        remedy: "write a smaller one")
    }
    self.monitor = monitor
    self.inputs = inputs
  }

  /// Takes a sample of the frequency or of the voltage.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard input == 0 else {
      if let change = monitor.acceptVoltage(sample.value) {
        tell(change, sample, into: &outputs)
        outputs.give(5, monitor.invalidity == nil ? 1 : 0, at: sample.nanoseconds)
      }
      return
    }
    let update = monitor.accept(sample)
    if let mean = update.oneSecond { outputs.give(0, mean.frequency, at: mean.end) }
    if let mean = update.tenSeconds { outputs.give(1, mean.frequency, at: mean.end) }
    if let slope = update.rateOfChange { outputs.give(2, slope, at: sample.nanoseconds) }
    outputs.give(3, monitor.isUnder ? 1 : 0, at: sample.nanoseconds)
    outputs.give(4, monitor.isOver ? 1 : 0, at: sample.nanoseconds)
    outputs.give(5, monitor.invalidity == nil ? 1 : 0, at: sample.nanoseconds)
    if let change = update.change { tell(change, sample, into: &outputs) }
  }

  private func tell(
    _ change: FrequencyMonitor.Change, _ sample: Sample, into outputs: inout KernelOutputs
  ) {
    let isAlarm: Bool
    let reason: String
    switch change {
    case .underFrequency: (isAlarm, reason) = (true, "frequency is too low")
    case .overFrequency: (isAlarm, reason) = (true, "frequency is too high")
    case .normal: (isAlarm, reason) = (false, "frequency is back")
    case .invalid(let why): (isAlarm, reason) = (true, "frequency means nothing: \(words(why))")
    case .valid: (isAlarm, reason) = (false, "frequency can be believed again")
    }
    var isOfQuality = false
    switch change {
    case .invalid, .valid: isOfQuality = true
    default: break
    }
    outputs.tell(
      KernelEvent(
        subject: inputs[0], isAlarm: isAlarm, reason: reason,
        value: sample.value.isFinite ? sample.value : 0, nanoseconds: sample.nanoseconds,
        isOfQuality: isOfQuality))
  }

  private func words(_ invalidity: FrequencyMonitor.Invalidity) -> String {
    switch invalidity {
    case .noVoltage: "there is no voltage"
    case .implausible: "it is out of the range of meters"
    case .stuck: "it does not move"
    }
  }
}
