import Synchronization

/// What waits for the pipeline.
///
/// It is bounded; a measurement that finds no room is counted, so that it becomes a signed gap. The
/// moments are taken under its lock, so what comes out is in the order of its moments: a tick never
/// closes a window before a measurement that belongs to it.
final class Intake: Sendable {
  /// Something for the pipeline.
  enum Input: Sendable {
    case acquisition(Acquisition)
    case tick(Moment)
  }

  /// Measurements that were not made, or made and not kept.
  struct Loss: Hashable, Sendable {
    let sensor: Int
    let cause: String
    /// The first and the last of them, in milliseconds since the start of the machine.
    var from: UInt64
    var to: UInt64
    var missed: UInt64
  }

  fileprivate struct State {
    var losses: [Loss] = []
    var waiting = 0
  }

  static let noRoom = "the log does not keep up; there was no room to wait"
  static let late = "an earlier measurement took too long"

  /// What waits, for one consumer.
  let inputs: AsyncStream<Input>
  private let continuation: AsyncStream<Input>.Continuation
  private let clock: any RuntimeClock
  private let state = Mutex(State())

  init(capacity: Int, clock: any RuntimeClock) {
    self.clock = clock
    (inputs, continuation) = AsyncStream.makeStream(
      of: Input.self, bufferingPolicy: .bufferingOldest(capacity))
  }

  /// How many inputs wait.
  var waiting: Int { state.withLock { $0.waiting } }

  /// Measures at every beat until the task is cancelled, and leaves what that brought, all of it on
  /// the caller's actor.
  nonisolated(nonsending) func fill(
    with sensor: Int, at beat: Beat,
    _ measure: nonisolated(nonsending) () async throws -> Attempt
  ) async {
    await beat.run(on: clock) { beats, ago in
      miss(beats, of: sensor, sinceNanoseconds: ago)
    } _: {
      offer(try await measure(), of: sensor)
    }
  }

  /// Leaves what an attempt to measure brought.
  func offer(_ attempt: Attempt, of sensor: Int) {
    state.withLock { state in
      let moment = clock.now
      let acquisition = attempt.acquisition(of: sensor, at: moment)
      switch continuation.yield(.acquisition(acquisition)) {
      case .dropped:
        let now = moment.bootMilliseconds
        state.add(Loss(sensor: sensor, cause: Self.noRoom, from: now, to: now, missed: 1))
      case .enqueued: state.waiting += 1
      // After the end nobody signs; the board is stopping.
      case .terminated: break
      @unknown default: break
      }
    }
  }

  /// Notes that a sensor was not asked at some of its beats since a time of so many nanoseconds ago.
  func miss(_ beats: Int64, of sensor: Int, sinceNanoseconds ago: Int64) {
    state.withLock { state in
      let now = clock.now.bootMilliseconds
      let from = now - min(now, UInt64(max(0, ago)) / 1_000_000)
      state.add(
        Loss(
          sensor: sensor, cause: Self.late, from: from, to: now, missed: UInt64(max(0, beats))))
    }
  }

  /// Says how late it is; left out where there is no room, for another will follow.
  func tick() {
    state.withLock { state in
      if case .enqueued = continuation.yield(.tick(clock.now)) { state.waiting += 1 }
    }
  }

  /// Takes what was lost since this was last asked; to be called for every input.
  func takeLosses() -> [Loss] {
    state.withLock { state in
      state.waiting = max(0, state.waiting - 1)
      defer { state.losses = [] }
      return state.losses
    }
  }

  /// Ends the inputs after those that wait.
  func finish() { continuation.finish() }
}

extension Intake.State {
  /// One loss per sensor and cause, so that their number is bounded.
  fileprivate mutating func add(_ loss: Intake.Loss) {
    let known = losses.firstIndex { $0.sensor == loss.sensor && $0.cause == loss.cause }
    guard let known else {
      losses.append(loss)
      return
    }
    losses[known].to = loss.to
    losses[known].missed += loss.missed
  }
}
