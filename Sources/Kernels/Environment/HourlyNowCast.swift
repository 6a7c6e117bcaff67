/// The means of the hours of a stream and their NowCast, for every hour that passes.
///
/// Hours begin at whole multiples since the epoch of the samples. An hour without a value has no
/// mean but may have a NowCast, as long as two of the last three hours have one; after the hours
/// that a NowCast reaches back over, nothing is given until values come again. A sample before the
/// open hour is late: left out and counted.
public struct HourlyNowCast: Hashable, Sendable {
  /// An hour that is over.
  public struct Hour: Hashable, Sendable {
    /// When it began, in nanoseconds.
    public let start: Int64
    /// When it ended, exclusive.
    public let end: Int64
    /// The mean of its values; nil where none came.
    public let mean: Double?
    /// The NowCast at its end; nil where two of the last three hours have no value.
    public let nowCast: Double?
  }

  /// How many samples came too late.
  public var lateSamples: UInt64 { window.lateSamples }
  private var window = TumblingWindow(length: hour)
  private var cast: NowCast
  /// The begin of the next hour to be given, once a value came.
  private var next: Int64?
  private static let hour: Int64 = 3_600_000_000_000

  /// The hours of a pollutant, none yet.
  public init(of pollutant: AirQualityIndex.Pollutant) {
    cast = NowCast(of: pollutant)
  }

  /// Gives the next hour that is over by a time; call it until nil, before each sample.
  public mutating func close(upTo nanoseconds: Int64) -> Hour? {
    guard let start = next else { return nil }
    let (end, overflow) = start.addingReportingOverflow(Self.hour)
    guard !overflow, nanoseconds >= end else { return nil }
    // The window closes by the end of its hour alone, so each hour is given for itself.
    let mean = window.advance(to: end)?.statistics.mean
    let nowCast = cast.accept(Sample(nanoseconds: start, value: mean ?? .nan))
    next = end
    if mean == nil, nowCast == nil {
      // Two hours without a value, or values too few from the start: wait for the next one.
      next = nil
      return nil
    }
    return Hour(start: start, end: end, mean: mean, nowCast: nowCast)
  }

  /// Takes a concentration, after the hours before it were closed; NaN and infinities are none.
  public mutating func accept(_ sample: Sample) {
    guard sample.value.isFinite else { return }
    let late = window.lateSamples
    _ = window.accept(sample)
    if next == nil, window.lateSamples == late {
      next = GridTime.tick(sample.nanoseconds, Self.hour)
    }
  }
}
