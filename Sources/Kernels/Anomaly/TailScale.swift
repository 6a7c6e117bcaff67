/// Turns deviations into how far they lie in the tail of the deviations seen so far.
///
/// Peaks over threshold with an exponential tail: a running quantile of the square roots of the
/// deviations, and the mean excess beyond it. The result is the excess in units of that mean, so
/// under an exponential tail `x` means a chance of `(1 - quantile) exp(-x)`. The square root
/// shortens heavy tails. Source: A. Siffer et al., "Anomaly detection in streams with extreme
/// value theory" (KDD 2017), with the shape parameter held at zero.
struct TailScale: Hashable, Sendable {
  private static let quantile = 0.95
  private static let learning = 64.0
  private static let leastStep = 0.002
  private static let fading = 0.001

  private var limit = 0.0
  private var excess = 0.0
  private var typical = 0.0
  private var count = 0.0
  private var exceedances = 0.0

  /// Takes a deviation, at least 0; gives its distance into the tail, 0 inside and while learning.
  mutating func accept(_ deviation: Double) -> Double {
    let size = deviation.squareRoot()
    let beyond = size - limit
    var result = 0.0
    if beyond > 0, count >= Self.learning {
      // The floors keep a tail that was never seen from making every excess endless.
      result = beyond / max(excess, 0.05 * limit, 0.05)
    }
    count += 1
    if beyond > 0 {
      exceedances += 1
      excess += max(Self.fading, 1 / exceedances) * (beyond - excess)
    }
    let inverse = 1 / count
    typical += max(Self.fading, inverse) * (size - typical)
    let step = max(Self.leastStep, inverse) * typical
    if beyond > 0 {
      limit += step * Self.quantile
    } else {
      limit = max(0, limit - step * (1 - Self.quantile))
    }
    return result
  }
}
