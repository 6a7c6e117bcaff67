/// How fast a seasonal model follows its stream.
///
/// The parts are those of a whole season, so that they do not depend on how finely it is cut.
public struct SeasonalSmoothing: Hashable, Sendable {
  /// The part of a season's mean error that goes into the level, above 0.
  public let level: Double
  /// The part of a season's change of the level that goes into the trend, from 0 to 1.
  public let trend: Double
  /// The part of an error that goes into its slot of the season, from 0 to 1.
  public let season: Double
  /// The part of the trend that is left after a season, from 0 to 1.
  public let damping: Double

  /// Parts that did well on series of temperature, water, demand and traffic.
  public static let standard = SeasonalSmoothing(
    uncheckedLevel: 0.2, trend: 0.1, season: 0.2, damping: 0.5)

  /// Parts of one's own; nil where one is out of range.
  public init?(
    level: Double = 0.2, trend: Double = 0.1, season: Double = 0.2, damping: Double = 0.5
  ) {
    guard level > 0, level.isFinite, trend >= 0, trend <= 1, season >= 0, season <= 1,
      damping >= 0, damping <= 1
    else { return nil }
    self.init(uncheckedLevel: level, trend: trend, season: season, damping: damping)
  }

  private init(uncheckedLevel level: Double, trend: Double, season: Double, damping: Double) {
    (self.level, self.trend, self.season, self.damping) = (level, trend, season, damping)
  }
}
