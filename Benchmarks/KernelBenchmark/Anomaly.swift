import Kernels

func timeAnomaly(_ bench: Bench) {
  bench.time("no kernel (the loop alone)", 0.0) { last, point in
    last = point.value
    return last
  }
  bench.time("anomaly detector", AnomalyDetector()) { $0.accept($1.sample).score }
  bench.time("CUSUM", CUSUM()) { $0.accept($1.sample) == nil ? 0 : 1 }
  bench.time("Hampel, 7 samples", HampelFilter()) { $0.accept($1.sample)?.median ?? 0 }
  bench.time("Hampel, 31 samples", HampelFilter(window: 31)) {
    $0.accept($1.sample)?.median ?? 0
  }
  bench.time("seasonal profile, 24 bins", SeasonalProfile()) { $0.accept($1.sample)?.mean ?? 0 }
  bench.time("T-squared, 2 channels", HotellingT2(channels: 2).map { Rows($0, 2) }) { $0.step($1) }
  bench.time("T-squared, 4 channels", HotellingT2(channels: 4).map { Rows($0, 4) }) { $0.step($1) }
  bench.time("T-squared, 8 channels", HotellingT2(channels: 8).map { Rows($0, 8) }) { $0.step($1) }
  bench.time("T-squared, 16 channels", HotellingT2(channels: 16).map { Rows($0, 16) }) {
    $0.step($1)
  }
  bench.time("threshold", Threshold(.above, 20, release: 19)) {
    $0.accept($1.sample) == nil ? 0 : 1
  }
}

/// A detector of rows with rows of correlated channels, made beforehand.
private struct Rows {
  var detector: HotellingT2
  private var noise: [[Double]] = []
  private var next = 0

  init(_ detector: HotellingT2, _ channels: Int) {
    self.detector = detector
    var generator = SplitMix(state: 5)
    noise = (0..<1024).map { _ in
      let common = generator.unit()
      return (0..<channels).map { Double($0 + 1) * common + 0.2 * generator.unit() }
    }
  }

  mutating func step(_ point: Point) -> Double {
    next = (next + 1) & 1023
    return detector.accept(noise[next]).score
  }
}

/// Numbers that are the same in every run.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014.
struct SplitMix {
  var state: UInt64

  mutating func unit() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53 - 0.5
  }
}
