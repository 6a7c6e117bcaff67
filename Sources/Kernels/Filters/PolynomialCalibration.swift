/// Sets values right by a polynomial through calibration points, by least squares.
///
/// The polynomial is kept as a sum of polynomials that are orthogonal over the points, which is the
/// QR factorisation of the problem with a recurrence for Q, and is evaluated by the recurrence: no
/// power of a value is ever taken, so offset and scale of the measured values cost no digits. The
/// residuals are fitted once more and added. With one point more than the degree the polynomial
/// goes through the points, to a few units in the last place.
///
/// NaN and infinities pass as NaN. Outside the points a polynomial soon goes astray: clamp before.
/// Source: G. E. Forsythe, "Generation and use of orthogonal polynomials for data-fitting with a
/// digital computer", J. SIAM 5 (1957). ESPHome: `calibrate_polynomial`.
public struct PolynomialCalibration: StreamFilter, Hashable {
  /// The highest degree.
  public static let maximumDegree = 10

  /// One polynomial of the sum: its weight, and how it comes from the two before it.
  private struct Term: Hashable, Sendable {
    var weight: Double
    let centre: Double
    let ratio: Double
  }

  /// The degree of the polynomial.
  public let degree: Int
  private let middle: Double
  private let scale: Double
  private var terms: [Term] = []

  /// A polynomial of a degree from 1 to 10 through up to 1,000 points.
  ///
  /// Nil for another degree, for more points, for values that are not finite, and where fewer
  /// measured values differ than the degree and one.
  public init?(_ points: [CalibrationPoint], degree: Int) {
    guard let points = CalibrationPoint.sorted(points), points.count > degree,
      (1...Self.maximumDegree).contains(degree)
    else { return nil }
    let measured = points.map(\.measured)
    guard zip(measured, measured.dropFirst()).count(where: { $0 < $1 }) >= degree,
      let least = measured.first, let greatest = measured.last
    else { return nil }
    self.degree = degree
    middle = least / 2 + greatest / 2
    scale = greatest / 2 - least / 2
    let places = measured.map { ($0 - middle) / scale }
    var columns: [[Double]] = []
    for index in 0...degree {
      let (column, term) = Self.next(columns, places, index)
      columns.append(column)
      terms.append(term)
    }
    for _ in 0..<2 {
      var rest = zip(points, places).map { $0.actual - value(at: $1) }
      for index in 0...degree {
        let column = columns[index]
        let share = Self.product(column, rest) / Self.product(column, column)
        terms[index].weight += share
        for row in rest.indices { rest[row] -= share * column[row] }
      }
    }
    guard terms.allSatisfy({ $0.weight.isFinite && $0.centre.isFinite && $0.ratio.isFinite })
    else { return nil }
  }

  /// Takes a sample; gives it set right.
  public func accept(_ sample: Sample) -> Sample? {
    guard sample.value.isFinite else {
      return Sample(nanoseconds: sample.nanoseconds, value: .nan)
    }
    return Sample(
      nanoseconds: sample.nanoseconds, value: value(at: (sample.value - middle) / scale))
  }

  private func value(at place: Double) -> Double {
    var (before, current, sum) = (0.0, 1.0, 0.0)
    for (index, term) in terms.enumerated() {
      if index > 0 {
        let next = (place - term.centre) * current - term.ratio * before
        (before, current) = (current, next)
      }
      sum += term.weight * current
    }
    return sum
  }

  /// The next orthogonal polynomial at the places, and its recurrence.
  private static func next(
    _ columns: [[Double]], _ places: [Double], _ index: Int
  ) -> ([Double], Term) {
    guard let last = columns.last else {
      return (places.map { _ in 1 }, Term(weight: 0, centre: 0, ratio: 0))
    }
    let square = product(last, last)
    let centre = product(zip(places, last).map { $0 * $1 }, last) / square
    guard index >= 2 else {
      return (places.map { $0 - centre }, Term(weight: 0, centre: centre, ratio: 0))
    }
    let before = columns[index - 2]
    let ratio = square / product(before, before)
    let column = places.indices.map { row in
      (places[row] - centre) * last[row] - ratio * before[row]
    }
    return (column, Term(weight: 0, centre: centre, ratio: ratio))
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for row in left.indices { sum += left[row] * right[row] }
    return sum
  }
}
