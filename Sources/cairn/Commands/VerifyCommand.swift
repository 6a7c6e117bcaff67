import ArgumentParser
import Evidence
import LogDirectory

/// `cairn verify`: checks a log, trusting nobody but the key that is its name.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a log, or the proof of one entry, trusting nobody but the key that signed.",
    discussion: """
      PATH is a state directory, a copy of the directory that is served (with 'checkpoint' and \
      'tile'), or a proof file of 'cairn log prove'. Exit 0 where everything holds; at the first \
      fault it names the place and exits 1.
      """)

  @Argument(help: "The directory of a log, or a proof file.")
  var path: String

  @Option(
    help: "The DID that must have signed; without it, the log's own is printed for you to compare.")
  var did: String?

  func run() throws {
    if FileBytes.byteCount(of: path) != nil { return try verifyProof() }
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

  private func verifyProof() throws {
    do {
      let bytes = try FileBytes.read(path, limit: 1 << 20)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ProofText.NotText()
      }
      let proof = try EntryProof(parsing: text)
      let signer = try did.map { text throws in try DIDKey(parsing: text) } ?? proof.entry.issuer
      let opened = try proof.verify(log: signer)
      StandardStream.output.write(
        ProofText(proof: proof, checkpoint: opened, isPinned: did != nil).text)
    } catch {
      StandardStream.error.line("FAULT in \(path): \(error)")
      throw ExitCode.failure
    }
  }
}
