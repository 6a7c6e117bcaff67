import Buses

/// Edges that follow from a signal, in their order.
protocol EdgeSource: Sendable {
  /// The next edge; nil where it comes after `limit`, and then it is still the next.
  mutating func next(notAfter limit: Int64) -> LineEdge?
}

/// Hands out the edges of a source when they are due, like the kernel's queue of a line.
///
/// No edge is lost however late it is asked for, and none comes early.
struct EdgeQueue<Source: EdgeSource>: Sendable {
  private var pending: Source
  private var levels: Source
  private var isActive = false
  private let now: @Sendable () -> Int64
  private let wait: @Sendable (Duration) -> Void

  init(
    _ source: Source, now: @escaping @Sendable () -> Int64,
    wait: @escaping @Sendable (Duration) -> Void
  ) {
    pending = source
    levels = source
    self.now = now
    self.wait = wait
  }

  mutating func level() -> Bool {
    let time = now()
    while let edge = levels.next(notAfter: time) { isActive = edge.direction == .rising }
    return isActive
  }

  mutating func nextEdge(within limit: Duration) -> LineEdge? {
    let start = now()
    let (sum, overflow) = start.addingReportingOverflow(Self.nanoseconds(limit))
    let deadline = overflow ? Int64.max - 1_000_000_000_000_000 : sum
    guard let edge = pending.next(notAfter: deadline) else {
      wait(until: deadline)
      return nil
    }
    wait(until: edge.timestamp)
    return edge
  }

  private func wait(until time: Int64) {
    var present = now()
    while present < time {
      wait(.nanoseconds(time - present))
      let later = now()
      // A clock that stands still would hold the caller for ever.
      guard later > present else { return }
      present = later
    }
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0 else { return 0 }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow, whole < Int64.max - 1_000_000_000 else { return Int64.max }
    return whole + attoseconds / 1_000_000_000
  }
}
