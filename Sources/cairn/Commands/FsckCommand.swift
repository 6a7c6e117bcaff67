import ArgumentParser
import LogDirectory
import MerkleLog

/// `cairn log fsck`: compares everything in a log's directory with what the entries say.
struct FsckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Compute tiles and head from the entries again and compare; repairs nothing.",
    discussion: """
      It is the check of 'cairn verify', for the owner: exit 0 where all files agree, 1 with the first \
      place that does not. A log is never repaired: what was signed is what it is.
      """)

  @Argument(help: "The directory of a log.")
  var path: String

  func run() throws {
    do throws(LogAudit.Fault) {
      let report = try LogAudit(path: path).run()
      StandardStream.output.line(
        "\(path): \(report.head.size) entries under the head, \(report.entriesBeyondHead) beyond it, "
          + "kept from \(report.firstKept) on; all files agree")
      for note in report.notes { StandardStream.output.line("note: \(note)") }
    } catch {
      StandardStream.error.line("FAULT in \(path): \(error)")
      throw ExitCode.failure
    }
  }
}
