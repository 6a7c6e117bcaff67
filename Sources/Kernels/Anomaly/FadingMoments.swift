/// Mean and variance of a stream whose older values fade away exponentially.
///
/// The weight of a new value is the rate, and `1 / n` while that is greater, so the first values
/// count alike. Source: T. Finch, "Incremental calculation of weighted mean and variance" (2009).
struct FadingMoments: Hashable, Sendable {
  /// The weight of a new value, over 0 and at most 1.
  let rate: Double
  /// How many values were taken.
  private(set) var count = 0.0
  /// The weighted mean; 0 without values.
  private(set) var mean = 0.0
  /// The weighted variance about the mean; 0 without values.
  private(set) var variance = 0.0
  private var weight = 1.0

  init(rate: Double) {
    self.rate = rate
  }

  /// The mean square of the values: the variance about zero.
  var meanSquare: Double {
    let square = mean * mean
    return variance + square
  }

  /// Takes a finite value.
  mutating func accept(_ value: Double) {
    count += 1
    // Once the weight has come down to the rate it stays there: the division is spared.
    if weight > rate { weight = max(rate, 1 / count) }
    let distance = value - mean
    let step = weight * distance
    mean += step
    let product = distance * step
    variance = (1 - weight) * (variance + product)
  }
}

extension Double {
  /// Whether a kernel can square this and add up the squares without overflow.
  var isTractable: Bool { magnitude <= 1e140 }

  /// This, or the nearer end of an interval about a centre.
  func clamped(about centre: Double, by distance: Double) -> Double {
    self < centre - distance
      ? centre - distance : self > centre + distance ? centre + distance : self
  }
}
