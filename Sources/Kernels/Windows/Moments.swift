/// Count, mean, spread and extremes of some values, which can be put together.
///
/// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for
/// computing sample variances", Stanford STAN-CS-79-773 (1979).
struct Moments: Hashable, Sendable {
  var count: Double = 0
  var mean: Double = 0
  var squares: Double = 0
  var least: Double = .infinity
  var greatest: Double = -.infinity

  init() {}

  init(_ value: Double) {
    count = 1
    mean = value
    least = value
    greatest = value
  }

  /// Takes one value more.
  ///
  /// Source: B. P. Welford, Technometrics 4 (1962); the same bits as `RunningStatistics`.
  mutating func accept(_ value: Double) {
    least = min(least, value)
    greatest = max(greatest, value)
    count += 1
    let before = value - mean
    mean += before / count
    let after = value - mean
    let product = before * after
    squares += product
  }

  /// The standard deviation divided by the count.
  var populationDeviation: Double { (max(0, squares) / max(1, count)).squareRoot() }

  func merged(with other: Self) -> Self {
    guard count > 0 else { return other }
    guard other.count > 0 else { return self }
    var all = self
    all.count = count + other.count
    let difference = other.mean - mean
    let share = other.count / all.count
    let shift = difference * share
    all.mean = mean + shift
    let between = difference * shift
    let added = between * count
    all.squares = squares + other.squares
    all.squares += added
    all.least = min(least, other.least)
    all.greatest = max(greatest, other.greatest)
    return all
  }
}
