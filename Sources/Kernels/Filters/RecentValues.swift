/// The last values of a stream in the order they came, and those that are numbers in rising order.
///
/// Keeping the order costs a search and a shift a value, in memory taken once; a ring that is only
/// averaged keeps none.
struct RecentValues: Hashable, Sendable {
  /// The most values that a ring may have.
  static let maximumCount = 10_000
  private var values: [Double]
  private var sorted: [Double]
  private var next = 0
  private var taken = 0
  /// How many of the values are numbers.
  private(set) var count = 0

  /// A ring of 1 to 10,000 values, in order where that is wanted; nil for others.
  init?(count: Int, keepsOrder: Bool = true) {
    guard (1...Self.maximumCount).contains(count) else { return nil }
    values = Array(repeating: 0, count: count)
    sorted = Array(repeating: 0, count: keepsOrder ? count : 0)
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
    let start = taken < values.count ? 0 : next
    var (shift, sum): (Double?, Double) = (nil, 0)
    add(start..<taken, to: &sum, &shift)
    add(0..<start, to: &sum, &shift)
    return (shift ?? 0) + sum / Double(count)
  }

  /// Adds up how far numbers are from the first one, so that numbers alike have exactly their mean.
  private func add(_ places: Range<Int>, to sum: inout Double, _ shift: inout Double?) {
    for place in places where values[place].isFinite {
      let first = shift ?? values[place]
      shift = first
      sum += values[place] - first
    }
  }

  private mutating func insert(_ value: Double) {
    guard !sorted.isEmpty else {
      count += 1
      return
    }
    let place = rank(of: value, among: count)
    var index = count
    while index > place {
      sorted[index] = sorted[index - 1]
      index -= 1
    }
    sorted[place] = value
    count += 1
  }

  private mutating func remove(_ value: Double) {
    count -= 1
    guard !sorted.isEmpty else { return }
    var index = rank(of: value, among: count + 1)
    while index < count {
      sorted[index] = sorted[index + 1]
      index += 1
    }
  }

  /// How many numbers are less.
  private func rank(of value: Double, among count: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
