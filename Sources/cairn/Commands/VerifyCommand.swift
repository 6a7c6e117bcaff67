import ArgumentParser
import Evidence
import LogDirectory
import MerkleLog

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

  @Option(
    help: "A file that says which witnesses must have cosigned the head (c2sp.org/tlog-policy).")
  var policy: String?

  func run() throws {
    let check: PolicyCheck
    do {
      check = try PolicyCheck(path: policy)
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode(2)
    }
    if FileBytes.byteCount(of: path) != nil { return try verifyProof(check) }
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
    let witnessed: [String]
    do {
      witnessed = try check.lines(for: report)
    } catch {
      StandardStream.error.line(
        "cairn: \(path) is sound, but its head is not what the policy asks for: \(error)")
      throw ExitCode.failure
    }
    StandardStream.output.write(
      VerificationText(report: report, witnessed: witnessed, isPinned: did != nil).text)
  }

  private func verifyProof(_ check: PolicyCheck) throws {
    do {
      let bytes = try FileBytes.read(path, limit: 1 << 20)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ProofText.NotText()
      }
      let proof = try EntryProof(parsing: text)
      let signer = try did.map { text throws in try DIDKey(parsing: text) } ?? proof.entry.issuer
      let opened = try proof.verify(log: signer, witnesses: check.witnesses)
      let witnessed = try check.lines(for: opened, of: signer)
      StandardStream.output.write(
        ProofText(proof: proof, checkpoint: opened, witnessed: witnessed, isPinned: did != nil).text
      )
    } catch {
      StandardStream.error.line("FAULT in \(path): \(error)")
      throw ExitCode.failure
    }
  }
}
