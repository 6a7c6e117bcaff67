/// The mean of directions as that of vectors, so that 350 and 10 degrees have the mean 0.
///
/// A direction counts as a vector as long as its weight, a wind speed say, or 1. Directions are in
/// degrees of any turn; quarter turns are exact, so opposite ones cancel out. Directions that are
/// not finite, and weights that are not finite and from 0 on, are passed over.
/// Source: WMO-No. 8, wind (vector mean); K. V. Mardia, P. E. Jupp, "Directional Statistics", 2000.
public struct DirectionMean: Hashable, Sendable {
  /// How many directions were taken.
  public private(set) var count: UInt64 = 0
  /// The sum of the weights.
  public private(set) var weight = 0.0
  private var east = 0.0
  private var north = 0.0

  /// The mean of no direction yet.
  public init() {}

  /// Takes a direction in degrees and its weight.
  public mutating func accept(_ degrees: Double, weight: Double = 1) {
    guard degrees.isFinite, weight >= 0, weight.isFinite else { return }
    let (sine, cosine) = Self.unit(degrees)
    count += 1
    self.weight += weight
    let (eastward, northward) = (sine * weight, cosine * weight)
    east += eastward
    north += northward
  }

  /// Takes the directions of another mean.
  public mutating func merge(_ other: Self) {
    count += other.count
    weight += other.weight
    east += other.east
    north += other.north
  }

  /// The mean direction in degrees, from 0 up to 360; nil where the directions cancel out.
  ///
  /// They cancel out where the mean vector is not longer than 1e-12 of the mean weight.
  public var degrees: Double? {
    guard let resultantLength, resultantLength > 1e-12 else { return nil }
    let degrees = Elementary.atan2(east, north) * (180 / Double.pi)
    guard degrees < 0 else { return degrees }
    return degrees + 360 < 360 ? degrees + 360 : 0
  }

  /// The length of the mean vector, in the unit of the weights; nil without weight.
  public var magnitude: Double? {
    guard count > 0, weight > 0 else { return nil }
    let square = east * east + north * north
    return square.squareRoot() / Double(count)
  }

  /// The length of the mean vector over the mean weight, from 0 (scattered) to 1 (all the same).
  public var resultantLength: Double? {
    guard count > 0, weight > 0 else { return nil }
    let square = east * east + north * north
    return min(1, square.squareRoot() / weight)
  }

  /// Sine and cosine of degrees, exact at quarter turns.
  private static func unit(_ degrees: Double) -> (sine: Double, cosine: Double) {
    let turn = degrees - 360 * (degrees / 360).rounded(.down)
    // Rounding may leave the turn, and degrees beyond 2^53 have no direction at all.
    guard turn >= 0, turn < 360 else { return (0, 1) }
    let quarter = (turn / 90).rounded(.toNearestOrEven)
    let angle = (turn - quarter * 90) * (Double.pi / 180)
    let (sine, cosine) = (Elementary.sin(angle), Elementary.cos(angle))
    switch Int(quarter) {
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    case 3: return (-cosine, sine)
    default: return (sine, cosine)
    }
  }
}
