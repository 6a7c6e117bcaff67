import ArgumentParser
import Evidence
import LogDirectory
import MerkleLog

/// `cairn log consistency`: that a log has only grown since somebody kept a head of it.
struct ConsistencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consistency",
    abstract: "Prove, or check, that a log has only grown since an older head.",
    discussion: """
      OLD is a checkpoint that was kept. NEW is the directory of the log, or a proof that this command \
      wrote with -o: the lines of an 'add-checkpoint' request (c2sp.org/tlog-witness), which hold the \
      newer checkpoint too. Exit 1, with both checkpoints, where the older one is no prefix of the newer.
      """)

  @Argument(help: "A file with the older checkpoint.")
  var old: String

  @Argument(help: "The directory of the log, or a proof file.")
  var new: String

  @Option(name: .shortAndLong, help: "The file to write the proof to.")
  var output: String?

  /// What cannot be read.
  private struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  func run() throws {
    do {
      let oldNote = try SignedNote(parsing: try FileBytes.read(old, limit: 1 << 20))
      let did = try DIDKey(parsing: String(oldNote.unverifiedText.prefix { $0 != "\n" }))
      let oldHead = try Checkpoint.opening(oldNote, log: did.noteVerifier).checkpoint.head
      let request = try request(from: oldHead.size, did, oldNote)
      let newHead = try Checkpoint.opening(request.checkpoint, log: did.noteVerifier).checkpoint
        .head
      let proof = ConsistencyProof(
        oldSize: request.oldSize, newSize: newHead.size, path: request.path)
      do {
        guard request.oldSize == oldHead.size else {
          throw Refusal(description: "the proof is from \(request.oldSize) entries on")
        }
        try proof.verify(oldRoot: oldHead.root, newRoot: newHead.root)
      } catch {
        StandardStream.error.line(
          "FAULT: nothing proves that the head over \(oldHead.size) entries is a beginning of the head "
            + "over \(newHead.size): \(error)\nboth are signed by \(did):\n\n\(oldNote)\n"
            + "\(request.checkpoint)")
        throw ExitCode.failure
      }
      if let output { try FileBytes.write(request.body, to: output) }
      StandardStream.output.line(
        """
        proven    the first \(oldHead.size) of \(newHead.size) entries are those of the older head, unchanged
        who       \(did)
        """)
    } catch let exit as ExitCode {
      throw exit
    } catch {
      StandardStream.error.line("cairn: \(error)")
      throw ExitCode.failure
    }
  }

  private func request(
    from size: UInt64, _ did: DIDKey, _ kept: SignedNote
  ) throws -> WitnessRequest {
    if FileBytes.byteCount(of: new) != nil {
      guard let request = WitnessRequest(parsing: try FileBytes.read(new, limit: 1 << 20)) else {
        throw Refusal(
          description: "\(new) is no proof of consistency; name one, or a log's directory")
      }
      return request
    }
    let log = try PublishedLog(path: new)
    guard log.did == did else {
      throw Refusal(description: "\(new) is the log of \(log.did), and \(old) a head of \(did)")
    }
    guard size <= log.head.size else {
      StandardStream.error.line(
        "FAULT: a head over \(size) entries was kept, and the log has one over \(log.head.size) only: it "
          + "is an older copy, or has a second history\nboth are signed by \(did):\n\n\(kept)\n\(log.note)"
      )
      throw ExitCode.failure
    }
    return WitnessRequest(
      oldSize: size, path: try log.consistencyProof(from: size).path, checkpoint: log.note)
  }
}
