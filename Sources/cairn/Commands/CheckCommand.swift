import ArgumentParser
import Board
import JSONText

/// `cairn check`: says what is wrong with a board file, and touches no hardware.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a board file; exit 0 where it is right, 2 with every error where it is not.")

  @Argument(help: "The board file.")
  var file: String

  func run() throws {
    let board = try BoardFile.load(file).board
    let parts = [
      count(board.buses.count, "bus", "buses"), count(board.sensors.count, "sensor", "sensors"),
      count(board.kernels.count, "kernel", "kernels"),
    ]
    let kind = board.isSimulated ? " (simulated)" : ""
    StandardStream.output.line(
      "\(file): board '\(board.name)'\(kind) is right: \(parts.joined(separator: ", "))")
  }

  private func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}

/// `cairn schema`: what a board file may hold, for editors and for people.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of board files (draft 2020-12), or a reference page.")

  @Flag(help: "Print the reference page of board files in Markdown instead.")
  var markdown = false

  @Flag(help: "Print the reference page of kernels in Markdown instead.")
  var kernels = false

  func run() {
    if markdown {
      StandardStream.output.write(BoardReference.page)
    } else if kernels {
      StandardStream.output.write(KernelReference.page)
    } else {
      StandardStream.output.line(BoardReference.schema.indentedText)
    }
  }
}
