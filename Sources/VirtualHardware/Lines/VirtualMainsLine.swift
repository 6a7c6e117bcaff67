public import Buses

/// A line behind a comparator on the mains: active in the one half of a cycle, inactive in the
/// other.
///
/// Its signal is the frequency in hertz, whose phase adds up from zero. The line rises in the
/// middle of a cycle and falls at its end. Where the frequency has no value or is zero there are no
/// edges. Timestamps are the exact times at which the edges are due, to the nanosecond.
public struct VirtualMainsLine: InputLine, Sendable {
  private var queue: EdgeQueue<MainsEdges>

  /// A line that follows `frequency` (Hz, at most 10 kHz) and was inactive when the signal began.
  ///
  /// `now` is the monotonic clock in nanoseconds; `wait` comes back after a time.
  public init(
    frequency: Signal, now: @escaping @Sendable () -> Int64,
    wait: @escaping @Sendable (Duration) -> Void
  ) {
    queue = EdgeQueue(MainsEdges(frequency), now: now, wait: wait)
  }

  /// Whether the line is active now.
  public mutating func level() throws(LineFailure) -> Bool { queue.level() }

  /// The next edge, or nil where none comes within `limit`.
  public mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    queue.nextEdge(within: limit)
  }
}

struct MainsEdges: EdgeSource {
  private var integrator: PhaseIntegrator
  private var isActive = false

  init(_ frequency: Signal) {
    integrator = PhaseIntegrator(frequency)
  }

  mutating func next(notAfter limit: Int64) -> LineEdge? {
    guard let time = integrator.time(ofCycles: isActive ? 1 : 0.5, notAfter: limit) else {
      return nil
    }
    if isActive { integrator.subtract(1) }
    isActive.toggle()
    return LineEdge(isActive ? .rising : .falling, timestamp: time)
  }
}
