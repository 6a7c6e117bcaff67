import Synchronization

/// A value behind a lock, for whose state a test can wait.
final class Observed<Value: Sendable>: Sendable {
  private struct Waiter {
    let id: UInt64
    let condition: @Sendable (Value) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var value: Value
    var waiters: [Waiter] = []
    var lastID: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  private let state: Mutex<State>

  init(_ value: Value) {
    state = Mutex(State(value: value))
  }

  var value: Value { state.withLock { $0.value } }

  /// Changes the value, then lets those go on who waited for what it has become.
  func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    let (result, ready) = state.withLock { state in
      let result = body(&state.value)
      let ready = state.waiters.filter { $0.condition(state.value) }
      let ids = Set(ready.map(\.id))
      state.waiters.removeAll { ids.contains($0.id) }
      return (result, ready)
    }
    for waiter in ready { waiter.continuation.resume(returning: true) }
    return result
  }

  /// Waits until the value meets a condition; throws where the task is cancelled.
  func wait(until condition: @escaping @Sendable (Value) -> Bool) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let isMet = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if condition(state.value) { return true }
          if state.cancelled.remove(id) != nil { return false }
          state.waiters.append(Waiter(id: id, condition: condition, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter: Waiter? = state.withLock { state in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return nil
        }
        return state.waiters.remove(at: index)
      }
      waiter?.continuation.resume(returning: false)
    }
    guard isMet else { throw CancellationError() }
  }
}
