/// Something that is due at whole intervals since its start, however late it is asked for.
struct Deadline: Hashable, Sendable {
  private let interval: UInt64
  private var next: UInt64

  /// Due first after one interval since a time in milliseconds.
  init(every interval: Duration, since milliseconds: UInt64 = 0) {
    self.interval = UInt64(max(1, interval.nanoseconds / 1_000_000))
    next = milliseconds + self.interval
  }

  /// Whether it is due at a time in milliseconds; then it is due again at the next whole interval.
  mutating func isDue(_ now: UInt64) -> Bool {
    guard now >= next else { return false }
    next += interval * ((now - next) / interval + 1)
    return true
  }
}
