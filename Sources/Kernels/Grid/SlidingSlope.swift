/// The slope of a stream by least squares over a sliding window, in amortised constant time.
///
/// Running sums are taken from scratch once per turn of the buffer, about the oldest sample, so
/// that rounding does not gather.
struct SlidingSlope: Hashable, Sendable {
  let window: Int64
  private var times: [Int64]
  private var values: [Double]
  private var head = 0
  private(set) var count = 0
  private var base: Int64 = 0
  private var level = 0.0
  private var age = 0
  private var (sumT, sumTT, sumV, sumTV) = (0.0, 0.0, 0.0, 0.0)

  /// A window in nanoseconds with room for a number of samples; the oldest leave first.
  init(window: Int64, capacity: Int) {
    self.window = window
    times = Array(repeating: 0, count: max(2, capacity))
    values = Array(repeating: 0, count: max(2, capacity))
  }

  mutating func removeAll() {
    (head, count, age) = (0, 0, 0)
    (sumT, sumTT, sumV, sumTV) = (0, 0, 0, 0)
  }

  /// Takes a finite value, later than the last one.
  mutating func accept(_ sample: Sample) {
    if count == times.count { drop() }
    while count > 0, GridTime.span(from: times[head], to: sample.nanoseconds) > window { drop() }
    if count == 0 {
      removeAll()
      (base, level) = (sample.nanoseconds, sample.value)
    }
    var slot = head + count
    if slot >= times.count { slot -= times.count }
    times[slot] = sample.nanoseconds
    values[slot] = sample.value
    count += 1
    add(sample.nanoseconds, sample.value, 1)
    age += 1
    if age >= times.count { refresh() }
  }

  /// Units per second as of a time; nil where the newest value is over half a window old.
  func slope(at nanoseconds: Int64) -> Double? {
    guard let newest, GridTime.span(from: newest, to: nanoseconds) <= window / 2 else { return nil }
    return slope
  }

  private var newest: Int64? {
    guard count > 0 else { return nil }
    let slot = head + count - 1
    return times[slot < times.count ? slot : slot - times.count]
  }

  /// Units per second; nil below two samples or half a window.
  var slope: Double? {
    guard count >= 2 else { return nil }
    guard let newest, GridTime.span(from: times[head], to: newest) >= window / 2
    else { return nil }
    let n = Double(count)
    let spread = n * sumTT - sumT * sumT
    let slope = (n * sumTV - sumT * sumV) / spread
    return spread > 0 && slope.isFinite ? slope : nil
  }

  private mutating func drop() {
    add(times[head], values[head], -1)
    head += 1
    if head == times.count { head = 0 }
    count -= 1
  }

  private mutating func add(_ time: Int64, _ value: Double, _ sign: Double) {
    let t = Double(GridTime.span(from: base, to: time)) / 1e9
    let v = value - level
    sumT += sign * t
    sumTT += sign * (t * t)
    sumV += sign * v
    sumTV += sign * (t * v)
  }

  private mutating func refresh() {
    (base, level, age) = (times[head], values[head], 0)
    (sumT, sumTT, sumV, sumTV) = (0, 0, 0, 0)
    var slot = head
    for _ in 0..<count {
      add(times[slot], values[slot], 1)
      slot += 1
      if slot == times.count { slot = 0 }
    }
  }
}
