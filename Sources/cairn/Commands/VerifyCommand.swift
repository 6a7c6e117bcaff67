import ArgumentParser
import Evidence
import LogDirectory

/// `cairn verify`: checks a log, trusting nobody but the key that is its name.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a log: every signature, place, link, the tree and its head.",
    discussion: """
      PATH is a state directory, or a copy of the directory that is served (with 'checkpoint' and \
      'tile'). Exit 0 where everything holds; at the first fault it names the place and exits 1.
      """)

  @Argument(help: "The directory of a log.")
  var path: String

  @Option(
    help: "The DID that must have signed; without it, the log's own is printed for you to compare.")
  var did: String?

  func run() throws {
    let report: LogAudit.Report
    do throws(LogAudit.Fault) {
      report = try LogAudit(path: path).run()
    } catch {
      StandardStream.error.line("FAULT in \(path): \(error)")
      throw ExitCode.failure
    }
    if let did, did != report.did.description {
      StandardStream.error.line("FAULT: the log is of \(report.did), not of \(did)")
      throw ExitCode.failure
    }
    StandardStream.output.write(VerificationText(report: report, isPinned: did != nil).text)
  }
}
