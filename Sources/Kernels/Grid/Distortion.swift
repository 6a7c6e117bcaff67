/// Total harmonic distortion of a block, with what noise and sampling can do to it.
struct Distortion: Sendable {
  /// Percent of the fundamental; nil where there is no fundamental.
  let percent: Double?
  let highestOrder: Int
  /// Percentage points; nil where there is no fundamental.
  let errorBound: Double?

  /// The highest order that can be told from its image beyond half the sample rate.
  ///
  /// The two have to lie a fifth of the fundamental apart, two lines of a block.
  static func highestOrder(_ samplesPerCycle: Double) -> Int {
    max(0, Int((samplesPerCycle - 0.2) / 2))
  }

  /// The distortion of `cycles` cycles in a length of samples, a voltage of a nominal RMS taken by
  /// a converter of a resolution.
  init(
    _ sums: HarmonicSums, length: Double, cycles: Int, nominal: Double, resolution: Double
  ) {
    let samplesPerCycle = length / Double(cycles)
    let highest = min(sums.highestOrder, Self.highestOrder(samplesPerCycle))
    highestOrder = highest
    let fundamental = sums.rms(1)
    guard highest >= 1, fundamental >= 0.1 * nominal, fundamental > 0 else {
      percent = nil
      errorBound = nil
      return
    }
    var squares = 0.0
    // What the fundamental and every order leave in the others, as those are folded back.
    var sampling = 0.0
    for order in 1...highest where order > 1 {
      let level = sums.rms(order)
      squares += level * level
      sampling += HarmonicSums.leak(samplesPerCycle - Double(order + 1), cycles: cycles)
      let worst = HarmonicSums.leak(samplesPerCycle - Double(order + highest), cycles: cycles)
      sampling += level / fundamental * worst
    }
    let ratio = squares.squareRoot() / fundamental
    percent = 100 * ratio
    // What no harmonic explains is noise; each order catches its share of it.
    let explained = fundamental * fundamental + squares + sums.mean * sums.mean
    let orders = Double(max(0, highest - 1))
    let share = HarmonicSums.noiseWidth / length
    // The orders themselves caught a part of the noise, which is in what they explain.
    let seen = max(0, sums.meanSquare - explained) / max(0.1, 1 - 2 * orders * share)
    let unseen = 3 * HarmonicSums.leak(samplesPerCycle - 2, cycles: cycles)
    let rest = seen + unseen * fundamental * fundamental
    let noise = (share * rest).squareRoot() / fundamental
    let caught = noise * (2 * orders).squareRoot()
    // Noise adds as squares, by two deviations more than expected at most, and moves what is
    // there by three.
    let most = caught + 2 * noise
    let added = ratio - max(0, ratio * ratio - most * most).squareRoot()
    // The error of rounding repeats with the cycle at worst, and then is all harmonics.
    let rounding = resolution / 12.0.squareRoot() / fundamental
    errorBound = 100 * (added + 3 * noise + sampling + sums.smear + rounding)
  }
}
