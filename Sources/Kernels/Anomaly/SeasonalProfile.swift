/// What is usual at each time of the day, or of another period: a mean and a deviation per bin.
///
/// A pass through a bin is the run of samples that fall into it at one time. When the time leaves
/// the bin, the mean of the pass and the mean square of its values about what was usual fade into
/// the bin with the rate, `1 / n` while that is greater; so a day counts as a day however many
/// samples it had, and a value is never compared with its own pass. The first pass of a bin has
/// nothing usual: its spread is that about the mean of all values so far.
///
/// Bins begin at whole multiples of their length since the epoch of the samples; a day is 24 hours
/// and knows no summer time. Time that goes backwards or jumps begins a pass. NaN, infinities and
/// magnitudes over 1e140 are passed over. The memory is three numbers per bin.
public struct SeasonalProfile: Hashable, Sendable {
  /// What is usual in a bin.
  public struct Usual: Hashable, Sendable {
    /// The mean, in the stream's unit.
    public let mean: Double
    /// The variance about what was usual before, in the square of the stream's unit.
    public let variance: Double

    /// The standard deviation, in the stream's unit.
    public var deviation: Double { variance.squareRoot() }
  }

  private struct Bin: Hashable, Sendable {
    var passes = 0.0
    var mean = 0.0
    var variance = 0.0
  }

  /// How many bins a period has.
  public let bins: Int
  /// The length of the period in nanoseconds, a whole number of bins.
  public let period: Int64
  /// The weight of the newest pass.
  public let rate: Double
  private let binLength: Int64
  private var table: [Bin]
  private var start: Int64 = 0
  private var end: Int64 = 0
  private var slot = 0
  private var count = 0.0
  private var mean = 0.0
  private var squares = 0.0
  private var total = 0.0
  private var overall = 0.0

  /// A profile of bins over a period.
  ///
  /// Nil unless there are 1 to 10,080 bins, the period in nanoseconds is a whole multiple of them,
  /// and the rate is over 0 and at most 1.
  public init?(bins: Int = 24, period: Int64 = 86_400_000_000_000, rate: Double = 0.2) {
    guard 1...10_080 ~= bins, period >= bins, period % Int64(bins) == 0, rate > 0, rate <= 1
    else { return nil }
    self.init(checkedBins: bins, binLength: period / Int64(bins), rate: rate)
  }

  /// A profile of bins and a length that are known to be right.
  init(checkedBins bins: Int, binLength: Int64, rate: Double) {
    self.bins = bins
    self.binLength = binLength
    self.rate = rate
    period = Int64(bins) * binLength
    table = Array(repeating: Bin(), count: bins)
  }

  /// What is usual at a time, from the passes that ended; nil where its bin had none.
  public func usual(at nanoseconds: Int64) -> Usual? {
    usual(in: place(of: nanoseconds).slot)
  }

  /// Takes a sample; gives what was usual at its time before it, nil where its bin had no pass.
  public mutating func accept(_ sample: Sample) -> Usual? {
    guard sample.value.isTractable else { return nil }
    let usual = begin(at: sample.nanoseconds)
    learn(sample.value)
    return usual
  }

  /// Ends the pass where the time lies in another bin than the one before; gives what is usual.
  mutating func begin(at nanoseconds: Int64) -> Usual? {
    if nanoseconds < start || nanoseconds >= end {
      if count > 0 { close() }
      let place = place(of: nanoseconds)
      slot = place.slot
      start = place.start
      let (next, overflow) = start.addingReportingOverflow(binLength)
      end = overflow ? Int64.max : next
    }
    return usual(in: slot)
  }

  /// Takes a tractable value into the open pass.
  mutating func learn(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / count
    let product = before * (value - mean)
    squares += product
    total += 1
    overall += (value - overall) / total
  }

  private func usual(in slot: Int) -> Usual? {
    let bin = table[slot]
    return bin.passes > 0 ? Usual(mean: bin.mean, variance: bin.variance) : nil
  }

  /// Fades the open pass into its bin.
  private mutating func close() {
    var bin = table[slot]
    let distance = mean - (bin.passes > 0 ? bin.mean : overall)
    let spread = squares / count + distance * distance
    bin.passes += 1
    let weight = max(rate, 1 / bin.passes)
    bin.mean += weight * (mean - bin.mean)
    bin.variance += weight * (spread - bin.variance)
    table[slot] = bin
    count = 0
    mean = 0
    squares = 0
  }

  /// The bin that a time falls into, and when its pass began.
  private func place(of nanoseconds: Int64) -> (slot: Int, start: Int64) {
    var index = nanoseconds / binLength
    if nanoseconds < 0, index * binLength != nanoseconds { index -= 1 }
    let (start, overflow) = index.multipliedReportingOverflow(by: binLength)
    let remainder = index % Int64(bins)
    let slot = remainder < 0 ? remainder + Int64(bins) : remainder
    return (Int(slot), overflow ? Int64.min : start)
  }
}
