/// Tasks that sleep until times of a monotonic clock.
///
/// What wakes them is the clock's own; it keeps this behind its lock. They wake in the order of their
/// times, and in the order in which they came where those are the same.
public struct Sleepers: Sendable {
  private struct Sleeper {
    let id: UInt64
    let wakeTime: Int64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private var sleepers: [Sleeper] = []
  private var lastID: UInt64 = 0
  private var cancelled: Set<UInt64> = []

  /// Nobody.
  public init() {}

  /// How many tasks sleep.
  public var count: Int { sleepers.count }

  /// The times until which tasks sleep, in nanoseconds, the nearest first.
  public var wakeTimesNanoseconds: [Int64] { sleepers.map(\.wakeTime).sorted() }

  /// The nearest time until which a task sleeps, in nanoseconds.
  public var nextWakeTimeNanoseconds: Int64? { sleepers.lazy.map(\.wakeTime).min() }

  /// Takes those out who are to wake at a time in nanoseconds, in their order.
  public mutating func takeDue(atNanoseconds time: Int64) -> [CheckedContinuation<Bool, Never>] {
    let due = sleepers.filter { $0.wakeTime <= time }
    guard !due.isEmpty else { return [] }
    sleepers.removeAll { $0.wakeTime <= time }
    return due.sorted { ($0.wakeTime, $0.id) < ($1.wakeTime, $1.id) }.map(\.continuation)
  }

  /// Adds a sleeper, unless its task was cancelled meanwhile; tells whether it was added.
  private mutating func add(
    _ id: UInt64, until time: Int64, _ continuation: CheckedContinuation<Bool, Never>
  ) -> Bool {
    guard cancelled.remove(id) == nil else { return false }
    sleepers.append(Sleeper(id: id, wakeTime: time, continuation: continuation))
    return true
  }

  private mutating func cancel(_ id: UInt64) -> CheckedContinuation<Bool, Never>? {
    guard let index = sleepers.firstIndex(where: { $0.id == id }) else {
      cancelled.insert(id)
      return nil
    }
    return sleepers.remove(at: index).continuation
  }
}

extension Sleepers {
  /// Sleeps among others until it is taken out as due; throws where the task is cancelled.
  ///
  /// `change` does something with them under their lock and wakes who is due. The caller goes on
  /// where it was, without a detour over another thread.
  public nonisolated(nonsending) static func sleep(
    untilMonotonic nanoseconds: Int64, among change: @Sendable ((inout Sleepers) -> Void) -> Void
  ) async throws {
    let id = announce(among: change)
    let isAwake = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        var isAdded = false
        change { isAdded = $0.add(id, until: nanoseconds, continuation) }
        if !isAdded { continuation.resume(returning: false) }
      }
    } onCancel: {
      var sleeper: CheckedContinuation<Bool, Never>?
      change { sleeper = $0.cancel(id) }
      sleeper?.resume(returning: false)
    }
    change { $0.cancelled.remove(id) }
    guard isAwake else { throw CancellationError() }
    try Task.checkCancellation()
  }

  private static func announce(among change: ((inout Sleepers) -> Void) -> Void) -> UInt64 {
    var id: UInt64 = 0
    change { sleepers in
      sleepers.lastID += 1
      id = sleepers.lastID
    }
    return id
  }
}
