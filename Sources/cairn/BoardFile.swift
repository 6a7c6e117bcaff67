import ArgumentParser
import Board
import BoardYAML
import Configuration
import LinuxPlatform
import MQTTTransport
import Runtime

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
    do {
      return try check(path)
    } catch {
      for line in error.lines { StandardStream.error.line(line) }
      throw ExitCode(2)
    }
  }

  /// Why a board file cannot be used, a line for each reason.
  struct Refusal: Error {
    let lines: [String]
  }

  /// Reads a board file and everything that it names on this machine's disk.
  static func check(_ path: String) throws(Refusal) -> BoardFile {
    // A file that is far too long is not read, but its size is told.
    if let count = FileBytes.byteCount(of: path), let diagnostic = BoardYAML.refusal(of: count) {
      throw refusal([diagnostic], path)
    }
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path, limit: BoardYAML.byteLimit)
    } catch {
      throw Refusal(lines: ["cairn: \(error); name a board file"])
    }
    var (node, diagnostics) = BoardYAML.node(parsing: bytes)
    guard let node else { throw refusal(diagnostics, path) }
    let reading = BoardReader.reading(of: node, fileSize: bytes.count)
    // What is wrong with a line's meaning mostly follows from what is wrong with its text.
    let lines = Set(diagnostics.map(\.position.line))
    diagnostics += reading.diagnostics.filter { !lines.contains($0.position.line) }
    let endpoint = endpoint(reading.surroundings?.mqtt, &diagnostics)
    let simulation = reading.surroundings.map {
      Simulation.load(
        $0, of: reading.board?.sensors ?? [], directory: directory(of: path),
        origin: LinuxClock(isSimulated: true).monotonicNanoseconds, &diagnostics)
    }
    guard diagnostics.isEmpty, let board = reading.board else {
      throw refusal(diagnostics, path)
    }
    guard ConfigurationRecord(board: board, boardFile: bytes, version: Cairn.version).fits else {
      let top = Diagnostic(
        at: Position(line: 1, column: 1),
        "\(board.sensors.count) sensors and \(board.kernels.count) kernels do not fit into the "
          + "log's entry of the configuration",
        remedy: "make two boards of it")
      throw refusal([top], path)
    }
    return BoardFile(
      path: path, bytes: bytes, board: board, endpoint: endpoint,
      simulation: board.isSimulated ? simulation : nil)
  }

  private static func refusal(_ diagnostics: [Diagnostic], _ path: String) -> Refusal {
    Refusal(lines: diagnostics.inFileOrder().map { $0.line(in: path) })
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
