import Drivers
import Evidence
import Logging

extension SensorTransition {
  /// The event that signs the change, with what was done before it.
  func event(of subject: String, after steps: [RecoveryStep]) -> Event {
    var details: [CBOR.Pair] = []
    if !steps.isEmpty {
      details.append(
        CBOR.Pair(.text("tried"), .text(steps.map(\.rawValue).joined(separator: ", "))))
    }
    switch self {
    case .failed(let cause), .absent(let cause):
      details.append(CBOR.Pair(.text("cause"), .text(cause)))
      if case .absent = self { details.append(CBOR.Pair(.text("state"), .text("absent"))) }
      return Event(kind: .fault, subject: subject, details: details, severity: .warning)
    case .recovered(let missed):
      details.append(CBOR.Pair(.text("missed"), .unsigned(UInt64(missed))))
      return Event(kind: .recovered, subject: subject, details: details, severity: .info)
    }
  }
}

extension Event {
  /// The severity as the program's own log has it.
  var level: Logger.Level {
    switch severity {
    case .info, nil: .info
    case .warning: .warning
    case .alarm: .error
    }
  }

  /// The event on one line, for the program's own log.
  var text: String {
    let words = (details ?? []).map { pair in "\(pair.key.words): \(pair.value.words)" }
    return ([subject, "\(kind)"] + words).joined(separator: "; ")
  }
}

extension CBOR {
  fileprivate var words: String {
    switch self {
    case .text(let text): text
    case .unsigned(let number): "\(number)"
    default: "\(self)"
    }
  }
}
