/// How far zero crossings scatter about their places, as the crossings of a window show it.
///
/// A third difference has no part of a frequency that drifts evenly. Its largest, over the deviation
/// that noise of one deviation gives it, is about three deviations where noise is normal, and more
/// where single crossings are off. Neighbours share half their window, those two cycles apart
/// nothing, and what swings from cycle to cycle shows only among neighbours: the larger counts.
struct CrossingNoise: Hashable, Sendable {
  private var places = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
  private var run = 0
  private var count = 0
  private var largest = 0.0
  private var before = 0.0
  private var countBefore = 0

  /// Takes the place of the next rising crossing, in samples.
  mutating func accept(_ place: Double) {
    for index in 0..<6 { places[index] = places[index + 1] }
    places[6] = place
    run = min(run + 1, 7)
    if run >= 4 {
      // Of neighbours the variance is 15 times that of one, of independent crossings 20 times.
      note(third(1) / 15.0.squareRoot())
      count += 1
    }
    if run >= 7 { note(third(2) / 20.0.squareRoot()) }
  }

  /// Says that the row of crossings is broken.
  mutating func interrupt() { run = 0 }

  /// Begins a new window; the last one still counts until there are more crossings.
  mutating func closeWindow() {
    (before, countBefore) = (largest, count)
    (largest, count) = (0, 0)
  }

  /// How far a crossing may be off, in samples; nil where there were too few to tell.
  var error: Double? {
    let isEnough = count >= 50
    let most = isEnough ? largest : max(largest, before)
    let known = isEnough ? count : count + countBefore
    return known > 0 ? most * (1 + 8 / Double(known)) : nil
  }

  private mutating func note(_ difference: Double) { largest = max(largest, difference.magnitude) }

  private func third(_ step: Int) -> Double {
    places[6] - places[6 - 3 * step] - 3 * (places[6 - step] - places[6 - 2 * step])
  }
}
