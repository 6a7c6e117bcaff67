/// Averages of wind and its gusts, as the World Meteorological Organization defines them.
///
/// Speeds are in meters per second, directions in degrees from which the wind comes. A gust is the
/// greatest mean over 3 s of samples at 4 Hz or faster; averages are over 10 minutes and are given
/// every minute, when the time has passed its end. All three times can be set: in some networks
/// gusts are means over 5 s and averages over 2 minutes. Means of directions are those of unit
/// vectors and, besides, of the winds as vectors.
///
/// Rules: NaN, infinities, speeds below 0 or above 200 are passed over. A direction outside
/// 0...360 is missing. A sample below the starting speed has none either, since the vane stands
/// still, nor has one of speed 0 and direction 0, which is how calm is reported; in the mean of
/// vectors both count as 0.
/// A sample older than the newest one is late: it is counted and left out. Samples of one time all
/// count. When time jumps over the ends of several panes, only the first of them gives averages.
/// A gust needs its least number of samples within its time; beyond 256 the oldest fall out.
///
/// Source: WMO-No. 8, volume I, chapter 5 (averages, gusts, calm below 0.2 m/s).
public struct WindAverages: Hashable, Sendable {
  /// The greatest mean over the gust time.
  public struct Gust: Hashable, Sendable {
    /// Meters per second.
    public let speed: Double
    /// The direction of the last of its samples; nil where that is missing.
    public let direction: Double?
    /// When it ended, in nanoseconds of the samples' epoch.
    public let nanoseconds: Int64
  }

  /// The averages of a stretch of time.
  public struct Result: Hashable, Sendable {
    /// When it began, in nanoseconds of the samples' epoch.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// How many samples it had.
    public let samples: UInt64
    /// How many of them had a direction.
    public let directedSamples: UInt64
    /// The mean of the speeds.
    public let meanSpeed: Double
    /// The length of the mean of the winds as vectors; nil where directions are missing.
    public let vectorSpeed: Double?
    /// The mean direction of unit vectors; 0 in calm, 360 for north, nil where there is none.
    public let direction: Double?
    /// The direction of the mean of the winds as vectors; 0, 360 and nil as above.
    public let vectorDirection: Double?
    /// The standard deviation of the direction by Yamartino, in degrees; nil without directions.
    public let directionDeviation: Double?
    /// The greatest gust; nil where samples were too few.
    public let gust: Gust?
  }

  /// How many samples came too late.
  public private(set) var lateSamples: UInt64 = 0
  private let paneTime: Int64
  private let calm: Double
  private let startingSpeed: Double
  private var panes: [WindSums]
  private var open = 0
  private var paneStart: Int64?
  private var newest = Int64.min
  private var gusts: RunningSpeed

  /// Averages over a time in whole panes, each of which gives averages at its end.
  ///
  /// Times are in nanoseconds: 3 s for a gust, ten panes of 1 minute. A gust needs 9 samples, three
  /// quarters of those at 4 Hz; take 3 for an instrument of 1 Hz, whose gusts are not the WMO's.
  /// The starting speed is that of the vane, often 0.5 m/s; averages below the calm speed are calm.
  /// Nil where a time or a number is below 1, there are more than 1,000 panes, or a speed is no
  /// number of at least 0.
  public init?(
    gustTime: Int64 = 3_000_000_000, leastGustSamples: Int = 9,
    paneTime: Int64 = 60_000_000_000, paneCount: Int = 10, calm: Double = 0.2,
    startingSpeed: Double = 0
  ) {
    guard gustTime > 0, leastGustSamples > 0, paneTime > 0, paneCount > 0, paneCount <= 1000,
      calm >= 0, calm.isFinite, startingSpeed >= 0, startingSpeed.isFinite
    else { return nil }
    self.paneTime = paneTime
    self.calm = calm
    self.startingSpeed = startingSpeed
    panes = Array(repeating: WindSums(), count: paneCount)
    gusts = RunningSpeed(time: gustTime, least: leastGustSamples)
  }

  /// Takes a sample; gives the averages that its time completes.
  public mutating func accept(
    nanoseconds: Int64, speed: Double, direction: Double
  ) -> Result? {
    let result = advance(to: nanoseconds)
    guard speed >= 0, speed <= 200 else { return result }
    guard nanoseconds >= newest else {
      lateSamples &+= 1
      return result
    }
    newest = nanoseconds
    if paneStart == nil { paneStart = floor(nanoseconds) }
    let isStill = speed < startingSpeed || (speed == 0 && direction == 0)
    let known = !isStill && direction >= 0 && direction <= 360 ? direction : nil
    panes[open].accept(speed: speed, direction: known, isStill: isStill)
    if let mean = gusts.accept(nanoseconds, speed) {
      panes[open].accept(
        Gust(
          speed: mean, direction: known.map { $0 > 0 ? $0 : 360 }, nanoseconds: nanoseconds))
    }
    return result
  }

  /// When the open pane ends, in nanoseconds; nil before the first sample.
  public var openPaneEnd: Int64? {
    guard let (end, overflow) = paneStart?.addingReportingOverflow(paneTime), !overflow else {
      return nil
    }
    return end
  }

  /// Says that time has come so far; gives the averages that this completes.
  public mutating func advance(to nanoseconds: Int64) -> Result? {
    guard let start = paneStart else { return nil }
    let (end, overflow) = start.addingReportingOverflow(paneTime)
    guard !overflow, nanoseconds >= end else { return nil }
    var sums = WindSums()
    // From the oldest pane to the newest, so that the sums do not depend on where the ring is.
    for age in 1...panes.count { sums.add(panes[(open + age) % panes.count]) }
    let window = paneTime.multipliedReportingOverflow(by: Int64(panes.count))
    let (first, isBefore) = end.subtractingReportingOverflow(window.partialValue)
    let result = sums.averages(
      start: window.overflow || isBefore ? Int64.min : first, end: end, calm: calm)
    let next = floor(nanoseconds)
    let (distance, isFar) = next.subtractingReportingOverflow(start)
    let steps = isFar ? Int64(panes.count) : min(distance / paneTime, Int64(panes.count))
    for _ in 0..<steps {
      open = (open + 1) % panes.count
      panes[open] = WindSums()
    }
    paneStart = next
    return result
  }

  private func floor(_ nanoseconds: Int64) -> Int64 {
    let remainder = nanoseconds % paneTime
    let positive = remainder < 0 ? remainder + paneTime : remainder
    let (floor, overflow) = nanoseconds.subtractingReportingOverflow(positive)
    return overflow ? Int64.min : floor
  }
}
