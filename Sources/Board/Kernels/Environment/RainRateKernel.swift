public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Rain from the tips of a gauge's bucket.
public struct RainRateKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "rain-rate", family: .environment, revision: 1,
      summary: "intensity and amount of rain from the tips of a gauge",
      options: [
        .number(
          "per-tip", 0.001...10, .standard("0.2"), help: "rain that one tip stands for, in mm"),
        .time(
          "dry-after", 60_000_000_000...86_400_000_000_000, .standard("1 h"),
          help: "time without a tip after which it does not rain"),
      ],
      outputs: [
        ("rate", "intensity by the time between tips; falls while none comes"),
        ("amount", "rain since the start"),
      ],
      notes: """
        The stream is a count that rises with every tip, as 'pulses' of a pulse-counter; a count that \
        falls begins anew. WMO-No. 8, volume I, chapter 6.
        """)
  }

  /// The rate and the amount.
  public let outputs = [
    KernelChannel("rate", Unit(code: "mm/h")), KernelChannel("amount", Unit(code: "mm")),
  ]
  private var gauge: RainRate
  private var last: Double?

  /// A gauge, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    try input.mustBe(in: .count, "a count", of: "tips", for: "rain-rate")
    guard
      let gauge = RainRate(
        tip: options.double("per-tip") ?? 0.2,
        dryTime: options.nanoseconds("dry-after") ?? 3_600_000_000_000)
    else { throw .together("per-tip", "'per-tip' must be above zero") }
    self.gauge = gauge
  }

  /// Takes a sample of the count.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    if let last, sample.value > last {
      _ = gauge.accept(Sample(nanoseconds: sample.nanoseconds, value: sample.value - last))
    }
    last = sample.value
    outputs.give(0, gauge.rate(at: sample.nanoseconds), at: sample.nanoseconds)
    outputs.give(1, gauge.amount, at: sample.nanoseconds)
  }
}
