import Buses
import Quantities

extension BusRecording {
  /// The first line of every recording.
  static let title = "cairn bus recording 1"

  /// The recording as text, one fact a line; `init(parsing:)` reads it back.
  public var text: String {
    var lines = [Self.title, "driver \(driver)", "address \(address)"]
    lines += options.sorted { $0.key < $1.key }.map { "option \($0.key) \($0.value)" }
    for step in steps {
      lines.append(step.call.rawValue)
      lines += step.exchanges.map { "  " + Self.text($0) }
      lines += Self.lines(step.result).map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What came of a call, one fact a line.
  static func lines(_ result: Result) -> [String] {
    switch result {
    case .wait(let pause): pause == .zero ? [] : ["wait \(nanoseconds(pause)) ns"]
    case .measurement(let measurement):
      measurement.readings.map { "value \($0.channel) \($0.quantity)" }
        + measurement.faults.map { "fault \($0.channel) \($0.cause)" }
    case .failure(let words): ["failure \(words)"]
    }
  }

  static func text(_ exchange: BusExchange) -> String {
    var words: [String] = []
    if !exchange.written.isEmpty { words.append("write \(hexadecimal(exchange.written))") }
    switch exchange.outcome {
    case .bytes(let bytes):
      if !bytes.isEmpty { words.append("read \(hexadecimal(bytes))") }
    case .failure(let kind, let count):
      if count > 0 { words.append("read \(count) bytes") }
      words.append("fails: \(kind.rawValue)")
    }
    return words.isEmpty ? "address" : words.joined(separator: ", ")
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  private static func nanoseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
  }
}

/// Why a text is no bus recording: which line, and what is wrong with it.
public struct BusRecordingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// What is wrong.
  public let message: String
  /// What to write instead.
  public let remedy: String

  /// The line, what is wrong, and what to write instead.
  public var description: String { "line \(line): \(message); \(remedy)" }
}
