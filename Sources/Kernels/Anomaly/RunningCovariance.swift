/// Means and covariances of several channels, with exponentially fading weights.
///
/// The weight of a new row is the rate, and `1 / n` while that is greater, so the first rows count
/// alike. The memory is `d (d + 3) / 2` numbers for `d` channels. Source: T. Finch, "Incremental
/// calculation of weighted mean and variance" (2009), for vectors. Rows of the wrong length, and
/// rows with a NaN, an infinity or a magnitude over 1e140, are passed over.
public struct RunningCovariance: Hashable, Sendable {
  /// How many channels a row has.
  public let channels: Int
  /// The weight of a new row.
  public let rate: Double
  /// How many rows were taken.
  public private(set) var count: UInt64 = 0
  private var means: [Double]
  /// How far the row that was measured last is from the means before it.
  private(set) var distances: [Double]
  /// The covariances, by how much the weights have faded.
  private var triangle: LowerTriangle
  /// How much the weights have faded since the numbers of the triangle were fresh.
  private var fading = 1.0
  private var weight = 1.0

  /// Covariances of channels; nil unless there are 1 to 16 and the rate is over 0 and at most 1.
  public init?(channels: Int, rate: Double = 0.001) {
    guard 1...16 ~= channels, rate > 0, rate <= 1 else { return nil }
    self.channels = channels
    self.rate = rate
    means = Array(repeating: 0, count: channels)
    distances = means
    triangle = LowerTriangle(channels: channels)
  }

  /// Whether a row has the right length and only finite numbers that can be squared.
  func isTractable(_ row: [Double]) -> Bool {
    guard row.count == channels else { return false }
    for value in row where !value.isTractable { return false }
    return true
  }

  /// Takes a row, a value for each channel; says whether it was taken.
  @discardableResult public mutating func accept(_ row: [Double]) -> Bool {
    guard isTractable(row) else { return false }
    measure(row)
    take()
    return true
  }

  /// Notes how far a tractable row is from the means before it.
  mutating func measure(_ row: [Double]) {
    for channel in 0..<channels { distances[channel] = row[channel] - means[channel] }
  }

  /// Takes the row that was measured.
  mutating func take() {
    count += 1
    if weight > rate { weight = max(rate, 1 / Double(count)) }
    for channel in 0..<channels { means[channel] += weight * distances[channel] }
    triangle.add(productsOf: distances, weight: weight / fading)
    fading *= 1 - weight
    if fading == 0 {
      // A row of all the weight leaves nothing of those before it.
      triangle.scale(by: 0)
      fading = 1
    } else if fading < 0x1p-64 {
      triangle.scale(by: 0x1p-64)
      fading *= 0x1p64
    }
  }

  /// The weighted mean of a channel; nil without rows or where there is no such channel.
  public func mean(_ channel: Int) -> Double? {
    count > 0 && 0..<channels ~= channel ? means[channel] : nil
  }

  /// The weighted covariance of two channels, in the product of their units.
  ///
  /// Nil without rows or where there is no such channel.
  public func covariance(_ first: Int, _ second: Int) -> Double? {
    guard count > 0, 0..<channels ~= first, 0..<channels ~= second else { return nil }
    return entry(max(first, second), min(first, second))
  }

  /// The correlation of two channels, from -1 to 1; nil where one of them never changed.
  public func correlation(_ first: Int, _ second: Int) -> Double? {
    guard let joint = covariance(first, second) else { return nil }
    let scale = entry(first, first).squareRoot() * entry(second, second).squareRoot()
    return scale > 0 ? max(-1, min(1, joint / scale)) : nil
  }

  /// An entry of the lower triangle; the row is at least the column.
  func entry(_ row: Int, _ column: Int) -> Double { triangle[row, column] * fading }
}
