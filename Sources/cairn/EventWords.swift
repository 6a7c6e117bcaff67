import Evidence
import JSONText
import Quantities

/// What a signed event says, in words on one line.
struct EventWords {
  let event: Event

  /// What happened to whom, why, and the rest: `gap air: silent (warning; from=5000 missed=3)`.
  var line: String {
    let told = (event.details ?? []).first { ["cause", "reason"].contains($0.key.textValue) }
    let rest = (event.details ?? []).filter { $0 != told }
    let more = [severity, Self.text(rest)].filter { !$0.isEmpty }.joined(separator: "; ")
    return "\(event.kind.rawValue.onOneLine) \(event.subject.onOneLine)"
      + (told?.value.textValue.map { ": \($0.onOneLine)" } ?? "")
      + (more.isEmpty ? "" : " (\(more))")
  }

  /// How much it matters, in a word; empty where that is not said.
  var severity: String {
    switch event.severity {
    case .info: "info"
    case .warning: "warning"
    case .alarm: "alarm"
    case nil: ""
    }
  }

  /// What the kind adds, `key=value` with blanks between, in the order of the log.
  var details: String { Self.text(event.details ?? []) }

  private static func text(_ details: [CBOR.Pair]) -> String {
    details.map { "\(words($0.key))=\(words($0.value))" }.joined(separator: " ")
  }

  private static func words(_ value: CBOR) -> String {
    switch value {
    case .text(let text): word(text)
    case .float(let number): JSON.numberText(number)
    default: value.description
    }
  }

  /// A text as it is where it is one word, else between quotes as in JSON.
  private static func word(_ text: String) -> String {
    let isWord =
      !text.isEmpty
      && text.utf8.allSatisfy {
        0x21...0x7E ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
      }
    return isWord ? text : JSON.text(text).text
  }
}
