/// The inverse of the lower Cholesky factor of a positive matrix of up to 16 channels.
///
/// With it, a vector becomes one whose parts are independent of each other, by products and sums
/// that need not wait for each other. Source: G. H. Golub, C. F. Van Loan, Matrix Computations,
/// 4th edition, sections 3.1 and 4.2.
struct InverseFactor: Hashable, Sendable {
  private let channels: Int
  /// The factor, row by row; on the diagonal the inverses of its pivots.
  private var factor: [Double]
  /// Its inverse.
  private var inverse: LowerTriangle

  /// A factor of nothing yet.
  init(channels: Int) {
    self.channels = channels
    factor = Array(repeating: 0, count: channels * (channels + 1) / 2)
    inverse = LowerTriangle(channels: channels)
  }

  /// Takes a matrix, of which what stands below the diagonal is asked for; no square of a pivot is
  /// taken below `least`.
  @inline(__always)
  mutating func take(
    diagonal: Double, least: Double, _ entry: (_ row: Int, _ column: Int) -> Double
  ) {
    for row in 0..<channels {
      let start = row * (row + 1) / 2
      var pivot = diagonal
      for column in 0..<row {
        let other = column * (column + 1) / 2
        var sum = entry(row, column)
        for index in 0..<column {
          let product = factor[start + index] * factor[other + index]
          sum -= product
        }
        sum *= factor[other + column]
        factor[start + column] = sum
        let square = sum * sum
        pivot -= square
      }
      factor[start + row] = 1 / max(pivot, least).squareRoot()
    }
    invert()
  }

  private mutating func invert() {
    for column in 0..<channels {
      inverse[column, column] = factor[column * (column + 1) / 2 + column]
      for row in column + 1..<max(column + 1, channels) {
        let start = row * (row + 1) / 2
        var sum = 0.0
        for index in column..<row {
          let product = factor[start + index] * inverse[index, column]
          sum -= product
        }
        inverse[row, column] = sum * factor[start + row]
      }
    }
  }

  /// A vector times the inverse of the matrix times the vector.
  func square(_ vector: [Double]) -> Double { inverse.square(vector) }

  /// The inverse of the matrix times a vector.
  func solve(_ vector: [Double]) -> [Double] {
    let whitened = (0..<channels).map { row in
      (0...row).reduce(into: 0.0) { $0 += inverse[row, $1] * vector[$1] }
    }
    return (0..<channels).map { column in
      (column..<channels).reduce(into: 0.0) { $0 += inverse[$1, column] * whitened[$1] }
    }
  }
}
