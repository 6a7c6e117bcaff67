import ArgumentParser
import Glibc

/// The command line: one subcommand a file.
@main
struct Cairn: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "cairn",
    abstract: "Turns a board into a witness: reads sensors, signs every reading, publishes it.",
    version: version,
    subcommands: [
      RunCommand.self, WatchCommand.self, CheckCommand.self, ReadCommand.self, ScanCommand.self,
      ComputeCommand.self, MergeCommand.self, RecordCommand.self, PlaybackCommand.self,
      DecodeCommand.self,
      VerifyCommand.self,
      LogCommand.self, IdentityCommand.self, SchemaCommand.self,
    ])

  /// Runs the command that was typed; a wrong command line ends with 2, as a wrong board file does.
  static func main() async {
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if !text.isEmpty { (code.isSuccess ? StandardStream.output : .error).line(text) }
      Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
    }
  }
}
