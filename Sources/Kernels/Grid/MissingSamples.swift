/// How many samples were missing lately, and whether too many to go on.
///
/// Each missing one fills the measure by one, each other empties it by an eighth: a quarter of a
/// cycle in a row is too much, and so is more than one in nine for long.
struct MissingSamples: Hashable, Sendable {
  private var level = 0.0

  mutating func removeAll() { level = 0 }

  mutating func notePresent() { level = max(0, level - 0.125) }

  /// Takes missing samples; false where they are too many for a cycle of a length in samples.
  mutating func note(_ count: Int, period: Double) -> Bool {
    level += Double(count)
    return level <= (period / 4).rounded(.down)
  }
}
