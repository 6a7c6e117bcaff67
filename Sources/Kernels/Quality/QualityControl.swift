/// Runs the quality tests of one channel and puts their flags together.
///
/// With a spike test a sample's verdict is final only when the next sample has come, so every
/// verdict is given one sample late and `finish()` gives the last; without one it is given at once.
///
/// The tests know nothing of each other, as in QARTOD, but for one rule: a value that a sensor
/// gives for want of a measurement is missing to all tests after the sentinel test, so that it does
/// not make its neighbours look like spikes. NaN is missing to all of them, an infinity to all but
/// the gross range, which it fails.
public struct QualityControl: Hashable, Sendable {
  /// The flags of one sample.
  public struct Verdict: Hashable, Sendable {
    /// The sample as it came.
    public let sample: Sample
    /// The flags of the tests that were made.
    public var flags: QualityFlags

    /// The flag that prevails.
    public var aggregate: QualityFlag { flags.aggregate }
  }

  private var timing: TimingTest?
  private let sentinels: SentinelValues?
  private let grossRange: GrossRange?
  private var climatology: Climatology?
  private var spike: SpikeTest?
  private var rateOfChange: RateOfChange?
  private var flatLine: FlatLine?
  private var attenuatedSignal: AttenuatedSignal?
  private var held: Verdict?

  /// The tests of a channel; nil leaves a test out.
  ///
  /// A test whose limits were refused is nil too, so see to that before.
  public init(
    timing: TimingTest? = nil, sentinels: SentinelValues? = nil, grossRange: GrossRange? = nil,
    climatology: Climatology? = nil, spike: SpikeTest? = nil, rateOfChange: RateOfChange? = nil,
    flatLine: FlatLine? = nil, attenuatedSignal: AttenuatedSignal? = nil
  ) {
    self.timing = timing
    self.sentinels = sentinels
    self.grossRange = grossRange
    self.climatology = climatology
    self.spike = spike
    self.rateOfChange = rateOfChange
    self.flatLine = flatLine
    self.attenuatedSignal = attenuatedSignal
  }

  /// Whether verdicts come one sample late.
  public var isDelayed: Bool { spike != nil }

  /// How many samples are missing by their stamps; 0 without a timing test.
  public var missingSamples: Int64 { timing?.missingSamples ?? 0 }

  /// Takes a sample; gives the verdict that becomes final, which may be of the sample before.
  public mutating func accept(_ sample: Sample) -> Verdict? {
    var verdict = Verdict(sample: sample, flags: QualityFlags())
    verdict.flags[.timing] = timing?.accept(sample)
    let sentinel = sentinels?.accept(sample)
    verdict.flags[.sentinel] = sentinel
    let measured =
      sentinel ?? .good == .good ? sample : Sample(nanoseconds: sample.nanoseconds, value: .nan)
    verdict.flags[.grossRange] = grossRange?.accept(measured)
    verdict.flags[.climatology] = climatology?.accept(measured)
    verdict.flags[.rateOfChange] = rateOfChange?.accept(measured)
    verdict.flags[.flatLine] = flatLine?.accept(measured)
    verdict.flags[.attenuatedSignal] = attenuatedSignal?.accept(measured)
    guard spike != nil else { return verdict }
    let flag = spike?.accept(measured)
    var final = held
    final?.flags[.spike] = flag
    held = verdict
    return final
  }

  /// Ends the stream; gives the verdict of its last sample where that was held.
  public mutating func finish() -> Verdict? {
    var final = held
    final?.flags[.spike] = spike?.finish()
    held = nil
    return final
  }
}
