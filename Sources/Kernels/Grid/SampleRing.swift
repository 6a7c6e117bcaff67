/// The newest samples of a channel, by their index since the start.
struct SampleRing: Hashable, Sendable {
  private var values: [Double]
  private let mask: Int
  /// The index of the newest sample; -1 before the first.
  private(set) var newest = -1

  /// Room for at least a number of samples.
  init(capacity: Int) {
    var size = 16
    while size < capacity { size *= 2 }
    values = Array(repeating: 0, count: size)
    mask = size - 1
  }

  mutating func removeAll() { newest = -1 }

  /// What the next sample was a period before, by a cubic through four samples; nil at the start.
  func next(aPeriodBefore period: Double) -> Double? {
    let place = Double(newest + 1) - period
    guard place >= Double(oldest + 1), period >= 3 else { return nil }
    let first = place.rounded(.down)
    let (index, u) = (Int(first), place - first)
    let (a, b, c, d) = (self[index - 1], self[index], self[index + 1], self[index + 2])
    return -a * (u * (u - 1) * (u - 2) / 6) + b * ((u + 1) * (u - 1) * (u - 2) / 2)
      - c * ((u + 1) * u * (u - 2) / 2) + d * ((u + 1) * u * (u - 1) / 6)
  }

  mutating func append(_ value: Double) {
    newest += 1
    values[newest & mask] = value
  }

  /// The index of the oldest sample that is still there.
  var oldest: Int { max(0, newest - mask) }

  /// The sample at an index; beyond the ends that at the end, and 0 before the first.
  subscript(index: Int) -> Double {
    guard newest >= 0 else { return 0 }
    return values[min(max(index, oldest), newest) & mask]
  }
}
