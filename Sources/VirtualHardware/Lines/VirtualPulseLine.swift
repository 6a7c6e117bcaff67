public import Buses

/// A line with the pulses of a meter (S0, LED or reed): one for every unit of what is metered.
///
/// Its signal is a rate in pulses a second; the n-th pulse rises when the rate has added up to n.
/// A pulse lasts 30 ms, or half of the time to the next where that is shorter (EN 62053-31 asks for
/// 30 ms at least). Where the rate has no value there are no pulses. Timestamps are the exact times
/// at which the edges are due, to the nanosecond, however late they are handed out.
public struct VirtualPulseLine: InputLine, Sendable {
  private var queue: EdgeQueue<PulseEdges>

  /// A line that pulses at `rate` (1/s, at most 10 kHz) and was inactive when the signal began.
  ///
  /// `now` is the monotonic clock in nanoseconds; `wait` comes back after a time.
  public init(
    rate: Signal, now: @escaping @Sendable () -> Int64,
    wait: @escaping @Sendable (Duration) -> Void
  ) {
    queue = EdgeQueue(PulseEdges(rate), now: now, wait: wait)
  }

  /// Whether a pulse is on the line now.
  public mutating func level() throws(LineFailure) -> Bool { queue.level() }

  /// The next edge, or nil where none comes within `limit`.
  public mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    queue.nextEdge(within: limit)
  }
}

struct PulseEdges: EdgeSource {
  private static let widthNanoseconds: Int64 = 30_000_000

  private var integrator: PhaseIntegrator
  private var falling: Int64?

  init(_ rate: Signal) {
    integrator = PhaseIntegrator(rate)
  }

  mutating func next(notAfter limit: Int64) -> LineEdge? {
    if let time = falling {
      guard time <= limit else { return nil }
      falling = nil
      return LineEdge(.falling, timestamp: time)
    }
    guard let time = integrator.time(ofCycles: 1, notAfter: limit) else { return nil }
    integrator.subtract(1)
    falling = end(ofPulseAt: time)
    return LineEdge(.rising, timestamp: time)
  }

  private mutating func end(ofPulseAt time: Int64) -> Int64 {
    let rate = integrator.rate(at: time)
    let half = rate > 0 ? min(0.5e9 / rate, Double(Self.widthNanoseconds)) : .infinity
    let width = half.isFinite ? max(1, Int64(half)) : Self.widthNanoseconds
    // Where the rate rises at once, the next pulse may come before this one would have ended.
    guard let next = integrator.time(ofCycles: 1, notAfter: time + width) else {
      return time + width
    }
    return time + max(1, (next - time) / 2)
  }
}
