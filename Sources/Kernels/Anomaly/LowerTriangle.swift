/// The lower triangle of a matrix of up to 16 channels, four rows at once.
///
/// Its rows stand in bands of four, each band column by column, so that a processor does four rows
/// in one go. Every lane is rounded as a number of its own is: the results are the same to the last
/// bit wherever they are computed. Lanes behind the last row are 0; those above the diagonal are up
/// to the owner.
struct LowerTriangle: Hashable, Sendable {
  /// The numbers of a column in a band.
  typealias Lanes = SIMD4<Double>

  private let channels: Int
  private var lanes: [Lanes]

  /// Zeros.
  init(channels: Int) {
    self.channels = channels
    let bands = (channels + 3) / 4
    lanes = Array(repeating: .zero, count: Self.start(of: bands))
  }

  /// The number of a row and a column; the row is at least the column.
  subscript(_ row: Int, _ column: Int) -> Double {
    get { lanes[Self.start(of: row / 4) + column][row % 4] }
    set { lanes[Self.start(of: row / 4) + column][row % 4] = newValue }
  }

  /// Adds a weight of the products of a vector with itself.
  mutating func add(productsOf vector: [Double], weight: Double) {
    let channels = channels
    var columns = lanes.mutableSpan
    for band in 0..<(channels + 3) / 4 {
      let start = Self.start(of: band)
      let width = min(4 * band + 4, channels)
      let weighted = Self.lanes(of: vector, band) * weight
      let numbers = vector.span.extracting(first: width)
      for column in 0..<width {
        let product = weighted * numbers[column]
        columns[start + column] += product
      }
    }
  }

  /// Multiplies every number.
  mutating func scale(by factor: Double) {
    for index in lanes.indices { lanes[index] *= factor }
  }

  /// The sum of the squares of the matrix times a vector; what stands above the diagonal must be 0.
  func square(_ vector: [Double]) -> Double {
    var squares = Lanes.zero
    for band in 0..<(channels + 3) / 4 {
      let start = Self.start(of: band)
      let width = min(4 * band + 4, channels)
      let numbers = vector.span.extracting(first: width)
      let columns = lanes.span.extracting(start..<start + width)
      // Two sums, so that an addition need not wait for the one before.
      var (even, odd) = (Lanes.zero, Lanes.zero)
      var column = 0
      while column + 1 < width {
        let first = columns[column] * numbers[column]
        let second = columns[column + 1] * numbers[column + 1]
        even += first
        odd += second
        column += 2
      }
      if column < width {
        let last = columns[column] * numbers[column]
        even += last
      }
      let sums = even + odd
      let square = sums * sums
      squares += square
    }
    return (squares[0] + squares[1]) + (squares[2] + squares[3])
  }

  /// Where a band begins.
  ///
  /// Those before it have 4, 8, 12 and so on columns.
  private static func start(of band: Int) -> Int { 2 * band * (band + 1) }

  private static func lanes(of vector: [Double], _ band: Int) -> Lanes {
    let first = 4 * band
    if first + 4 <= vector.count {
      return Lanes(vector[first], vector[first + 1], vector[first + 2], vector[first + 3])
    }
    var lanes = Lanes.zero
    for channel in first..<vector.count { lanes[channel - first] = vector[channel] }
    return lanes
  }
}
