import Dispatch
import Synchronization

/// Something that threads pass, and at which a test can hold them.
final class Gate: Sendable {
  private let closed = Mutex<DispatchSemaphore?>(nil)
  private let held = Observed(0)

  func close() {
    closed.withLock { $0 = $0 ?? DispatchSemaphore(value: 0) }
  }

  func open() {
    let semaphore = closed.withLock { semaphore in
      defer { semaphore = nil }
      return semaphore
    }
    semaphore?.signal()
  }

  /// Returns when the gate is open.
  func pass() {
    guard let semaphore = closed.withLock({ $0 }) else { return }
    held.change { $0 += 1 }
    semaphore.wait()
    // One after the other goes through.
    semaphore.signal()
    held.change { $0 -= 1 }
  }

  /// Waits until a thread is held.
  func waitUntilHolding() async throws {
    try await held.wait { $0 > 0 }
  }
}
