public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Voltage quality from the waveform of the mains.
public struct WaveformKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "waveform", family: .grid, revision: 2,
      summary: "RMS, frequency, ROCOF, harmonics and voltage events from sampled mains voltage",
      options: [
        OptionSpecification(
          "sample-rate", .quantity(.frequency, 100_000_000_000...51_200_000_000_000), .required,
          help: "samples a second; at least 8 a cycle"),
        OptionSpecification(
          "exact-rate", .flag, .standard("yes"),
          help:
            "whether the rate is exact unless the stamps contradict it; else they refine it, by up to"
            + " 10 %"),
        OptionSpecification(
          "resolution", .quantity(.voltage, 0...1_000_000_000_000), .standard("0 V"),
          help: "one step of the converter, for the bound of the error; else the values show it"),
        .count(
          "harmonics", 0...50, .standard("50"),
          help: "highest order to look at; the rate may allow fewer; 0 for none"),
        OptionSpecification(
          "half-cycles", .flag, .standard("no"), help: "whether to give the RMS of every half cycle"
        ),
      ] + VoltageLimits.options + [VoltageLimits.nominalFrequency],
      outputs: [
        ("rms", "RMS of 10 cycles at 50 Hz, 12 at 60 Hz"),
        ("frequency", "whole cycles over their time, in 10 s"),
        (
          "frequency-bound", "bound of its error by noise, steps and stamps, not by the clock's own"
        ),
        ("rate-of-change", "ROCOF over 1 s, in Hz/s"),
        ("thd", "total harmonic distortion of the block, in percent of the fundamental"),
        ("thd-bound", "bound of its error, in percentage points"),
        ("highest-order", "highest harmonic in it"),
        ("flagged", "1 where the block lies over an event, else 0"),
        ("rms-3s", "RMS of 15 blocks"), ("rms-10min", "RMS of ten minutes of the clock"),
        ("rms-2h", "RMS of twelve of those"),
        ("event", "0 none, 1 dip, 2 swell, 3 interruption"),
        ("extreme", "worst RMS of a cycle in the event that ended"),
        ("duration", "how long it lasted"),
        ("rms-half", "RMS of a cycle, every half cycle; only with 'half-cycles'"),
        ("filled", "1 where missing samples in the block were filled, else 0"),
        ("frequency-part", "percent of the ten seconds whose cycles the frequency rests on"),
      ],
      notes: """
        Methods of IEC 61000-4-30: blocks of whole cycles without gap or overlap, aggregates as roots of \
        means of squares, events on the RMS of a cycle every half cycle with hysteresis, flagged data. \
        It claims no class: the bound of the error goes out with the values. Harmonics are single lines \
        by a window with soft ends, synchronous with the mains; at 860 samples a second up to the 8th \
        at 50 Hz. Where voltage steps, cycles that would begin or end there give no frequency; that of \
        ten seconds is all cycles before and behind over the time they took. Up to a quarter of a cycle \
        of missing samples, as empty values or absent in even stamps, is filled from one cycle before. \
        A frequency out of reach, as of 16.7 Hz railways, gives nothing. 'thd-bound' leaves out what is \
        above 'highest-order', and interharmonics within a fifth of the fundamental of a harmonic, or a \
        voltage that flickers, break it.
        """)
  }

  /// The outputs in the order of the specification.
  public let outputs: [KernelChannel]
  private let input: ChannelReference
  private let givesHalfCycles: Bool
  private var waveform: MainsWaveform
  private var aggregates = RMSAggregates()

  /// An analysis of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    try input.mustBe(in: .volt, "volts", of: "sampled voltage", for: "waveform")
    var settings = MainsWaveform.Options(
      sampleRate: options.quantity("sample-rate")?.value ?? 0,
      nominalVoltage: options.quantity("nominal")?.value ?? 230)
    settings.isRateExact = options.flag("exact-rate") ?? true
    settings.nominalFrequency = Double(options.text("frequency") ?? "50") ?? 50
    settings.highestOrder = options.integer("harmonics") ?? 50
    settings.resolution = options.quantity("resolution")?.value ?? 0
    settings.events = VoltageLimits.events(options)
    guard let waveform = MainsWaveform(settings) else {
      throw OptionConflict(
        option: "sample-rate", "'sample-rate', 'nominal' and the limits do not go together",
        remedy: "write at least 8 samples a cycle, and limits in their order")
    }
    self.input = input
    self.waveform = waveform
    givesHalfCycles = options.flag("half-cycles") ?? false
    let percent = Unit(code: "%")
    outputs = [
      KernelChannel("rms", input.unit), KernelChannel("frequency", .hertz),
      KernelChannel("frequency-bound", .hertz), KernelChannel("rate-of-change", Unit(code: "Hz/s")),
      KernelChannel("thd", percent), KernelChannel("thd-bound", percent),
      KernelChannel("highest-order", .none, isState: true),
      KernelChannel("flagged", .none, isState: true), KernelChannel("rms-3s", input.unit),
      KernelChannel("rms-10min", input.unit), KernelChannel("rms-2h", input.unit),
      KernelChannel("event", .none, isState: true), KernelChannel("extreme", input.unit),
      KernelChannel("duration", .second), KernelChannel("rms-half", input.unit),
      KernelChannel("filled", .none, isState: true), KernelChannel("frequency-part", percent),
    ]
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard let update = waveform.accept(sample) else { return }
    give(update, into: &outputs)
  }

  /// Gives what is left of a record that ends.
  public mutating func finish(into outputs: inout KernelOutputs) {
    while let update = waveform.flush() { give(update, into: &outputs) }
  }

  private mutating func give(_ update: MainsWaveform.Update, into outputs: inout KernelOutputs) {
    if let change = update.event {
      VoltageLimits.tell(change, of: input, into: &outputs)
      let time = VoltageLimits.time(of: change)
      outputs.give(11, VoltageLimits.state(waveform.event), at: time)
      if let ended = VoltageLimits.ended(change) {
        outputs.give(12, ended.extreme, at: time)
        outputs.give(13, Double(ended.duration ?? 0) / 1e9, at: time)
      }
    }
    if givesHalfCycles, let half = update.halfCycle { outputs.give(14, half.rms, at: half.end) }
    if let block = update.block { give(block, into: &outputs) }
    if let frequency = update.frequency {
      outputs.give(1, frequency.frequency, at: frequency.end)
      outputs.give(2, frequency.errorBound, at: frequency.end)
      let length = Double(frequency.end) - Double(frequency.start)
      let part = length > 0 ? 100 * Double(frequency.measured) / length : 0
      outputs.give(16, min(100, part), at: frequency.end)
    }
  }

  private mutating func give(_ block: MainsBlock, into outputs: inout KernelOutputs) {
    outputs.give(0, block.rms, at: block.end)
    if let slope = block.rateOfChange { outputs.give(3, slope, at: block.end) }
    if let distortion = block.distortion { outputs.give(4, distortion, at: block.end) }
    if let bound = block.errorBound { outputs.give(5, bound, at: block.end) }
    outputs.give(6, Double(block.highestOrder), at: block.end)
    outputs.give(7, block.isFlagged ? 1 : 0, at: block.end)
    outputs.give(15, block.hasFilledSamples ? 1 : 0, at: block.end)
    let longer = aggregates.accept(block)
    for (index, aggregate) in [longer.threeSeconds, longer.tenMinutes, longer.twoHours].enumerated()
    {
      if let aggregate { outputs.give(8 + index, aggregate.rms, at: aggregate.end) }
    }
  }
}
