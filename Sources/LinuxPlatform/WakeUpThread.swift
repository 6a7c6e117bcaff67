import Dispatch
import Runtime
import Synchronization

/// The thread that wakes sleepers when the monotonic clock has come so far, and does nothing else.
///
/// Timers of the shared pool fire when one of its threads is free, which on a board with one core
/// can be after a long piece of another task's work.
final class WakeUpThread: Sendable {
  /// The only one, begun with the first sleep.
  static let shared = WakeUpThread()

  /// Rings when the nearest wake time has changed.
  private let alarm = Alarm()
  private let sleepers = Mutex(Sleepers())

  private init() {
    DispatchQueue(label: "wake-up").async { self.run() }
  }

  /// Sleeps until the monotonic clock has come so far; throws where the task is cancelled.
  nonisolated(nonsending) func sleep(untilMonotonic nanoseconds: Int64) async throws {
    try await Sleepers.sleep(untilMonotonic: nanoseconds) { [self] work in change(work) }
  }

  private func change(_ work: (inout Sleepers) -> Void) {
    let isNearer = sleepers.withLock { sleepers in
      let before = sleepers.nextWakeTimeNanoseconds ?? .max
      work(&sleepers)
      return sleepers.nextWakeTimeNanoseconds ?? .max < before
    }
    if isNearer { alarm.ring() }
  }

  private func run() {
    while true {
      let now = LinuxClock.monotonicNanoseconds
      let (due, next) = sleepers.withLock { sleepers in
        (sleepers.takeDue(atNanoseconds: now), sleepers.nextWakeTimeNanoseconds)
      }
      for sleeper in due { sleeper.resume(returning: true) }
      alarm.wait(untilMonotonic: next ?? .max)
    }
  }
}
