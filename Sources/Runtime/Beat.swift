/// A beat on the monotonic clock that never drifts; beats that were missed are left out and told.
struct Beat: Sendable {
  /// The first beat, in nanoseconds of the monotonic clock.
  let first: Int64
  /// The time between two beats.
  let every: Duration

  /// Does something at every beat until the task is cancelled.
  ///
  /// `missed` is told how many beats went by while the work lasted, and how long ago the first of
  /// them was, in nanoseconds. All of it stays on the caller's actor.
  nonisolated(nonsending) func run(
    on clock: any RuntimeClock, missed: (Int64, Int64) -> Void = { _, _ in },
    _ work: nonisolated(nonsending) () async throws -> Void
  ) async {
    let interval = max(1, every.nanoseconds)
    var next = first
    while !Task.isCancelled {
      do {
        try await clock.sleep(untilMonotonic: next)
        try await work()
      } catch {
        return
      }
      let late = clock.monotonicNanoseconds - next
      let beats = max(1, late / interval + (late % interval == 0 ? 0 : 1))
      if beats > 1 { missed(beats - 1, late - interval) }
      next += interval * beats
    }
  }
}
