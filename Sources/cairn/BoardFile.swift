import ArgumentParser
import Board
import BoardYAML
import Configuration
import LinuxPlatform
import MQTTTransport

/// A board file that was read and found right, with what it names checked as far as files go.
struct BoardFile {
  let path: String
  let bytes: [UInt8]
  let board: Board
  let endpoint: MQTTEndpoint?
  let simulation: Simulation?

  /// Reads a board file; prints what is wrong with it and ends with exit code 2.
  ///
  /// No hardware is touched and no broker is asked.
  static func load(_ path: String) throws -> BoardFile {
    let bytes: [UInt8]
    do {
      bytes = try read(path)
    } catch {
      StandardStream.error.line("cairn: \(error); name a board file")
      throw ExitCode(2)
    }
    switch check(bytes, path: path) {
    case .success(let file): return file
    case .failure(let errors):
      for diagnostic in errors.diagnostics { StandardStream.error.line(diagnostic.line(in: path)) }
      throw ExitCode(2)
    }
  }

  private static func read(_ path: String) throws(FileBytes.Unreadable) -> [UInt8] {
    // A file that is far too long is not read, but its size is told.
    if let count = FileBytes.byteCount(of: path), count > BoardYAML.byteLimit {
      return [UInt8](repeating: 0x20, count: count)
    }
    return try FileBytes.read(path, limit: BoardYAML.byteLimit)
  }

  private static func check(
    _ bytes: [UInt8], path: String
  ) -> Result<BoardFile, BoardFileErrors> {
    let (node, syntax) = BoardYAML.node(parsing: bytes)
    guard let node else { return .failure(BoardFileErrors(diagnostics: syntax)) }
    switch BoardReader.board(from: node, fileSize: bytes.count) {
    case .failure(let errors):
      return .failure(
        BoardFileErrors(diagnostics: (syntax + errors.diagnostics).inFileOrder()))
    case .success(let board):
      var diagnostics = syntax
      let endpoint = endpoint(board.mqtt, &diagnostics)
      let simulation =
        board.isSimulated
        ? Simulation.load(
          board, directory: directory(of: path),
          origin: LinuxClock(isSimulated: true).monotonicNanoseconds, &diagnostics) : nil
      guard diagnostics.isEmpty else {
        return .failure(BoardFileErrors(diagnostics: diagnostics.inFileOrder()))
      }
      return .success(
        BoardFile(
          path: path, bytes: bytes, board: board, endpoint: endpoint, simulation: simulation))
    }
  }

  private static func endpoint(
    _ settings: MQTTSettings?, _ diagnostics: inout [Diagnostic]
  ) -> MQTTEndpoint? {
    guard let settings else { return nil }
    do {
      return try MQTTEndpoint(parsing: settings.broker)
    } catch {
      diagnostics.append(
        Diagnostic(
          at: settings.brokerPosition, "'broker' \(error.message)", remedy: error.remedy))
      return nil
    }
  }

  /// The directory of a path, as a prefix for the names of other files.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }
}
