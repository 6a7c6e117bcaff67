/// A one-cycle RMS that is refreshed each half cycle, Urms(1/2) of IEC 61000-4-30.
public struct MainsHalfCycle: Hashable, Sendable {
  /// The begin of the cycle in nanoseconds.
  public let start: Int64
  /// Its end, where the half cycle ended.
  public let end: Int64
  /// The RMS of the cycle, in volts.
  public let rms: Double
  /// The frequency of the cycle in hertz; nil without voltage or after a jump of the phase.
  public let frequency: Double?
}

/// The basic block of 10 cycles at 50 Hz or 12 at 60 Hz, about 200 ms.
///
/// Source: IEC 61000-4-30 clauses 4.4 and 5.8 and IEC 61000-4-7; harmonics are single lines,
/// without the grouping of their neighbours.
public struct MainsBlock: Hashable, Sendable {
  /// The zero crossing that it began with, in nanoseconds.
  public let start: Int64
  /// The zero crossing that it ended with.
  public let end: Int64
  /// How many cycles it has.
  public let cycles: Int
  /// The RMS of the voltage in volts.
  public let rms: Double
  /// The frequency in hertz; nil where the voltage was away or its phase jumped.
  public let frequency: Double?
  /// The rate of change of the frequency over the slope window, in hertz per second.
  public let rateOfChange: Double?
  /// The RMS of the fundamental in volts; nil where no harmonics are asked for.
  public let fundamental: Double?
  /// Total harmonic distortion in percent of the fundamental, up to `highestOrder`.
  ///
  /// Nil where no harmonics are asked for or the fundamental is below a tenth of the nominal.
  public let distortion: Double?
  /// The highest harmonic in the distortion: below half the sample rate and as asked for.
  public let highestOrder: Int
  /// How far noise and the finite sample rate can move the distortion, in percentage points.
  ///
  /// Not in it are harmonics above `highestOrder`: over half the sample rate they fold back where no
  /// filter holds them off, and right below it they are left out. Lines between the harmonics, such
  /// as interharmonics and the sidebands of a voltage that flickers, count as noise unless they lie
  /// within a fifth of the fundamental of a harmonic: that breaks the bound.
  public let errorBound: Double?
  /// Whether it overlaps a dip, swell or interruption (the flagging concept of clause 4.7).
  public internal(set) var isFlagged: Bool
  /// Whether missing samples were filled.
  public let hasFilledSamples: Bool
}
