public import Buses
import Dispatch
import Synchronization

/// One opening of a scripted input line.
public struct ScriptedLine: InputLine, Sendable {
  private let script: LineScript

  init(_ script: LineScript) {
    self.script = script
  }

  /// Always inactive: only edges are scripted.
  public mutating func level() throws(LineFailure) -> Bool { false }

  /// The next edge that the test gave, nil where it gives none in time, or the failure that it
  /// gave.
  public mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    try script.next(within: limit).get()
  }
}

/// What a test says of one line, whoever has it open.
final class LineScript: Sendable {
  let openingFailure = Mutex<LineFailure?>(nil)
  let openings = Observed(0)
  let questions = Observed(0)
  private let steps = Observed<[Result<LineEdge?, LineFailure>]>([])
  private let wakeUp = DispatchSemaphore(value: 0)

  func add(_ step: Result<LineEdge?, LineFailure>) {
    steps.change { $0.append(step) }
    wakeUp.signal()
  }

  func next(within limit: Duration) -> Result<LineEdge?, LineFailure> {
    questions.change { $0 += 1 }
    let nanoseconds =
      Int(clamping: limit.components.seconds * 1_000_000_000)
      + Int(limit.components.attoseconds / 1_000_000_000)
    guard wakeUp.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else {
      return .success(nil)
    }
    return steps.change { $0.isEmpty ? .success(nil) : $0.removeFirst() }
  }

  func waitUntilTaken() async throws { try await steps.wait { $0.isEmpty } }
}
