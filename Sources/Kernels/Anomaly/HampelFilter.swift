/// Finds single outliers, and gives the stream without them: the Hampel filter.
///
/// A value is an outlier when it is further from the median of the window about it than the
/// threshold times 1.4826 times the median absolute deviation of that window, which for normal noise
/// is the standard deviation; it is then replaced by the median. Where more than half the window is
/// one value, the deviation is 0 and every other value is an outlier. Source: F. R. Hampel, "The
/// influence curve and its role in robust estimation", JASA 69 (1974); R. K. Pearson, "Outliers in
/// process modeling and identification", IEEE Trans. Control Syst. Technol. 10 (2002).
///
/// The window is centred, so an answer comes half a window late: with the default of 7, three
/// samples. The first and last half window of a stream are not judged. NaN and infinities are passed
/// over. Samples stand in the order they come in, whatever their times.
public struct HampelFilter: Hashable, Sendable {
  /// The judgement of a sample.
  public struct Result: Hashable, Sendable {
    /// The sample, from the middle of the window.
    public let sample: Sample
    /// The median of the window, in the stream's unit.
    public let median: Double
    /// 1.4826 times the median absolute deviation of the window, in the stream's unit.
    public let deviation: Double
    /// Whether the sample is an outlier.
    public let isOutlier: Bool

    /// The value, or the median for an outlier.
    public var value: Double { isOutlier ? median : sample.value }
  }

  /// How many samples the window holds.
  public let window: Int
  /// How many deviations from the median are not yet an outlier.
  public let threshold: Double
  private var recent: [Sample]
  private var sorted: [Double]
  private var next = 0
  private var count = 0

  /// A filter with a window in samples and a threshold in deviations.
  ///
  /// Nil unless the window is odd, 3 to 31, and the threshold at least 0 and finite.
  public init?(window: Int = 7, threshold: Double = 3) {
    guard 3...31 ~= window, window % 2 == 1, threshold >= 0, threshold.isFinite else { return nil }
    self.window = window
    self.threshold = threshold
    recent = Array(repeating: Sample(nanoseconds: 0, value: 0), count: window)
    sorted = Array(repeating: 0, count: window)
  }

  /// Takes a sample; gives the judgement of the one half a window before it.
  public mutating func accept(_ sample: Sample) -> Result? {
    guard sample.value.isFinite else { return nil }
    if count < window {
      insert(sample.value, into: count)
      count += 1
    } else {
      replace(recent[next].value, by: sample.value)
    }
    recent[next] = sample
    next = next + 1 == window ? 0 : next + 1
    guard count == window else { return nil }
    let half = window / 2
    let middle = recent[next + half < window ? next + half : next + half - window]
    let median = sorted[half]
    let deviation = 1.4826 * medianDeviation(from: median)
    // Values at the ends of the range of numbers may be infinitely far apart.
    let isOutlier = (middle.value - median).magnitude > threshold * deviation
    return Result(sample: middle, median: median, deviation: deviation, isOutlier: isOutlier)
  }

  /// Puts a value into its place among the first sorted ones.
  private mutating func insert(_ value: Double, into count: Int) {
    var place = count
    while place > 0, sorted[place - 1] > value {
      sorted[place] = sorted[place - 1]
      place -= 1
    }
    sorted[place] = value
  }

  /// Puts a value into the place of an old one, and moves it to where it belongs.
  private mutating func replace(_ old: Double, by value: Double) {
    var place = 0
    var end = window - 1
    while place < end {
      let middle = (place + end) / 2
      if sorted[middle] < old { place = middle + 1 } else { end = middle }
    }
    while place > 0, sorted[place - 1] > value {
      sorted[place] = sorted[place - 1]
      place -= 1
    }
    while place < window - 1, sorted[place + 1] < value {
      sorted[place] = sorted[place + 1]
      place += 1
    }
    sorted[place] = value
  }

  /// The median of the distances from the median.
  ///
  /// Downwards and upwards the distances are sorted already: a binary search for how many of the
  /// nearest half lie below.
  private func medianDeviation(from median: Double) -> Double {
    let half = window / 2
    var below = 0
    var end = half
    while below < end {
      let middle = (below + end) / 2
      // The next one down belongs to the nearest half where it is nearer than the last one up.
      if median - sorted[half - 1 - middle] < sorted[half + half - middle] - median {
        below = middle + 1
      } else {
        end = middle
      }
    }
    let above = half - below
    let downwards = below > 0 ? median - sorted[half - below] : 0
    let upwards = above > 0 ? sorted[half + above] - median : 0
    return max(downwards, upwards)
  }
}
