/// Gathers the harmonics of a channel over whole cycles, half cycle by half cycle.
///
/// The phase runs evenly from crossing to crossing, so the window is bound to the fundamental and
/// whole whatever the frequency does: a rectangular window of whole cycles, as IEC 61000-4-7 asks.
struct HarmonicSums: Hashable, Sendable {
  private var real: [Double]
  private var imaginary: [Double]
  private var direct = 0.0
  private var length = 0.0

  var highestOrder: Int { real.count }

  /// Orders 1 up to a highest one.
  init(highestOrder: Int) {
    real = Array(repeating: 0, count: highestOrder)
    imaginary = real
  }

  mutating func removeAll() {
    for index in real.indices {
      real[index] = 0
      imaginary[index] = 0
    }
    direct = 0
    length = 0
  }

  /// Adds a half cycle that begins with a rising or a falling crossing.
  mutating func add(_ span: CycleSpan, of ring: SampleRing, isRising: Bool) {
    guard !real.isEmpty else { return }
    let step = Double.pi / span.length
    let (stepCos, stepSin) = (Elementary.cos(step), Elementary.sin(step))
    let lead = (Double(span.first) - span.start) * step
    var (c, s) = (Elementary.cos(lead), Elementary.sin(lead))
    if !isRising { (c, s) = (-c, -s) }
    for index in span.first...span.last {
      let value = span.weight(index) * ring[index]
      direct += value
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
    length += span.length
  }

  /// The RMS phasor of an order: in phase and in quadrature with a sine of the fundamental's zero.
  func phasor(_ order: Int) -> (sine: Double, cosine: Double) {
    guard 1...max(1, real.count) ~= order, order <= real.count, length > 0 else { return (0, 0) }
    let scale = 2.0.squareRoot() / length
    return (imaginary[order - 1] * scale, real[order - 1] * scale)
  }

  /// The RMS of an order; 0 where it was not gathered.
  func rms(_ order: Int) -> Double {
    let (sine, cosine) = phasor(order)
    return (sine * sine + cosine * cosine).squareRoot()
  }

  /// The mean.
  var mean: Double { length > 0 ? direct / length : 0 }
}
