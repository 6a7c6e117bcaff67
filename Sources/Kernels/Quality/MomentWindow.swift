/// The moments of the samples in a window of time, in memory taken once.
///
/// Two stacks make the queue: the newer samples have one sum, the older ones the sum of each and
/// those after it. Nothing is ever subtracted, so no error grows; a sample costs a constant number
/// of steps on average.
struct MomentWindow: Hashable, Sendable {
  private var samples: [Sample]
  private var older: [Moments]
  private var newer = Moments()
  private var head = 0
  private var olderCount = 0
  private(set) var count = 0

  init(capacity: Int) {
    samples = Array(repeating: Sample(nanoseconds: 0, value: 0), count: capacity)
    older = Array(repeating: Moments(), count: capacity)
  }

  /// The moments of all samples in the window.
  var moments: Moments { olderCount == 0 ? newer : older[head].merged(with: newer) }

  mutating func removeAll() {
    head = 0
    olderCount = 0
    count = 0
    newer = Moments()
  }

  /// Takes a sample; a full window loses its oldest one.
  mutating func append(_ sample: Sample) {
    if count == samples.count { dropFirst() }
    samples[slot(count)] = sample
    count += 1
    newer = newer.merged(with: Moments(sample.value))
  }

  /// Drops the samples at and before a time.
  mutating func drop(through nanoseconds: Int64) {
    while count > 0, samples[head].nanoseconds <= nanoseconds { dropFirst() }
  }

  private mutating func dropFirst() {
    if olderCount == 0 { turn() }
    head = head + 1 == samples.count ? 0 : head + 1
    olderCount -= 1
    count -= 1
  }

  /// Makes the newer samples the older ones.
  private mutating func turn() {
    var sum = Moments()
    for index in stride(from: count - 1, through: 0, by: -1) {
      sum = Moments(samples[slot(index)].value).merged(with: sum)
      older[slot(index)] = sum
    }
    olderCount = count
    newer = Moments()
  }

  private func slot(_ index: Int) -> Int {
    let slot = head + index
    return slot >= samples.count ? slot - samples.count : slot
  }
}
