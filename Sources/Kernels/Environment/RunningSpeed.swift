/// The mean of the speeds of the last few seconds, over a ring of samples.
struct RunningSpeed: Hashable, Sendable {
  private static let capacity = 256
  private let time: Int64
  private let least: Int
  private var times: [Int64]
  private var speeds: [Double]
  private var first = 0
  private var count = 0

  /// A mean over a time in nanoseconds, of at least so many samples.
  init(time: Int64, least: Int) {
    self.time = time
    self.least = least
    times = Array(repeating: 0, count: Self.capacity)
    speeds = Array(repeating: 0, count: Self.capacity)
  }

  /// Takes the speed of a time that is not before the last; gives the mean where samples suffice.
  mutating func accept(_ nanoseconds: Int64, _ speed: Double) -> Double? {
    if count == Self.capacity { drop() }
    while count > 0 {
      let (age, overflow) = nanoseconds.subtractingReportingOverflow(times[first])
      guard overflow || age >= time else { break }
      drop()
    }
    let place = (first + count) % Self.capacity
    times[place] = nanoseconds
    speeds[place] = speed
    count += 1
    guard count >= least else { return nil }
    // A sum that is kept would gather the rounding of years.
    var sum = 0.0
    for index in 0..<count { sum += speeds[(first + index) % Self.capacity] }
    return sum / Double(count)
  }

  private mutating func drop() {
    first = (first + 1) % Self.capacity
    count -= 1
  }
}
