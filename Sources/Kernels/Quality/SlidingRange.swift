/// The range of the last values of a stream, in memory taken once.
///
/// Two queues keep the values that can still become the least or the greatest, so a value costs a
/// constant number of steps on average. Source: D. Lemire, "Streaming maximum-minimum filter using
/// no more than three comparisons per element", Nordic Journal of Computing 13 (2006).
struct SlidingRange: Hashable, Sendable {
  private let count: Int
  private var position = 0
  // Where the newest value and the one before it were, which tell whether the window has two.
  private var newest = -1
  private var secondNewest = -1
  private var least: Wedge
  private var greatest: Wedge

  /// The range of so many values, at least 1.
  init(count: Int) {
    self.count = max(1, count)
    least = Wedge(count: self.count)
    greatest = Wedge(count: self.count)
  }

  /// Takes a value; gives the range, nil before the window is full or with under two values.
  mutating func accept(_ value: Double) -> Double? {
    let oldest = position - count + 1
    least.drop(before: oldest)
    greatest.drop(before: oldest)
    if value.isFinite {
      secondNewest = newest
      newest = position
      least.push(value, at: position)
      greatest.push(-value, at: position)
    }
    position += 1
    guard oldest >= 0, secondNewest >= oldest, let low = least.front, let high = greatest.front
    else { return nil }
    return -high - low
  }
}

/// Values that rise from the front, each with its position.
private struct Wedge: Hashable, Sendable {
  private var values: [Double]
  private var positions: [Int]
  private var head = 0
  private var length = 0

  init(count: Int) {
    values = Array(repeating: 0, count: count)
    positions = Array(repeating: 0, count: count)
  }

  var front: Double? { length == 0 ? nil : values[head] }

  mutating func drop(before oldest: Int) {
    while length > 0, positions[head] < oldest {
      head = head + 1 == values.count ? 0 : head + 1
      length -= 1
    }
  }

  mutating func push(_ value: Double, at position: Int) {
    while length > 0, values[slot(length - 1)] >= value { length -= 1 }
    let last = slot(length)
    values[last] = value
    positions[last] = position
    length += 1
  }

  private func slot(_ index: Int) -> Int {
    let slot = head + index
    return slot >= values.count ? slot - values.count : slot
  }
}
