import BrokerTesting
import Evidence
import Foundation
import Glibc
import Testing

/// Copies of a state directory, and two boards on one: nobody may see two histories.
@Suite(.serialized) struct HistoryTests {
  private static let settings = "allow_anonymous true\nmax_queued_messages 100000"

  /// A board that has published for a while and then stopped, and a copy from the middle.
  private func copiedBoard(
    _ broker: Broker, _ subscriber: OutlivingSubscriber, record: String = ""
  ) async throws -> (board: RunningBoard, copy: String) {
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port, record: record))
    #expect(await subscriber.receives(entries: 10))
    try await board.stop()
    let copy = broker.directory.path("copy")
    try Files.copy(board.state, to: copy)
    let before = subscriber.messages("entry").count
    try board.start(FastBoard(port: broker.port, record: record))
    // Killed between two heads: only the last entry tells how far the log was.
    #expect(await subscriber.receives(entries: before + 3))
    board.kill()
    return (board, copy)
  }

  private func restore(_ copy: String, to state: String) throws {
    try FileManager.default.removeItem(atPath: state)
    try Files.copy(copy, to: state)
  }

  @Test(arguments: ["prefer", "require"])
  func `an older copy under a live broker signs nothing`(policy: String) async throws {
    let broker = try await Broker(Self.settings)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let record = "rollback-check: \(policy)"
    let (board, copy) = try await copiedBoard(broker, subscriber, record: record)
    // The cursor of the copy says nothing of what came after it.
    try restore(copy, to: board.state)
    let head = try Files.bytes("\(board.state)/log/checkpoint")
    let seen = subscriber.messages("entry").count
    try board.start(FastBoard(port: broker.port, record: record))
    #expect(await board.runs())
    #expect(
      await eventually { subscriber.messages("status").last?.object["alarm"] != nil },
      "\(board.errors)")
    let status = try #require(subscriber.messages("status").last?.object)
    let alarm = try #require(status["alarm"] as? String)
    #expect(alarm.contains("the broker has"))
    #expect(alarm.contains("older copy"))
    #expect((status["remedy"] as? String)?.contains("cairn log init") == true)
    // It measures and tells, but neither signs nor shows the log.
    let live = subscriber.messages("sensor/air").count
    #expect(await eventually { subscriber.messages("sensor/air").count > live + 5 })
    #expect(
      await eventually { ((try? Files.bytes("\(board.state)/unsigned.jsonl").count) ?? 0) > 1000 })
    #expect(subscriber.messages("event").contains { $0.object["kind"] as? String == "storage" })
    try await board.stop(.exit(1))
    #expect(try Files.bytes("\(board.state)/log/checkpoint") == head)
    // It is not forgotten, though nobody can be asked.
    broker.stop()
    try board.start(FastBoard(port: broker.port, record: record))
    #expect(await board.runs())
    try await board.stop(.exit(1))
    #expect(board.errors.contains("older copy"), "\(board.errors)")
    #expect(try Files.bytes("\(board.state)/log/checkpoint") == head)
    #expect(subscriber.messages("entry").count == seen)
    _ = try CollectedLog(subscriber)
  }

  @Test func `a new identity after 'log init' goes on under the same name`() async throws {
    let broker = try await Broker(Self.settings)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let (board, copy) = try await copiedBoard(broker, subscriber)
    try restore(copy, to: board.state)
    let file = board.directory.path("board.yaml")
    let states = board.directory.path("state")
    let sound = try await Cairn.run("log", "init", file, "--state", states, in: board.directory)
    #expect(sound.code == 2)
    #expect(sound.errors.contains("is sound and has"), "\(sound.errors)")
    let done = try await Cairn.run(
      "log", "init", file, "--state", states, "--abandon", in: board.directory)
    #expect(done.code == 0, "\(done.errors)")
    #expect(done.output.hasPrefix("retired  \(board.state).retired-1\n"))
    #expect(!Files.exists("\(board.state).retired-1/keys/identity"))
    let old = try await Cairn.run("verify", "\(board.state).retired-1/log", in: board.directory)
    #expect(old.code == 0, "\(old.errors)")
    let nothing = try await Cairn.run("log", "init", file, "--state", states, in: board.directory)
    #expect(nothing.code == 0 && nothing.output.contains("holds no log"), "\(nothing.errors)")
    let before = subscriber.messages("entry").count
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: before + 5), "\(board.errors)")
    try await board.stop()
    try await board.verified()
    let issuers = try subscriber.messages("entry").map {
      try SignedEntry(parsing: $0.payload).issuer
    }
    #expect(Set(issuers).count == 2)
  }

  @Test func `a second process on one state ends with 1 and says who holds it`() async throws {
    let board = RunningBoard(in: try Directory())
    try board.start(FastBoard())
    #expect(await board.runs())
    let first = try #require(board.process)
    for command in [["run"], ["log", "init"]] {
      let second = try await Cairn.run(
        Cairn.path,
        command + [board.directory.path("board.yaml"), "--state", board.directory.path("state")],
        in: board.directory)
      #expect(second.code == 1)
      #expect(second.errors.contains("held by process \(first.identifier)"), "\(second.errors)")
    }
    try await board.stop()
    try await board.verified()
  }

  @Test func `without a broker 'require' signs nothing, and keeps what it measured`() async throws {
    let broker = try await Broker(Self.settings)
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    let fast = FastBoard(port: broker.port, record: "rollback-check: require")
    try board.start(fast)
    #expect(await subscriber.receives(entries: 5))
    try await board.stop()
    let whole = try board.signedSize()
    broker.stop()
    try board.start(fast)
    #expect(await board.runs())
    // Nothing tells that it goes on to measure: that it signs nothing meanwhile is what is shown.
    try await Task.sleep(for: .seconds(2))
    try await board.stop()
    #expect(try board.signedSize() == whole)
    let lines = try Files.bytes("\(board.state)/unsigned.jsonl").split(separator: 0x0A)
    #expect(lines.count > 5)
    try await board.verified()
  }
}

extension RunningBoard {
  /// The number of entries under the signed head.
  fileprivate func signedSize() throws -> Int {
    try CollectedLog.entries(inState: state).count
  }
}
