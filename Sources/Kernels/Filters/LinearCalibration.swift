/// Sets values right by straight lines through calibration points.
///
/// NaN and infinities pass as NaN. ESPHome: `calibrate_linear`.
public struct LinearCalibration: StreamFilter, Hashable {
  /// How the lines go.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// One line, with the least sum of squared distances from the points.
    case leastSquares
    /// A line from each point to the next, the first and the last going on outside the points.
    case exact
  }

  private struct Line: Hashable, Sendable {
    let start: CalibrationPoint
    let slope: Double

    func value(at measured: Double) -> Double {
      let rise = (measured - start.measured) * slope
      return start.actual + rise
    }
  }

  /// How the lines go.
  public let method: Method
  private let lines: [Line]

  /// Lines through 2 to 1,000 points.
  ///
  /// Nil for another number, for values that are not finite or a slope that overflows, for exact
  /// points of one measured value and for least squares where all have the same.
  public init?(_ points: [CalibrationPoint], method: Method = .leastSquares) {
    guard let points = CalibrationPoint.sorted(points), points.count >= 2 else { return nil }
    self.method = method
    switch method {
    case .leastSquares:
      guard let line = Self.fitted(points) else { return nil }
      lines = [line]
    case .exact:
      lines =
        zip(points, points.dropFirst()).map { start, end in
          Line(
            start: start, slope: (end.actual - start.actual) / (end.measured - start.measured))
        } + [Line(start: points[points.count - 1], slope: 0)]
      guard lines.dropLast().allSatisfy({ $0.slope.isFinite }) else { return nil }
    }
  }

  /// The slope and the value at 0 of the one line; nil where there are several.
  public var coefficients: (slope: Double, intercept: Double)? {
    guard method == .leastSquares || lines.count == 2 else { return nil }
    return (lines[0].slope, lines[0].value(at: 0))
  }

  /// Takes a sample; gives it set right.
  public func accept(_ sample: Sample) -> Sample? {
    Sample(nanoseconds: sample.nanoseconds, value: value(at: sample.value))
  }

  private func value(at measured: Double) -> Double {
    guard measured.isFinite else { return .nan }
    guard method == .exact else { return lines[0].value(at: measured) }
    var (low, high) = (0, lines.count - 1)
    // The last line that starts at or before the value.
    while low < high {
      let middle = (low + high + 1) / 2
      if lines[middle].start.measured <= measured { low = middle } else { high = middle - 1 }
    }
    // The last point has no line of its own; the one before it goes on.
    guard low == lines.count - 1 else { return lines[low].value(at: measured) }
    return measured == lines[low].start.measured
      ? lines[low].start.actual : lines[low - 1].value(at: measured)
  }

  /// The least-squares line through the means, which loses no digits to an offset.
  private static func fitted(_ points: [CalibrationPoint]) -> Line? {
    var measured = RunningStatistics()
    var actual = RunningStatistics()
    for point in points {
      measured.accept(point.measured)
      actual.accept(point.actual)
    }
    guard let centre = measured.mean, let level = actual.mean else { return nil }
    var (products, squares) = (0.0, 0.0)
    for point in points {
      let distance = point.measured - centre
      products += distance * (point.actual - level)
      squares += distance * distance
    }
    let slope = products / squares
    guard slope.isFinite, centre.isFinite, level.isFinite else { return nil }
    return Line(start: CalibrationPoint(centre, level), slope: slope)
  }
}
