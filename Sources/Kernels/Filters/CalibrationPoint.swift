/// What a sensor showed and what was true.
public struct CalibrationPoint: Hashable, Sendable {
  /// What the sensor showed.
  public let measured: Double
  /// What was true, in the unit that the calibration gives.
  public let actual: Double

  /// A measured and an actual value.
  public init(_ measured: Double, _ actual: Double) {
    self.measured = measured
    self.actual = actual
  }

  /// The points by rising measured value; nil where one is not finite or where there are too many.
  static func sorted(_ points: [Self]) -> [Self]? {
    guard points.count <= 1000,
      points.allSatisfy({ $0.measured.isFinite && $0.actual.isFinite })
    else { return nil }
    return points.sorted { ($0.measured, $0.actual) < ($1.measured, $1.actual) }
  }
}
