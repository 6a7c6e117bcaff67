/// The last values of a stream in the order they came, and those that are numbers in rising order.
///
/// Keeping the order costs a search and a shift a value, in memory taken once.
struct RankedRing: Hashable, Sendable {
  /// The most values that a ring may have.
  static let maximumCount = 10_000
  private var values: [Double]
  private var sorted: [Double]
  private var next = 0
  private var taken = 0
  /// How many of the values are numbers.
  private(set) var count = 0

  /// A ring of 1 to 10,000 values; nil for others.
  init?(count: Int) {
    guard (1...Self.maximumCount).contains(count) else { return nil }
    values = Array(repeating: 0, count: count)
    sorted = Array(repeating: 0, count: count)
  }

  /// Takes a value in the place of the oldest one; what is not finite takes a place and no part.
  mutating func accept(_ value: Double) {
    let oldest = values[next]
    if taken == values.count, oldest.isFinite { remove(oldest) }
    // One value stands for all that are not finite, so that rings compare.
    values[next] = value.isFinite ? value : .infinity
    next = next + 1 == values.count ? 0 : next + 1
    taken = min(taken + 1, values.count)
    if value.isFinite { insert(value) }
  }

  /// The number at a place from the least, which must be below the count.
  subscript(rank: Int) -> Double { sorted[rank] }

  /// The mean of the numbers, summed from the oldest to the newest; NaN without numbers.
  var mean: Double {
    guard count > 0 else { return .nan }
    // The oldest number starts, so that numbers alike have exactly their mean.
    var shift: Double?
    var sum = 0.0
    var index = taken < values.count ? 0 : next
    for _ in 0..<taken {
      let value = values[index]
      if value.isFinite {
        let first = shift ?? value
        shift = first
        sum += value - first
      }
      index = index + 1 == values.count ? 0 : index + 1
    }
    return (shift ?? 0) + sum / Double(count)
  }

  private mutating func insert(_ value: Double) {
    let place = rank(of: value)
    var index = count
    while index > place {
      sorted[index] = sorted[index - 1]
      index -= 1
    }
    sorted[place] = value
    count += 1
  }

  private mutating func remove(_ value: Double) {
    var index = rank(of: value)
    count -= 1
    while index < count {
      sorted[index] = sorted[index + 1]
      index += 1
    }
  }

  /// How many numbers are less.
  private func rank(of value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
