/// Sums of the winds of a stretch of time, which add to those of a longer one.
struct WindSums: Hashable, Sendable {
  private(set) var samples: UInt64 = 0
  private var speed = 0.0
  private var directed: UInt64 = 0
  private var still: UInt64 = 0
  private var sine = 0.0
  private var cosine = 0.0
  private var vectorSine = 0.0
  private var vectorCosine = 0.0
  private var gust: WindAverages.Gust?

  /// Takes a speed; where the air stands still it is a vector of length 0 without direction.
  mutating func accept(speed sample: Double, direction: Double?, isStill: Bool) {
    samples &+= 1
    speed += sample
    if isStill { still &+= 1 }
    guard let direction else { return }
    let unit = Wind.unit(direction)
    directed &+= 1
    sine += unit.sine
    cosine += unit.cosine
    vectorSine += sample * unit.sine
    vectorCosine += sample * unit.cosine
  }

  mutating func accept(_ other: WindAverages.Gust?) {
    guard let other, other.speed > gust?.speed ?? -1 else { return }
    gust = other
  }

  mutating func add(_ other: WindSums) {
    samples &+= other.samples
    speed += other.speed
    directed &+= other.directed
    still &+= other.still
    sine += other.sine
    cosine += other.cosine
    vectorSine += other.vectorSine
    vectorCosine += other.vectorCosine
    accept(other.gust)
  }

  /// The averages; below the calm speed the directions are 0.
  func averages(start: Int64, end: Int64, calm: Double) -> WindAverages.Result? {
    guard samples > 0 else { return nil }
    let mean = speed / Double(samples)
    let isCalm = mean < calm
    let count = Double(directed)
    let vectors = Double(directed &+ still)
    let length = (vectorSine * vectorSine + vectorCosine * vectorCosine).squareRoot()
    return WindAverages.Result(
      start: start, end: end, samples: samples, directedSamples: directed, meanSpeed: mean,
      vectorSpeed: vectors > 0 ? length / vectors : nil,
      direction: isCalm ? 0 : Self.direction(sine, cosine, least: count * 1e-9),
      vectorDirection: isCalm ? 0 : Self.direction(vectorSine, vectorCosine, least: speed * 1e-9),
      directionDeviation: directed > 0
        ? Wind.directionDeviation(meanSine: sine / count, meanCosine: cosine / count) : nil,
      gust: gust)
  }

  private static func direction(_ sine: Double, _ cosine: Double, least: Double) -> Double? {
    // Winds that cancel leave a rest of rounding, which has no direction.
    guard sine.magnitude + cosine.magnitude > least else { return nil }
    return Wind.degrees(sine: sine, cosine: cosine)
  }
}
