import ArgumentParser
import Board
import Evidence
import LogDirectory

/// `cairn log init`: gives up a log that can't be signed on, so that the next start begins a new one.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Retire a board's log and identity; the next start begins new ones.",
    discussion: """
      One key signs one log, so a log that was lost or contradicts itself is never begun again under \
      its identity. This takes the board's state directory out of use for good: its private key is \
      destroyed, and the directory stays beside the new one, for those who verify it. Readers must \
      be told the new identity. A log that is sound is left alone unless --abandon says otherwise. \
      Where there is no log, it allows one to begin under a key that the service manager hands over.
      """)

  @Argument(help: "The board file.")
  var file: String

  @Option(help: StateLocation.help)
  var state: String?

  @Flag(help: "Retire the log though it is sound.")
  var abandon = false

  func run() throws {
    let board = try BoardFile.load(file).board
    let directory = StateLocation.directory(of: board, under: state)
    do {
      if !abandon { try refuseSoundLog(directory, isSimulated: board.isSimulated) }
      guard let retired = try StateDirectory.retire(directory) else {
        try StateDirectory.allowBeginning(directory)
        StandardStream.output.line(
          "\(directory) holds no log; the next 'cairn run \(file)' begins one")
        return
      }
      // No leave to begin: a key that is handed over has signed the log that was retired.
      StandardStream.output.line(
        """
        retired  \(retired)
                 its key is destroyed; 'cairn verify \(retired)' still checks what can be checked
        next     'cairn run \(file)' makes a new identity and a new log in \(directory)
        """)
    } catch let failure as LogFailure {
      StandardStream.error.line("cairn: \(failure)")
      throw ExitCode.failure
    }
  }

  private func refuseSoundLog(_ directory: String, isSimulated: Bool) throws {
    let size: UInt64
    do throws(LogFailure) {
      size = try StateDirectory.soundSize(of: directory, isSimulated: isSimulated)
    } catch {
      if case .heldByAnother = error { throw error }
      return
    }
    guard size > 0 else { return }
    StandardStream.error.line(
      "cairn: the log in \(directory) is sound and has \(size) entries; 'cairn run' goes on with it. "
        + "Write --abandon to retire it all the same")
    throw ExitCode(2)
  }
}
