/// A stretch between two positions among samples, such as a half cycle, and its sample weights.
///
/// A sample stands for the sample period about it, and a running sum of samples for the integral
/// up to half a period behind the last. Between those points the sum is interpolated by a cubic,
/// so a boundary may lie between samples: with 17 samples a cycle the linear form errs by 0.3 % of
/// a cycle's RMS, this one by 0.03 %.
struct CycleSpan: Hashable, Sendable {
  let start: Double
  let end: Double
  /// The first and last index with a weight.
  let first: Int
  let last: Int
  /// The index behind which samples weigh 1 up to `full`.
  private let full: Int
  private let head: (Double, Double, Double)
  private let tail: (Double, Double, Double)

  /// A stretch from a position to a later one, both in samples and within +-2^52.
  init(start: Double, end: Double) {
    self.start = start
    self.end = end
    let (before, head) = Self.boundary(start)
    let (until, tail) = Self.boundary(end)
    first = before
    full = until
    last = until + 2
    self.head = head
    self.tail = tail
  }

  var length: Double { end - start }

  /// The weight of a sample in the integral over the stretch, in sample periods.
  func weight(_ index: Int) -> Double {
    var weight = index > first && index <= full ? 1.0 : 0.0
    switch index - first {
    case 0: weight -= head.0
    case 1: weight -= head.1
    case 2: weight -= head.2
    default: break
    }
    switch index - full {
    case 0: weight += tail.0
    case 1: weight += tail.1
    case 2: weight += tail.2
    default: break
    }
    return weight
  }

  /// The last index whose running sum ends before a position, and what the three samples from
  /// there on add up to the position: Lagrange's cubic through four running sums.
  private static func boundary(_ position: Double) -> (Int, (Double, Double, Double)) {
    let floor = (position - 0.5).rounded(.down)
    let u = position - 0.5 - floor
    let zeroth = u * (u - 1) * (u - 2) / 6
    let first = -(u + 1) * u * (u - 2) / 2
    let second = (u + 1) * u * (u - 1) / 6
    return (Int(floor), (zeroth, first + second, second))
  }

  static func == (left: CycleSpan, right: CycleSpan) -> Bool {
    left.start == right.start && left.end == right.end
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(start)
    hasher.combine(end)
  }
}
