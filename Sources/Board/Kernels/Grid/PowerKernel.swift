public import Configuration
public import Drivers
public import Kernels
import Quantities

/// Powers and energy from sampled voltage and current.
public struct PowerKernel: StreamKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "power", family: .grid, revision: 2,
      summary: "active, reactive and apparent power and energy from sampled voltage and current",
      inputs: .named([
        KernelInput("voltage", .volt, help: "samples of the voltage"),
        KernelInput("current", .ampere, help: "samples of the current"),
      ]),
      options: [
        OptionSpecification(
          "sample-rate", .quantity(.frequency, 100_000_000_000...51_200_000_000_000), .required,
          help: "pairs a second; at least 8 a cycle"),
        OptionSpecification(
          "exact-rate", .flag, .standard("yes"),
          help: "whether the rate is exact unless the stamps contradict it; else they refine it"),
        OptionSpecification(
          "nominal", .quantity(.voltage, 1_000_000...1_000_000_000_000_000), .required,
          help: "nominal voltage, RMS"),
        VoltageLimits.nominalFrequency,
        .time(
          "current-delay", 0...20_000_000, .standard("0 s"),
          help: "how much later the current is sampled, as by a converter with one input at a time"),
        .count(
          "harmonics", 0...50, .standard("13"), help: "highest order to compensate the delay for"),
        .time(
          "within", 0...1_000_000_000, .standard("20 ms"), help: "how far apart a pair may be"),
      ],
      outputs: [
        ("voltage", "RMS of the voltage"), ("current", "RMS of the current"),
        ("active", "active power"), ("reactive", "reactive power; positive is inductive"),
        ("apparent", "apparent power"), ("factor", "power factor"),
        ("frequency", "frequency of the block"), ("imported", "energy taken, since the start"),
        ("exported", "energy given, since the start"),
      ],
      notes:
        "Over whole cycles, 10 at 50 Hz and 12 at 60 Hz; IEEE 1459 for the fundamental reactive"
        + " power. Up to a quarter of a cycle of missing pairs is filled from one cycle before.")
  }

  /// The powers and energies.
  public let outputs = [
    KernelChannel("voltage", .volt), KernelChannel("current", .ampere),
    KernelChannel("active", .watt), KernelChannel("reactive", .voltAmpereReactive),
    KernelChannel("apparent", .voltAmpere), KernelChannel("factor", .ratio),
    KernelChannel("frequency", .hertz), KernelChannel("imported", .wattHour),
    KernelChannel("exported", .wattHour),
  ]
  private var pairs: SampleSet
  private var meter: PowerMeter

  /// A meter of two streams, as the options say.
  public init(options: OptionValues, inputs: [ChannelReference]) throws(OptionConflict) {
    var settings = PowerMeter.Options(
      sampleRate: options.quantity("sample-rate")?.value ?? 0,
      nominalVoltage: options.quantity("nominal")?.value ?? 230)
    settings.isRateExact = options.flag("exact-rate") ?? true
    settings.nominalFrequency = Double(options.text("frequency") ?? "50") ?? 50
    settings.currentDelay = options.nanoseconds("current-delay") ?? 0
    settings.highestOrder = options.integer("harmonics") ?? 13
    guard let meter = PowerMeter(settings) else {
      throw OptionConflict(
        option: "sample-rate", "'sample-rate', 'nominal' and 'current-delay' do not go together",
        remedy: "write at least 8 samples a cycle, and a delay below one of them")
    }
    self.meter = meter
    pairs = SampleSet(count: inputs.count, tolerance: options.nanoseconds("within") ?? 20_000_000)
  }

  /// Takes a sample of the voltage or of the current.
  public mutating func accept(_ sample: Sample, input: Int, into outputs: inout KernelOutputs) {
    guard let time = pairs.accept(sample, input: input), pairs.values.count == 2,
      let power = meter.accept(
        nanoseconds: time, volts: pairs.values[0], amperes: pairs.values[1])
    else { return }
    let values: [Double?] = [
      power.voltage, power.current, power.active, power.reactive, power.apparent, power.factor,
      power.frequency, meter.imported, meter.exported,
    ]
    for (index, value) in values.enumerated() {
      if let value { outputs.give(index, value, at: power.end) }
    }
  }
}

/// Energy from a stream of powers.
public struct EnergyKernel: ChannelKernel {
  /// What the kind is.
  public static var specification: KernelSpecification {
    KernelSpecification(
      name: "energy", family: .grid, revision: 1,
      summary: "energy from a stream of powers, what is taken apart from what is given",
      options: [
        .time(
          "max-gap", 1_000_000...86_400_000_000_000, .standard("1 min"),
          help: "longest time between two samples over which energy is counted")
      ],
      outputs: [
        ("imported", "energy of positive power, since the start"),
        ("exported", "energy of negative power, since the start"),
        ("net", "the one less the other"),
      ],
      notes: "By trapezoids; where power crosses zero, each side counts for itself. Registers never"
        + " go back.")
  }

  /// The registers.
  public let outputs = [
    KernelChannel("imported", .wattHour), KernelChannel("exported", .wattHour),
    KernelChannel("net", .wattHour),
  ]
  private var register: EnergyRegister

  /// A register of a stream, as the options say.
  public init(options: OptionValues, input: ChannelReference) throws(OptionConflict) {
    try input.mustBe(in: .watt, "watts", of: "power", for: "energy")
    guard let register = EnergyRegister(maximumGap: options.nanoseconds("max-gap") ?? 1) else {
      throw .together("max-gap", "'max-gap' must be above zero")
    }
    self.register = register
  }

  /// Takes a sample.
  public mutating func accept(_ sample: Sample, into outputs: inout KernelOutputs) {
    guard sample.value.isFinite else { return }
    register.accept(sample)
    outputs.give(0, register.imported, at: sample.nanoseconds)
    outputs.give(1, register.exported, at: sample.nanoseconds)
    outputs.give(2, register.net, at: sample.nanoseconds)
  }
}
