import ArgumentParser
import Board
import Evidence
import LogDirectory
import MQTTTransport
import MerkleLog

/// `cairn identity rotate`: ends a log in order and begins its successor under a new key.
struct RotateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Close a board's log and begin its successor under a new identity.",
    discussion: """
      The old log's last entry names the new identity, the new log's first entry names the old log's \
      last head, so that readers can follow. The old key is destroyed; the old log stays beside the \
      new one and can be verified and served for ever. The board must not run meanwhile. Where the \
      command was interrupted, type it again.
      """)

  @Argument(help: "The board file.")
  var file: String

  @Option(help: StateLocation.help)
  var state: String?

  @Option(help: "How many seconds the broker may take for what it lacks of the old log.")
  var within: UInt32 = 60

  @Flag(help: "Go on though the broker lacks some of the old log.")
  var unpublished = false

  func run() async throws {
    let file = try BoardFile.load(self.file)
    do {
      let connection: BrokerConnection? =
        if let settings = file.board.mqtt, let endpoint = file.endpoint {
          try BrokerConnection(settings, to: endpoint)
        } else { nil }
      let rotation = LogRotation(
        file: file, boardFile: self.file,
        directory: StateLocation.directory(of: file.board, under: state), connection: connection,
        patience: .seconds(within), leavesUnpublished: unpublished)
      let outcome = try await rotation.run()
      if let closed = outcome.closed { StandardStream.output.line("closed  \(closed)") }
      if let old = outcome.old {
        StandardStream.output.line("        \(old.did), \(old.head.size) entries")
      }
      StandardStream.output.line("new     \(outcome.new)")
    } catch let exit as ExitCode {
      throw exit
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }
}
