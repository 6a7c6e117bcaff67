/// Gathers the harmonics of a channel over whole cycles, half cycle by half cycle.
///
/// The phase runs evenly from crossing to crossing, so the window is bound to the fundamental and
/// whole whatever the frequency does. It is a rectangle two cycles shorter than the block, rounded
/// by two boxes of one cycle: like the rectangle that IEC 61000-4-7 asks for it has zeros at every
/// other harmonic, but its soft ends do not care where they fall between two samples.
struct HarmonicSums: Hashable, Sendable {
  private var real: [Double]
  private var imaginary: [Double]
  private var direct = 0.0
  private var squares = 0.0
  private var weights = 0.0
  private var lastLength = 0.0
  private var halves = 0
  /// The largest difference of neighbouring half cycles, in half cycles.
  private var unevenness = 0.0
  private let cycles: Double

  var highestOrder: Int { real.count }

  /// Orders 1 up to a highest one, over a number of cycles, at least 4.
  init(highestOrder: Int, cycles: Int) {
    self.cycles = Double(cycles)
    real = Array(repeating: 0, count: highestOrder)
    imaginary = real
  }

  mutating func removeAll() {
    for index in real.indices {
      real[index] = 0
      imaginary[index] = 0
    }
    direct = 0
    squares = 0
    weights = 0
    (lastLength, halves, unevenness) = (0, 0, 0)
  }

  /// The window at a place in the block, in cycles.
  private func window(_ place: Double) -> Double {
    let edge = min(place, cycles - place)
    if edge >= 2 { return 1 }
    if edge >= 1 { return 1 - (2 - edge) * (2 - edge) / 2 }
    return edge > 0 ? edge * edge / 2 : 0
  }

  /// Adds a half cycle of the block, the first of them with number 0 and a rising crossing.
  mutating func add(_ span: CycleSpan, of ring: SampleRing, half: Int) {
    guard !real.isEmpty else { return }
    if halves > 0 {
      unevenness = max(unevenness, (span.length - lastLength).magnitude / span.length)
    }
    lastLength = span.length
    halves += 1
    let step = Double.pi / span.length
    let (stepCos, stepSin) = (Elementary.cos(step), Elementary.sin(step))
    let first = span.start.rounded(.up)
    let lead = (first - span.start) * step
    var (c, s) = (Elementary.cos(lead), Elementary.sin(lead))
    if half % 2 == 1 { (c, s) = (-c, -s) }
    for index in Int(first)..<Int(span.end.rounded(.up)) {
      let passed = (Double(index) - span.start) / span.length
      let weight = window((Double(half) + passed) / 2)
      let value = weight * ring[index]
      weights += weight
      direct += value
      squares += value * ring[index]
      // The cosines and sines of multiples, by the recurrence of Chebyshev.
      let double = 2 * c
      var (c0, c1, s0, s1) = (1.0, c, 0.0, s)
      for order in real.indices {
        real[order] += value * c1
        imaginary[order] += value * s1
        (c0, c1) = (c1, double * c1 - c0)
        (s0, s1) = (s1, double * s1 - s0)
      }
      (c, s) = (c * stepCos - s * stepSin, s * stepCos + c * stepSin)
    }
  }

  /// How much more noise the window lets in than a rectangle over the block does.
  static let noiseWidth = 1.18

  /// At most how much of a line is seen at a distance from it, in fundamentals.
  static func leak(_ distance: Double, cycles: Int) -> Double {
    let turn = Double.pi * distance
    guard distance > 0 else { return 1 }
    return min(1, min(1, 1 / (turn * turn)) / (turn * Double(cycles - 2)))
  }

  /// The RMS phasor of an order: in phase and in quadrature with a sine of the fundamental's zero.
  func phasor(_ order: Int) -> (sine: Double, cosine: Double) {
    guard 1...max(1, real.count) ~= order, order <= real.count, weights > 0 else { return (0, 0) }
    let scale = 2.0.squareRoot() / weights
    return (imaginary[order - 1] * scale, real[order - 1] * scale)
  }

  /// The RMS of an order; 0 where it was not gathered.
  func rms(_ order: Int) -> Double {
    let (sine, cosine) = phasor(order)
    return (sine * sine + cosine * cosine).squareRoot()
  }

  /// How much of the fundamental the jitter of crossings can turn into other orders, as a part.
  var smear: Double { halves > 0 ? Double.pi / 2 * unevenness / Double(halves).squareRoot() : 0 }

  /// The mean of the squares.
  var meanSquare: Double { weights > 0 ? squares / weights : 0 }

  /// The mean.
  var mean: Double { weights > 0 ? direct / weights : 0 }
}
