public import Buses

/// One question that must be asked of a line, and its answer.
public enum ScriptedLineStep: Hashable, Sendable {
  /// The level is asked for.
  case level(Bool)
  /// An edge is waited for, and comes.
  case edge(LineEdge)
  /// An edge is waited for, and none comes in time.
  case silence
  /// An edge is waited for, or the level asked for, and the line fails.
  case failure(LineFailure)
}

/// An input line that answers exactly the scripted questions, in their order.
///
/// A question that the script does not ask next is recorded and fails with kind `other`. A test
/// ends with `finish()` and reports what that returns.
public struct ScriptedInputLine: InputLine, Sendable {
  private let script: [ScriptedLineStep]
  private let location: ScriptLocation
  private var position = 0
  /// What differed so far.
  public private(set) var mismatches: [ScriptMismatch] = []

  /// A line with a script.
  public init(
    _ script: [ScriptedLineStep], fileID: String = #fileID, filePath: String = #filePath,
    line: Int = #line, column: Int = #column
  ) {
    self.script = script
    location = ScriptLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  }

  /// The level that the script says next, or a recorded mismatch.
  public mutating func level() throws(LineFailure) -> Bool {
    switch next {
    case .level(let active):
      position += 1
      return active
    case .failure(let failure):
      position += 1
      throw failure
    case .edge, .silence, nil: throw mismatch("ask for the level")
    }
  }

  /// The edge that the script says next, nil where it says silence, or a recorded mismatch.
  public mutating func nextEdge(within limit: Duration) throws(LineFailure) -> LineEdge? {
    switch next {
    case .edge(let edge):
      position += 1
      return edge
    case .silence:
      position += 1
      return nil
    case .failure(let failure):
      position += 1
      throw failure
    case .level, nil: throw mismatch("wait for an edge within \(limit)")
    }
  }

  /// Everything that differed from the script, steps that were not taken included.
  public func finish() -> [ScriptMismatch] {
    guard mismatches.isEmpty, position < script.count else { return mismatches }
    let lines = script[position...].map { "- \($0)" }
    return [
      ScriptMismatch(
        "\(lines.count) of \(script.count) steps were not taken\n"
          + lines.joined(separator: "\n"), at: location)
    ]
  }

  private var next: ScriptedLineStep? { position < script.count ? script[position] : nil }

  private mutating func mismatch(_ happened: String) -> LineFailure {
    let scripted = next.map { ["\($0)"] } ?? []
    mismatches.append(
      ScriptMismatch(
        "step \(position + 1) of \(script.count) is not the scripted one\n"
          + ScriptMismatch.difference(scripted: scripted, happened: [happened]), at: location))
    return LineFailure(.other, detail: "not the scripted step")
  }
}
