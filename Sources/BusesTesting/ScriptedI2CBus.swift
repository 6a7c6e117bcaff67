public import Buses

/// A bus on which exactly the scripted exchanges can be made, in their order.
///
/// For tests of drivers. Address, written bytes and the number of read bytes must all be as the
/// script says. An exchange that is not is recorded, fails with kind `other`, and leaves the
/// script where it was. A test ends with `finish()` and reports what that returns:
///
///     for mismatch in bus.finish() { Issue.record("\(mismatch)", ...) }
public struct ScriptedI2CBus: I2CBus, Sendable {
  private let script: [ScriptedExchange]
  private let location: ScriptLocation
  private var position = 0
  /// What differed so far.
  public private(set) var mismatches: [ScriptMismatch] = []

  /// A bus with a script.
  public init(
    _ script: [ScriptedExchange], fileID: String = #fileID, filePath: String = #filePath,
    line: Int = #line, column: Int = #column
  ) {
    self.script = script
    location = ScriptLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  }

  /// The exchanges that nobody has made yet.
  public var leftovers: ArraySlice<ScriptedExchange> { script[position...] }

  /// Makes the next scripted exchange, or records how this one differs from it and fails.
  @_lifetime(buffer: copy buffer)
  public mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let written = bytes.indices.map { bytes[$0] }
    guard let expected = leftovers.first else {
      let extra = ScriptedExchange.lines(address, written, buffer.count)
      mismatches.append(
        ScriptMismatch(
          "the script of \(script.count) exchanges is over\n"
            + ScriptMismatch.difference(scripted: [], happened: extra), at: location))
      throw I2CFailure(.other, detail: "the script is over")
    }
    guard expected.address == address, expected.written == written,
      expected.readCount == buffer.count
    else {
      let difference = ScriptMismatch.difference(
        scripted: ScriptedExchange.lines(
          expected.address, expected.written, expected.readCount),
        happened: ScriptedExchange.lines(address, written, buffer.count))
      mismatches.append(
        ScriptMismatch(
          "exchange \(position + 1) of \(script.count) is not the scripted one\n\(difference)",
          at: expected.location))
      throw I2CFailure(.other, detail: "not the scripted exchange")
    }
    position += 1
    switch expected.outcome {
    case .bytes(let answer):
      for (index, byte) in answer.enumerated() { buffer[index] = byte }
    case .failure(let failure, _): throw failure
    }
  }

  /// Everything that differed from the script, exchanges that were not made included.
  ///
  /// After a mismatch the rest of the script is a consequence, so it is not reported.
  public func finish() -> [ScriptMismatch] {
    guard mismatches.isEmpty, let first = leftovers.first else { return mismatches }
    let lines = leftovers.map { "- \($0)" }
    return [
      ScriptMismatch(
        "\(lines.count) of \(script.count) exchanges were not made\n"
          + lines.joined(separator: "\n"), at: first.location)
    ]
  }
}
