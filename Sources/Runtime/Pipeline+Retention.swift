import Board
import Evidence

extension Pipeline {
  /// Lets old entries go, in two steps: a signed event says so, and when it is under a head they go.
  func retain(at moment: Moment) async {
    let state = recorder.state
    guard state.standing == .signing else {
      announcedPlan = nil
      return
    }
    if let announced = announcedPlan {
      announcedPlan = nil
      // An event that was not signed permits nothing.
      guard state.unsignedStatements == announced.unsignedStatements,
        (state.checkpointSize ?? 0) > announced.size
      else { return }
      switch announced.plan {
      case .drop(let seq, _): await recorder.drop(before: seq)
      case .stop(let cause): await recorder.fail(with: .full(cause))
      }
      return
    }
    let plan = await recorder.plan(
      retention, acknowledged: await acknowledged(),
      unixMilliseconds: moment.stamp?.unixMilliseconds)
    guard let plan else { return }
    announcedPlan = (plan, state.size, state.unsignedStatements)
    switch plan {
    case .drop(let seq, let cause):
      // What is kept must be enough to compute its values again.
      recordedCalibrations = nil
      append(
        Event(
          kind: .storage, subject: "log",
          details: [
            CBOR.Pair(.text(Event.keptFrom), .unsigned(seq)),
            CBOR.Pair(.text("cause"), .text(cause)),
          ], severity: .info), moment)
    case .stop(let cause):
      append(
        Event(
          kind: .storage, subject: "log",
          details: [CBOR.Pair(.text("cause"), .text("recording stops: \(cause)"))],
          severity: .alarm), moment)
    }
  }
}
