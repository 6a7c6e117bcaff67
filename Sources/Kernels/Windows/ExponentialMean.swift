/// The mean of a stream in which older values fade with time, however uneven its samples are.
///
/// A value is taken to have held since the sample before it, and the mean moves towards it by 1 -
/// exp(-t / T) of the way, T being the time constant: the answer of a first-order low-pass filter.
/// The first finite value starts it. NaN and infinities are passed over. A sample at or before the
/// time of the newest moves nothing, since no time has passed; one before it makes its time the
/// newest. Source: A. Eckner, "Algorithms for unevenly spaced time series: moving averages and
/// other rolling operators", 2017 (EMA with next-point interpolation).
public struct ExponentialMean: Hashable, Sendable {
  /// The time constant in nanoseconds.
  public let timeConstant: Int64
  /// The mean; nil before the first value.
  public private(set) var mean: Double?
  private var latest: Int64 = 0
  private let seconds: Double

  /// A time constant in nanoseconds; nil where it is not over 0.
  public init?(timeConstant: Int64) {
    guard timeConstant > 0 else { return nil }
    self.timeConstant = timeConstant
    seconds = Sample.seconds(timeConstant)
  }

  /// Takes a sample; gives the mean.
  public mutating func accept(_ sample: Sample) -> Double? {
    guard sample.value.isFinite else { return mean }
    defer { latest = sample.nanoseconds }
    guard let old = mean else {
      mean = sample.value
      return mean
    }
    guard sample.nanoseconds > latest else { return old }
    let elapsed = sample.elapsed(since: latest).map { Sample.seconds($0) } ?? .infinity
    let kept = Elementary.exp(-elapsed / seconds)
    let (past, present) = (old * kept, sample.value * (1 - kept))
    mean = old == sample.value ? old : past + present
    return mean
  }
}
