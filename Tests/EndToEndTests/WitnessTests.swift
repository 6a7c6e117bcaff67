import BrokerTesting
import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

/// Boards with witnesses: a small server in Python that checks everything by itself.
@Suite(.serialized) struct WitnessTests {
  /// A witness in a process of its own.
  private final class Witness {
    private(set) var process: Child
    private let arguments: [String]
    let folder: Directory
    let key: NoteVerifier
    let port: Int

    init(_ mode: String, name: String = "witness.example/w1") async throws {
      let folder = try Directory()
      arguments = [
        "python3", "\(Cairn.package)/Tests/EndToEndTests/witness.py", folder.root, name, mode,
      ]
      process = try Child(
        "/usr/bin/env", arguments, output: folder.path("out"), errors: folder.path("err"))
      let isUp = await eventually { Files.exists(folder.path("port")) }
      guard isUp else {
        throw SetupFailure(description: try folder.text(of: folder.path("err")))
      }
      port = try #require(Int(try folder.text(of: folder.path("port"))))
      key = try NoteVerifier(parsing: try folder.text(of: folder.path("key")))
      self.folder = folder
    }

    /// Starts it again in the same place, with what it knew.
    func restart() throws {
      process = try Child(
        "/usr/bin/env", arguments, output: folder.path("out"), errors: folder.path("err"))
    }

    /// The statuses that it answered with.
    var answers: [String] {
      ((try? folder.text(of: folder.path("answers"))) ?? "").split(separator: "\n").map(String.init)
    }

    func declaration(_ name: String) -> String {
      "  \(name): { url: \"http://127.0.0.1:\(port)/w\", key: \"\(key)\" }\n"
    }
  }

  private func board(_ port: UInt16?, _ witnesses: String, record: String = "") -> FastBoard {
    FastBoard(port: port, record: record, more: "witnesses:\n" + witnesses)
  }

  private func cosigned(
    _ message: OutlivingSubscriber.Message, by witness: Witness
  ) throws -> Bool {
    let note = try SignedNote(parsing: message.payload)
    let did = try DIDKey(parsing: String(note.unverifiedText.prefix { $0 != "\n" }))
    let opened = try Checkpoint.opening(note, log: did.noteVerifier, witnesses: [witness.key])
    return opened.witnessCount == 1
  }

  @Test func `every head is cosigned, published and kept with the cosignature`() async throws {
    let witness = try await Witness("honest")
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(self.board(broker.port, witness.declaration("w1")))
    #expect(
      await eventually {
        (try? subscriber.messages("checkpoint").count { try cosigned($0, by: witness) }) ?? 0 >= 3
      }, "\(board.errors)")
    let health = await eventually {
      subscriber.messages("health").contains {
        (($0.object["witnesses"] as? [String: Any])?["w1"] as? [String: Any])?["state"] as? String
          == "cosigning"
      }
    }
    #expect(health)
    try await board.stop()
    try await board.verified()
    #expect(Set(witness.answers) == ["200"])

    let policy = try board.directory.write(
      "witness w1 \(witness.key)\nquorum w1\n", to: "policy")
    let proof = board.directory.path("reading.proof")
    let size = try CollectedLog.entries(inState: board.state).count
    #expect(size > 10)
    _ = try await Cairn.run("log", "prove", board.state, "3", "-o", proof, in: board.directory)
    let stranger = try await Witness("honest", name: "witness.example/w2")
    let both = try board.directory.write(
      "witness w1 \(witness.key)\nwitness w2 \(stranger.key)\ngroup g all w1 w2\nquorum g\n",
      to: "both")
    for path in [board.state, proof] {
      let lacking = try await Cairn.run("verify", path, "--policy", both, in: board.directory)
      #expect(lacking.code == 1)
      #expect(lacking.errors.contains("does not satisfy the policy's quorum 'g'"))
      #expect(lacking.errors.contains("w2"), "\(lacking.errors)")
      let without = try await Cairn.run("verify", path, in: board.directory)
      #expect(without.code == 0 && without.output.contains("only the board's owner vouches"))
    }
    // A restart asks about the last head before anything is signed.
    try board.start(self.board(broker.port, witness.declaration("w1")))
    #expect(await board.runs())
    #expect(
      await eventually {
        guard let last = subscriber.messages("checkpoint").last else { return false }
        return (try? cosigned(last, by: witness)) == true
      })
    let copy = board.directory.path("cosigned")
    #expect(
      await eventually {
        try? FileManager.default.removeItem(atPath: copy)
        try? Files.copy("\(board.state)/log", to: copy)
        guard let bytes = try? Files.bytes("\(copy)/checkpoint"),
          let note = try? SignedNote(parsing: bytes)
        else { return false }
        return note.signatures.count == 2
      })
    try await board.stop()
    let verdict = try await Cairn.run("verify", copy, "--policy", policy, in: board.directory)
    #expect(verdict.code == 0, "\(verdict.errors)")
    #expect(verdict.output.contains("witness   w1: not signed after 20"))
    #expect(verdict.output.contains("policy    satisfied: quorum 'w1'"))
  }

  @Test(arguments: ["slow", "rubbish", "forger", "dead"])
  func `a witness that fails delays nobody and is not believed`(mode: String) async throws {
    let witness = try await Witness(mode == "dead" ? "honest" : mode)
    if mode == "dead" { witness.process.end(SIGKILL) }
    let good = try await Witness("honest", name: "witness.example/good")
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(
      self.board(broker.port, witness.declaration("bad") + good.declaration("good")))
    #expect(
      await eventually {
        (try? subscriber.messages("checkpoint").count { try cosigned($0, by: good) }) ?? 0 >= 2
      }, "\(board.errors)")
    #expect(await subscriber.receives(entries: 20))
    try await board.stop()
    try await board.verified()
    for message in subscriber.messages("checkpoint") {
      let note = try SignedNote(parsing: message.payload)
      #expect(!note.signatures.contains { $0.name == "witness.example/w1" })
    }
    _ = try CollectedLog(subscriber)
  }

  @Test func `a witness that is slower than heads come cosigns one that readers can rely on`()
    async throws
  {
    let witness = try await Witness("late")
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(self.board(broker.port, witness.declaration("w1")))
    #expect(
      await eventually {
        (try? subscriber.messages("cosigned").count { try cosigned($0, by: witness) }) ?? 0 >= 2
      }, "\(board.errors)")
    // No newest head was ever cosigned in time.
    #expect(try !subscriber.messages("checkpoint").contains { try cosigned($0, by: witness) })
    try await board.stop()
    let policy = try board.directory.write(
      "witness w1 \(witness.key)\nquorum w1\n", to: "policy")
    let proof = board.directory.path("reading.proof")
    _ = try await Cairn.run("log", "prove", board.state, "3", "-o", proof, in: board.directory)
    for path in [board.state, proof] {
      let verdict = try await Cairn.run("verify", path, "--policy", policy, in: board.directory)
      #expect(verdict.code == 0, "\(verdict.errors)")
      #expect(verdict.output.contains("policy    satisfied: quorum 'w1'"))
    }
    let whole = try await Cairn.run("verify", board.state, "--policy", policy, in: board.directory)
    #expect(whole.output.contains("newer ones are not cosigned yet"))
    // Who changes it is found.
    let kept = "\(board.state)/log/cosigned"
    let text = try #require(String(validating: Files.bytes(kept), as: UTF8.self))
    try Data(text.replacing("w1", with: "w2").utf8).write(to: URL(filePath: kept))
    let renamed = try await Cairn.run(
      "verify", board.state, "--policy", policy, in: board.directory)
    #expect(renamed.code == 1)
    try Data(text.dropFirst(5).utf8).write(to: URL(filePath: kept))
    let broken = try await Cairn.run("log", "fsck", board.state, in: board.directory)
    #expect(broken.code == 1 && broken.errors.contains("log/cosigned"), "\(broken.errors)")
  }

  @Test func `a lost size is learnt again from the witness`() async throws {
    let witness = try await Witness("honest")
    let board = RunningBoard(in: try Directory())
    for round in 0..<2 {
      try board.start(self.board(nil, witness.declaration("w1")))
      let before = witness.answers.count { $0 == "200" }
      #expect(
        await eventually {
          witness.answers.count { $0 == "200" } >= before + 2
        },
        "round \(round): \(witness.answers) \(board.errors)")
      try await board.stop()
      try FileManager.default.removeItem(atPath: "\(board.state)/witnesses")
    }
    #expect(witness.answers.contains("409"))
    try await board.verified()
  }

  @Test(arguments: ["prefer", "require"])
  func `an older copy signs nothing where a witness knows more`(policy: String) async throws {
    let witness = try await Witness("honest")
    let board = RunningBoard(in: try Directory())
    let fast = self.board(
      nil, witness.declaration("w1"), record: "rollback-check: \(policy)")
    try board.start(fast)
    #expect(await eventually { witness.answers.count { $0 == "200" } >= 1 }, "\(board.errors)")
    try await board.stop()
    let copy = board.directory.path("copy")
    try Files.copy(board.state, to: copy)
    try board.start(fast)
    let before = witness.answers.count
    #expect(await eventually { witness.answers.count >= before + 3 })
    try await board.stop()
    try FileManager.default.removeItem(atPath: board.state)
    try Files.copy(copy, to: board.state)
    let head = try Files.bytes("\(board.state)/log/checkpoint")
    try board.start(fast)
    #expect(await eventually { board.errors.contains("this is an older copy") }, "\(board.errors)")
    try await board.stop(.exit(1))
    #expect(try Files.bytes("\(board.state)/log/checkpoint") == head)
  }

  @Test func `a copy that grew while its witness was away is stopped when it comes back`()
    async throws
  {
    let witness = try await Witness("honest")
    let board = RunningBoard(in: try Directory())
    let fast = self.board(nil, witness.declaration("w1"))
    try board.start(fast)
    #expect(await eventually { witness.answers.count { $0 == "200" } >= 1 }, "\(board.errors)")
    try await board.stop()
    let copy = board.directory.path("copy")
    try Files.copy(board.state, to: copy)
    try board.start(fast)
    let before = witness.answers.count
    #expect(await eventually { witness.answers.count >= before + 2 })
    try await board.stop()
    let size = try CollectedLog.entries(inState: board.state).count
    witness.process.end(SIGKILL)
    try FileManager.default.removeItem(atPath: board.state)
    try Files.copy(copy, to: board.state)
    try board.start(fast)
    #expect(
      await eventually {
        ((try? CollectedLog.entries(inState: board.state).count) ?? 0) > size + 20
      })
    try witness.restart()
    #expect(
      await eventually { board.errors.contains("has cosigned another tree") },
      "\(board.errors) \(witness.answers)")
    #expect(witness.answers.last == "422")
    try await board.stop(.exit(1))
  }
}
