import Board
import Drivers
import Evidence
import JSONText

/// How a running board does, for the `health` topic.
struct HealthReport {
  let board: Board
  let moment: Moment
  let sensors: [SensorHealth]
  let recorder: RecorderState
  let waiting: Int
  let backlog: UInt64?
  let disconnection: String?
  let refusal: String?
  let witnesses: [WitnessState]
  let memory: (resident: UInt64, anonymous: UInt64)?
  let remedy: (LogFailure) -> String

  var json: JSON {
    .object([
      ("time", moment.recordTime.map(JSON.number) ?? .null),
      ("uptime_s", .number(Double(moment.bootMilliseconds) / 1000)),
      ("clock", clockJSON), ("log", logJSON), ("outbox", outboxJSON),
      ("witnesses", witnessesJSON), ("buses", busesJSON),
      ("sensors", sensorsJSON), ("memory", memoryJSON),
    ])
  }

  private var clockJSON: JSON {
    guard let quality = moment.quality else { return .object([("state", .text("not set"))]) }
    return .object([
      ("state", .text("\(quality.source)")),
      ("error_ms", .integer(Int128(quality.errorMilliseconds))),
    ])
  }

  private var logJSON: JSON {
    let (state, cause): (String, String?) =
      switch recorder.standing {
      case .signing: ("signing", nil)
      case .waiting(let reason): ("waiting", reason)
      case .failed(let failure): ("failed", failure.description)
      }
    return .object([
      ("state", .text(state)),
      ("entries", .integer(Int128(recorder.size))),
      ("checkpoint", recorder.checkpointSize.map { .integer(Int128($0)) } ?? .null),
      ("failure", cause.map(JSON.text) ?? .null),
      ("remedy", recorder.failure.map { .text(remedy($0)) } ?? .null),
      ("unreadable", recorder.readFailure.map { .text($0.description) } ?? .null),
      ("unsigned", .integer(Int128(recorder.unsignedStatements))),
      ("lost", .integer(Int128(recorder.lostStatements))),
      ("waiting", .integer(Int128(waiting))),
    ])
  }

  private var outboxJSON: JSON {
    .object([
      ("backlog", backlog.map { .integer(Int128($0)) } ?? .null),
      ("disconnection", disconnection.map(JSON.text) ?? .null),
      ("refusal", refusal.map(JSON.text) ?? .null),
    ])
  }

  private var witnessesJSON: JSON {
    .object(
      witnesses.map { witness in
        (
          witness.name,
          .object([
            ("state", .text(witness.cause == nil ? "cosigning" : "failing")),
            ("size", .integer(Int128(witness.size))),
            ("cause", witness.cause.map(JSON.text) ?? .null),
          ])
        )
      })
  }

  private var busesJSON: JSON {
    .object(
      board.buses.map { bus in
        let states = zip(board.sensors, sensors).filter { $0.0.bus == bus.name }.map(\.1)
        return (
          bus.name,
          .object([
            ("sensors", .integer(Int128(states.count))),
            ("measuring", .integer(Int128(states.count { $0.condition == .measuring }))),
            ("state", .text(Self.state(of: states))),
          ])
        )
      })
  }

  private static func state(of sensors: [SensorHealth]) -> String {
    if sensors.contains(where: { $0.condition == .measuring }) { return "measuring" }
    return !sensors.isEmpty && sensors.allSatisfy(\.isOut) ? "failing" : "starting"
  }

  private var sensorsJSON: JSON {
    .object(
      zip(board.sensors, sensors).map { sensor, state in
        let steps = RecoveryStep.allCases.compactMap { step in
          state.steps[step].map { (name: step.rawValue, value: JSON.integer(Int128($0))) }
        }
        return (
          sensor.name,
          .object([
            ("state", .text(state.condition.rawValue)),
            ("measurements", .integer(Int128(state.measurements))),
            ("failures", .integer(Int128(state.failures))),
            ("missed", .integer(Int128(state.missed))),
            ("steps", .object(steps)),
            ("cause", state.isOut ? state.lastCause.map(JSON.text) ?? .null : .null),
          ])
        )
      })
  }

  private var memoryJSON: JSON {
    guard let memory else { return .null }
    return .object([
      ("resident", .integer(Int128(memory.resident))),
      ("anonymous", .integer(Int128(memory.anonymous))),
    ])
  }
}
