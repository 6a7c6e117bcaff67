/// How far three phases are from a balanced system, by symmetrical components.
///
/// The negative and zero sequence ratios are percentages of the positive sequence. Source:
/// IEC 61000-4-30 clause 5.7.1.
public struct Unbalance: Hashable, Sendable {
  /// The fundamental voltage or current of a phase.
  public struct Phasor: Hashable, Sendable {
    /// The magnitude in the caller's unit, not negative.
    public var magnitude: Double
    /// The angle in radians.
    public var angle: Double

    /// A phasor of a magnitude at an angle in radians.
    public init(magnitude: Double, angle: Double) {
      self.magnitude = magnitude
      self.angle = angle
    }
  }

  /// The negative sequence ratio u2 in percent.
  public let negative: Double
  /// The zero sequence ratio u0 in percent; nil where line-to-line voltages do not show it.
  public let zero: Double?

  /// The unbalance of the phasors of three phases to neutral, in the sequence L1, L2, L3.
  ///
  /// Nil where a value is no number or no positive sequence is there.
  public init?(_ first: Phasor, _ second: Phasor, _ third: Phasor) {
    self.init(
      first, second, third,
      turned: (
        Elementary.cos(first.angle), Elementary.sin(first.angle), Elementary.cos(second.angle),
        Elementary.sin(second.angle), Elementary.cos(third.angle), Elementary.sin(third.angle)
      ))
  }

  /// The unbalance of three magnitudes to neutral whose angles are 120 degrees apart.
  ///
  /// The angles are not known then, so the result is an estimate: true unbalance may be larger.
  public init?(magnitudes first: Double, _ second: Double, _ third: Double) {
    let half = 0.75.squareRoot()
    self.init(
      Phasor(magnitude: first, angle: 0), Phasor(magnitude: second, angle: 0),
      Phasor(magnitude: third, angle: 0), turned: (1, 0, -0.5, -half, -0.5, half))
  }

  /// The unbalance of three RMS voltages between the lines.
  ///
  /// Exact for fundamentals, since three sides fix a triangle; nil where they make none. Source:
  /// IEC 61000-4-30 clause 5.7.1, with beta = sum U^4 / (sum U^2)^2.
  public init?(lineToLine first: Double, _ second: Double, _ third: Double) {
    guard first >= 0, second >= 0, third >= 0 else { return nil }
    // Scaled first, so that fourth powers neither overflow nor vanish.
    let scale = max(first, second, third)
    guard scale > 0, scale.isFinite else { return nil }
    let (a, b, c) = (first / scale, second / scale, third / scale)
    let (aa, bb, cc) = (a * a, b * b, c * c)
    let sum = aa + bb + cc
    let beta = (aa * aa + bb * bb + cc * cc) / (sum * sum)
    let inside = 3 - 6 * beta
    guard inside >= -1e-12 else { return nil }
    let root = max(0, inside).squareRoot()
    negative = 100 * (max(0, 1 - root) / (1 + root)).squareRoot()
    zero = nil
  }

  private init?(
    _ first: Phasor, _ second: Phasor, _ third: Phasor,
    turned: (Double, Double, Double, Double, Double, Double)
  ) {
    let scale = max(first.magnitude, second.magnitude, third.magnitude)
    guard first.magnitude >= 0, second.magnitude >= 0, third.magnitude >= 0, scale > 0,
      scale.isFinite
    else { return nil }
    let (a, b, c) = (first.magnitude / scale, second.magnitude / scale, third.magnitude / scale)
    let (ax, ay, bx) = (a * turned.0, a * turned.1, b * turned.2)
    let (by, cx, cy) = (b * turned.3, c * turned.4, c * turned.5)
    let half = 0.75.squareRoot()
    // The operator a = -1/2 + j sqrt(3)/2 turns by 120 degrees.
    let positive = Self.length(
      ax - 0.5 * (bx + cx) - half * (by - cy), ay - 0.5 * (by + cy) + half * (bx - cx))
    let negative = Self.length(
      ax - 0.5 * (bx + cx) + half * (by - cy), ay - 0.5 * (by + cy) - half * (bx - cx))
    let zero = Self.length(ax + bx + cx, ay + by + cy)
    guard positive > 0, negative.isFinite, zero.isFinite else { return nil }
    self.negative = 100 * negative / positive
    self.zero = 100 * zero / positive
  }

  private static func length(_ x: Double, _ y: Double) -> Double {
    (x * x + y * y).squareRoot()
  }
}
