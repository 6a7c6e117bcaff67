/// The air quality index of the US Environmental Protection Agency for particles.
///
/// Concentrations are in micrograms per cubic meter, means of 24 hours or NowCasts. They are
/// truncated to the pollutant's resolution first. Below 0 counts as 0, since instruments read
/// below it in clean air. Above the last breakpoint the last slope goes on, so that the
/// index may exceed 500. NaN, infinities and more than 100,000 have no index.
///
/// Source: 40 CFR 58, appendix G, as revised in 2024; EPA-454/B-24-002, Technical Assistance
/// Document for the Reporting of Daily Air Quality (May 2024).
public struct AirQualityIndex: Hashable, Sendable {
  /// A pollutant with breakpoints.
  public enum Pollutant: String, Hashable, Sendable, CaseIterable {
    /// Particles below 2.5 micrometers, truncated to 0.1.
    case pm25
    /// Particles below 10 micrometers, truncated to 1.
    case pm10

    /// How many steps of resolution a microgram per cubic meter has.
    var stepsPerUnit: Double { self == .pm25 ? 10 : 1 }

    /// The concentration truncated to the resolution; a step that rounding took off is given back.
    func truncated(_ concentration: Double) -> Double {
      let steps = concentration * stepsPerUnit + 1e-7
      guard steps.magnitude < 1e15 else { return concentration }
      return Double(Int64(steps)) / stepsPerUnit
    }
  }

  /// How the Agency names a range of the index.
  public enum Category: String, Hashable, Sendable, CaseIterable {
    /// To 50.
    case good
    /// To 100.
    case moderate
    /// To 150.
    case unhealthyForSensitiveGroups
    /// To 200.
    case unhealthy
    /// To 300.
    case veryUnhealthy
    /// Above 300.
    case hazardous
  }

  /// The index; 0 to 500 and beyond.
  public let value: Int

  /// The index of a concentration; nil where it is NaN, infinite or above 100,000.
  public init?(_ concentration: Double, of pollutant: Pollutant) {
    guard concentration <= 100_000, concentration.isFinite else { return nil }
    let level = max(0, pollutant.truncated(concentration))
    let range = Self.range(of: level, pollutant)
    let slope = (range.indexHigh - range.indexLow) / (range.high - range.low)
    value = Int(slope * (level - range.low) + range.indexLow + 0.5)
  }

  /// The category of the index.
  public var category: Category {
    switch value {
    case ...50: .good
    case ...100: .moderate
    case ...150: .unhealthyForSensitiveGroups
    case ...200: .unhealthy
    case ...300: .veryUnhealthy
    default: .hazardous
    }
  }

  private typealias Range = (low: Double, high: Double, indexLow: Double, indexHigh: Double)

  private static func range(of level: Double, _ pollutant: Pollutant) -> Range {
    switch pollutant {
    case .pm25:
      if level <= 9.0 { return (0, 9.0, 0, 50) }
      if level <= 35.4 { return (9.1, 35.4, 51, 100) }
      if level <= 55.4 { return (35.5, 55.4, 101, 150) }
      if level <= 125.4 { return (55.5, 125.4, 151, 200) }
      if level <= 225.4 { return (125.5, 225.4, 201, 300) }
      return (225.5, 325.4, 301, 500)
    case .pm10:
      if level <= 54 { return (0, 54, 0, 50) }
      if level <= 154 { return (55, 154, 51, 100) }
      if level <= 254 { return (155, 254, 101, 150) }
      if level <= 354 { return (255, 354, 151, 200) }
      if level <= 424 { return (355, 424, 201, 300) }
      return (425, 604, 301, 500)
    }
  }
}
