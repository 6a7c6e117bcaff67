/// Limits of a quantity that an authority or a network publishes, and the tests made of them.
///
/// The World Meteorological Organization's limits are those for surface stations with one-minute
/// values: WMO-No. 8, "Guide to Instruments and Methods of Observation", part on quality management
/// of automatic stations, and I. Zahumensky, "Guidelines on quality control procedures for data
/// from automatic weather stations", 2004. They are wide by intent: a station's own climate is
/// narrower.
///
/// The WeatherXM limits are those of its Quality-of-Data algorithm for the station WS1000, which
/// gives a value every 16 s (weatherxm-network/qod, `initial_params.py`). Its step limits are for
/// that interval. It spares humidity over 95 % from the test of constancy; these limits do not.
public struct QualityPreset: Hashable, Sendable {
  /// A change that is suspect within a time.
  public struct Step: Hashable, Sendable {
    /// The change, in the quantity's unit.
    public let change: Double
    /// The time between two values in nanoseconds.
    public let time: Int64

    /// A change within a time in nanoseconds.
    public init(_ change: Double, within time: Int64) {
      self.change = change
      self.time = time
    }
  }

  /// The least movement that a quantity shows within a time.
  public struct Persistence: Hashable, Sendable {
    /// The range under which the quantity does not move, in its unit.
    public let tolerance: Double
    /// After this time without movement a value is suspect, in nanoseconds.
    public let suspectAfter: Int64
    /// After this time without movement a value fails, in nanoseconds.
    public let failAfter: Int64?

    /// A range and the times for which it may last, in nanoseconds.
    public init(_ tolerance: Double, suspectAfter: Int64, failAfter: Int64? = nil) {
      self.tolerance = tolerance
      self.suspectAfter = suspectAfter
      self.failAfter = failAfter
    }
  }

  /// The unit of the limits, by its code in the SenML units registry.
  public let unit: String
  /// The span outside which a value fails.
  public let range: ClosedRange<Double>
  /// The greatest step; nil where none is published.
  public let step: Step?
  /// The least movement; nil where none is published.
  public let persistence: Persistence?

  /// Limits in a unit.
  public init(
    unit: String, range: ClosedRange<Double>, step: Step? = nil, persistence: Persistence? = nil
  ) {
    self.unit = unit
    self.range = range
    self.step = step
    self.persistence = persistence
  }

  /// The tests of the limits for a channel with a value every so many nanoseconds.
  ///
  /// The step is tested as a rate, its change over its time; with a much shorter interval the noise
  /// of a sensor exceeds it, so make means of the preset's time first. Nil where the interval is
  /// not over 0 or the persistence cannot be told with it.
  public func control(
    interval: Int64, sentinels: SentinelValues? = nil, spike: SpikeTest? = nil
  ) -> QualityControl? {
    guard let timing = TimingTest(interval: interval), let grossRange = GrossRange(fail: range)
    else { return nil }
    var flatLine: FlatLine?
    if let persistence {
      guard
        let test = FlatLine(
          suspectAfter: persistence.suspectAfter, failAfter: persistence.failAfter,
          tolerance: persistence.tolerance, interval: interval)
      else { return nil }
      flatLine = test
    }
    return QualityControl(
      timing: timing, sentinels: sentinels, grossRange: grossRange, spike: spike,
      rateOfChange: step.flatMap { RateOfChange(suspect: $0.change / Sample.seconds($0.time)) },
      flatLine: flatLine)
  }
}

extension QualityPreset {
  private static let minute = 60 * Sample.nanosecondsPerSecond
  private static let hour = 60 * minute

  /// Air temperature of a surface station (WMO): -80 to 60 °C, 3 °C a minute, 0.1 °C an hour.
  public static let wmoAirTemperature = Self(
    unit: "Cel", range: -80...60, step: Step(3, within: minute),
    persistence: Persistence(0.1, suspectAfter: hour))
  /// Dew point of a surface station (WMO): -80 to 35 °C, 2 °C a minute, 0.1 °C an hour.
  public static let wmoDewPoint = Self(
    unit: "Cel", range: -80...35, step: Step(2, within: minute),
    persistence: Persistence(0.1, suspectAfter: hour))
  /// Relative humidity of a surface station (WMO): 0 to 100 %, 10 % a minute, 1 % an hour.
  public static let wmoRelativeHumidity = Self(
    unit: "%RH", range: 0...100, step: Step(10, within: minute),
    persistence: Persistence(1, suspectAfter: hour))
  /// Pressure at a surface station (WMO): 500 to 1100 hPa, 0.5 hPa a minute, 0.1 hPa an hour.
  public static let wmoPressure = Self(
    unit: "hPa", range: 500...1100, step: Step(0.5, within: minute),
    persistence: Persistence(0.1, suspectAfter: hour))
  /// Mean wind speed of a surface station (WMO): 0 to 75 m/s, 10 m/s a minute, 0.5 m/s an hour.
  public static let wmoWindSpeed = Self(
    unit: "m/s", range: 0...75, step: Step(10, within: minute),
    persistence: Persistence(0.5, suspectAfter: hour))
  /// Gust of a surface station (WMO): 0 to 150 m/s.
  public static let wmoWindGust = Self(unit: "m/s", range: 0...150)
  /// Wind direction of a surface station (WMO): 0 to 360 degrees, moving 10 degrees an hour.
  ///
  /// The movement is the plain range, so a direction about north always moves.
  public static let wmoWindDirection = Self(
    unit: "deg", range: 0...360, persistence: Persistence(10, suspectAfter: hour))

  /// Relative humidity of WeatherXM: 10 to 99 %, 5 % in 16 s, constant for 6 h.
  public static let weatherXMRelativeHumidity = Self(
    unit: "%RH", range: 10...99, step: Step(5, within: 16 * Sample.nanosecondsPerSecond),
    persistence: Persistence(0.05, suspectAfter: 6 * hour))
  /// Air temperature of WeatherXM: -40 to 60 °C, 2 °C in 16 s, constant for 4 h, failing for 24 h.
  public static let weatherXMAirTemperature = Self(
    unit: "Cel", range: -40...60, step: Step(2, within: 16 * Sample.nanosecondsPerSecond),
    persistence: Persistence(0.005, suspectAfter: 4 * hour, failAfter: 24 * hour))
  /// Wind direction of WeatherXM: 0 to 359 degrees, constant for 6 h, failing for 24 h.
  public static let weatherXMWindDirection = Self(
    unit: "deg", range: 0...359,
    persistence: Persistence(0.5, suspectAfter: 6 * hour, failAfter: 24 * hour))
  /// Wind speed of WeatherXM: 0 to 50 m/s, 20 m/s in 16 s, constant for 6 h, failing for 24 h.
  public static let weatherXMWindSpeed = Self(
    unit: "m/s", range: 0...50, step: Step(20, within: 16 * Sample.nanosecondsPerSecond),
    persistence: Persistence(0.005, suspectAfter: 6 * hour, failAfter: 24 * hour))
  /// Pressure of WeatherXM: 300 to 1100 hPa, 0.8 hPa in 16 s, constant for 2 h, failing for 24 h.
  public static let weatherXMPressure = Self(
    unit: "hPa", range: 300...1100, step: Step(0.8, within: 16 * Sample.nanosecondsPerSecond),
    persistence: Persistence(0.005, suspectAfter: 2 * hour, failAfter: 24 * hour))
  /// Illuminance of WeatherXM: 0 to 400,000 lx, 97,600 lx in 16 s, constant for 2 h.
  ///
  /// At night darkness is constant, and so suspect.
  public static let weatherXMIlluminance = Self(
    unit: "lx", range: 0...400_000, step: Step(97_600, within: 16 * Sample.nanosecondsPerSecond),
    persistence: Persistence(0.05, suspectAfter: 2 * hour))
}
