import ArgumentParser
import LinuxPlatform

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
}
