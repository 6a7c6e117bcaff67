import BrokerTesting
import Evidence
import Foundation
import Glibc
import MerkleLog
import Testing

/// A log that ends in order, and its successor.
@Suite(.serialized) struct RotationTests {
  private func rotate(
    _ board: RunningBoard, _ more: String...
  ) async throws -> Cairn.Outcome {
    try await Cairn.run(
      Cairn.path,
      [
        "identity", "rotate", board.directory.path("board.yaml"), "--state",
        board.directory.path("state"),
      ] + more, in: board.directory)
  }

  @Test func `a rotated log names its successor, which names its last head`() async throws {
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: 10))
    let held = try await rotate(board)
    #expect(held.code == 1 && held.errors.contains("held by process"), "\(held.errors)")
    try await board.stop()

    let outcome = try await rotate(board)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let closed = "\(board.state).closed-1"
    #expect(outcome.output.hasPrefix("closed  \(closed)\n"), "\(outcome.output)")
    #expect(!Files.exists("\(closed)/keys/identity"))
    #expect(!Files.exists("\(board.state).successor"))

    let old = try CollectedLog.entries(inState: closed).map { try SignedEntry(parsing: $0) }
    let last = try #require(old.last)
    let new = try CollectedLog.entries(inState: board.state).map { try SignedEntry(parsing: $0) }
    let first = try #require(new.first)
    #expect(last.entry.type == .close)
    #expect(last.entry.successor == first.issuer)
    let before = try #require(first.entry.predecessor)
    #expect(before.did == last.issuer)
    #expect(before.head.size == UInt64(old.count))
    var tree = Frontier()
    for entry in old { tree.append(leaf: entry.leafHash) }
    #expect(before.head.root == tree.root)
    // The broker has all of the old log.
    let published = try subscriber.messages("entry").map { try SignedEntry(parsing: $0.payload) }
    #expect(published.contains(last))

    let verdict = try await Cairn.run("verify", closed, in: board.directory)
    #expect(verdict.code == 0, "\(verdict.errors)")
    #expect(verdict.output.contains("closed    in favour of \(first.issuer)"))
    let successor = try await Cairn.run("verify", board.state, in: board.directory)
    #expect(successor.output.contains("continues \(last.issuer), which ended with \(old.count)"))

    let count = published.count
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: count + 5), "\(board.errors)")
    try await board.stop()
    try await board.verified()
    let again = try await rotate(board)
    #expect(again.code == 0 && Files.exists("\(board.state).closed-2"), "\(again.errors)")
  }

  @Test func `without its broker a log is closed but not replaced, and goes on when it can`()
    async throws
  {
    let broker = try await Broker("allow_anonymous true")
    let board = RunningBoard(in: broker.directory)
    broker.stop()
    try board.start(FastBoard(port: broker.port))
    #expect(await board.runs())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 10_000 })
    try await board.stop()
    let refused = try await rotate(board, "--within", "1")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("the broker lacks"), "\(refused.errors)")
    // A closed log is not signed on.
    try board.start(FastBoard(port: broker.port))
    #expect(await board.runs())
    try await board.stop(.exit(1))
    #expect(board.errors.contains("was closed in favour of did:key:"), "\(board.errors)")
    #expect(board.errors.contains("cairn identity rotate"))
    let done = try await rotate(board, "--within", "1", "--unpublished")
    #expect(done.code == 0, "\(done.errors)")
    let closed = try CollectedLog.entries(inState: "\(board.state).closed-1")
    #expect(try closed.count { try SignedEntry(parsing: $0).entry.type == .close } == 1)
    #expect(try await board.verified().contains("continues did:key:"))
  }

  @Test(arguments: 0..<24)
  func `a rotation that is killed is finished by the next one`(step: Int) async throws {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard())
    #expect(await eventually { ((try? Files.bytes("\(board.state)/wal").count) ?? 0) > 3000 })
    try await board.stop()
    let rotation = try Child(
      "/usr/bin/strace",
      [
        "-f", "-qq", "-o", board.directory.path("trace"), "-e", "trace=fsync,fdatasync,rename",
        "-e", "inject=fsync,fdatasync,rename:signal=KILL:when=\(2 * step + 1)", Cairn.path,
        "identity",
        "rotate", board.directory.path("board.yaml"), "--state", board.directory.path("state"),
      ], output: board.directory.path("rotate.out"), errors: board.directory.path("rotate.err"))
    _ = try #require(await rotation.end())
    // Whatever the board may do now, nobody sees two histories or a second identity beside them.
    try board.start(FastBoard())
    #expect(await board.runs())
    try await board.stop(board.errors.contains("nothing is signed") ? .exit(1) : .exit(0))
    if !Files.exists("\(board.state).closed-1") || Files.exists("\(board.state).successor") {
      let done = try await rotate(board)
      #expect(done.code == 0, "step \(step): \(done.errors)")
    }
    let old = try CollectedLog.entries(inState: "\(board.state).closed-1")
    let new = try CollectedLog.entries(inState: board.state)
    let last = try SignedEntry(parsing: try #require(old.last))
    let first = try SignedEntry(parsing: try #require(new.first))
    #expect(last.entry.successor == first.issuer, "step \(step)")
    #expect(first.entry.predecessor?.did == last.issuer, "step \(step)")
    #expect(!Files.exists("\(board.state).closed-1/keys/identity"))
    try await board.verified()
  }
}
