import Kernels
import Testing

private func calibrated(_ filter: some StreamFilter, _ value: Double) -> Double? {
  var filter = filter
  return filter.accept(Sample(nanoseconds: 5, value: value))?.value
}

@Suite struct CalibrationTests {
  @Test func `least squares finds the line of points on it`() throws {
    let points = [0, 1, 2, 10].map { CalibrationPoint($0, 3 * $0 - 2) }
    let line = try #require(LinearCalibration(points))
    let coefficients = try #require(line.coefficients)
    #expect(coefficients.slope == 3 && abs(coefficients.intercept + 2) < 1e-15)
    #expect(calibrated(line, 100) == 298)
  }

  // Anscombe's first data set: y = 3.000 + 0.500 x (The American Statistician 27, 1973).
  @Test func `least squares finds the line of Anscombe's quartet`() throws {
    let measured: [Double] = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    let actual = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    let line = try #require(LinearCalibration(zip(measured, actual).map(CalibrationPoint.init)))
    let coefficients = try #require(line.coefficients)
    #expect(abs(coefficients.slope - 0.500090909090909) < 1e-14)
    #expect(abs(coefficients.intercept - 3.00009090909091) < 1e-13)
  }

  @Test func `exact lines go through the points and on`() throws {
    let points = [CalibrationPoint(10, 11), CalibrationPoint(0, 0.1), CalibrationPoint(20, 19)]
    let lines = try #require(LinearCalibration(points, method: .exact))
    for point in points { #expect(calibrated(lines, point.measured) == point.actual) }
    #expect(calibrated(lines, 15) == 15)
    #expect(calibrated(lines, 30) == 27)
    #expect(abs((calibrated(lines, -10) ?? 0) + 10.8) < 1e-14)
    #expect(calibrated(lines, .nan)?.isNaN == true)
    #expect(lines.coefficients == nil)
  }

  @Test func `points that make no line are refused`() {
    let same = [CalibrationPoint(1, 2), CalibrationPoint(1, 3)]
    for method in LinearCalibration.Method.allCases {
      #expect(LinearCalibration([], method: method) == nil)
      #expect(LinearCalibration([CalibrationPoint(1, 1)], method: method) == nil)
      #expect(LinearCalibration(same, method: method) == nil)
      #expect(
        LinearCalibration([CalibrationPoint(0, 1), CalibrationPoint(.nan, 1)], method: method)
          == nil)
    }
    #expect(PolynomialCalibration(same, degree: 1) == nil)
    #expect(PolynomialCalibration(same, degree: 0) == nil)
    #expect(
      PolynomialCalibration([CalibrationPoint(0, 0), CalibrationPoint(1, 1)], degree: 2) == nil)
  }

  // With powers of the value, degree 8 at an offset of 1000 has a condition of about 1e40.
  @Test(arguments: 1...8)
  func `a polynomial's own points give it back, at any offset`(_ degree: Int) throws {
    for offset in [0.0, 1000, -273.15] {
      let polynomial = { (value: Double) -> Double in
        (0...degree).reduce(0.0) { sum, power in sum * (value - offset) / 4 + Double(power % 3) - 1
        }
      }
      for extra in [0, 1, 5, 40] {
        let count = degree + 1 + extra
        let points = (0..<count).map { index -> CalibrationPoint in
          let value = offset - 4 + 8 * Double(index) / Double(count - 1)
          return CalibrationPoint(value, polynomial(value))
        }
        let fitted = try #require(PolynomialCalibration(points, degree: degree))
        for point in points {
          #expect(abs((calibrated(fitted, point.measured) ?? .nan) - point.actual) < 2e-14)
        }
        let between = offset + 1.37
        #expect(abs((calibrated(fitted, between) ?? .nan) - polynomial(between)) < 2e-13)
      }
    }
  }

  // NIST StRD linear regression "Wampler1": y = 1 + x + x^2 + x^3 + x^4 + x^5, x = 0...20.
  @Test func `the certified values of Wampler1 are met`() throws {
    let points = (0...20).map { x -> CalibrationPoint in
      let x = Double(x)
      return CalibrationPoint(x, 1 + x * (1 + x * (1 + x * (1 + x * (1 + x)))))
    }
    let fitted = try #require(PolynomialCalibration(points, degree: 5))
    for point in points {
      let value = try #require(calibrated(fitted, point.measured))
      #expect(abs(value - point.actual) <= 1e-14 * 3_368_421)
    }
  }

  @Test func `a polynomial of least squares leaves residuals across every lower one`() throws {
    var generator = SplitMix(state: 12)
    let points = (0..<60).map {
      CalibrationPoint(Double($0) / 7 + 300, Double(generator.next() % 1000) / 100)
    }
    for degree in 1...6 {
      let fitted = try #require(PolynomialCalibration(points, degree: degree))
      for power in 0...degree {
        var (sum, scale) = (0.0, 0.0)
        for point in points {
          let residual = point.actual - (calibrated(fitted, point.measured) ?? .nan)
          let place = (point.measured - 304.2) / 4.3
          let weight = (0..<power).reduce(1.0) { product, _ in product * place }
          sum += residual * weight
          scale += abs(residual * weight)
        }
        #expect(abs(sum) < 1e-13 * scale)
      }
    }
  }
}
