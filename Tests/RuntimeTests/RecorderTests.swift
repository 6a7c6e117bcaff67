import Evidence
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

@Suite(.timeLimit(.minutes(1))) struct RecorderTests {
  let log = InMemoryEvidenceLog()
  let signer: CountingSigner
  let recorder: Recorder

  init() throws {
    signer = CountingSigner(try identity())
    recorder = Recorder(log: log, signer: signer, subject: "urn:dev:cairn:test", boot: 7)
  }

  @Test func `signs a chain that a stranger can verify`() async throws {
    await recorder.record([genesis])
    let size = await recorder.record([statement(1), statement(2), statement(3)])
    #expect(size == 4)
    #expect(await recorder.record([statement(4, at: 5000)]) == 5)
    let entries = try verified(log, by: identity())
    #expect(entries.map(\.sequence) == [0, 1, 2, 3, 4])
    #expect(entries.map(\.previous).first == Hash.zero)
    #expect(entries.allSatisfy { $0.boot == 7 })
    #expect(entries.flatMap(\.events).map(\.subject) == ["1", "2", "3", "4"])
    let last = try #require(entries.last)
    #expect(last.monotonicMilliseconds == 5000)
    #expect(
      last.clock
        == ClockReading(
          unixMilliseconds: 1_750_000_005_000, errorMilliseconds: 3, source: .ntp))
  }

  @Test func `makes the statements of one call durable in one go`() async throws {
    await recorder.record([genesis])
    await recorder.record((0..<5).map { statement($0) })
    await recorder.record([])
    #expect(log.appendedGroups == [1, 5])
  }

  @Test func `states no clock where nothing keeps the time`() async throws {
    await recorder.record([genesis])
    await recorder.record([
      Statement(type: .data, moment: instant(1000, quality: nil), body: .array([]))
    ])
    #expect(try verified(log, by: identity())[1].clock == nil)
  }

  @Test func `signs a head over all entries that verifies under the identity`() async throws {
    await recorder.record([genesis, statement(1)])
    let head = try #require(await recorder.writeCheckpoint())
    let opened = try Checkpoint.opening(head.note, log: identity().did.noteVerifier)
    #expect(opened.checkpoint.head == log.head)
    #expect(head.size == 2)
    #expect(await recorder.checkpoint?.size == 2)
  }

  @Test(arguments: [
    LogFailure.system(file: "wal", call: "fdatasync", error: "Input/output error"),
    .contradiction("the log is not what was signed"),
  ])
  func `signs nothing more after a failed append, and says so`(failure: LogFailure) async throws {
    await recorder.record([genesis])
    log.failNext(with: failure)
    #expect(await recorder.record([statement(1), statement(2)]) == 1)
    let signatures = signer.count
    #expect(await recorder.record([statement(3)]) == 1)
    #expect(await recorder.writeCheckpoint() == nil)
    #expect(signer.count == signatures)
    #expect(log.refusedCalls == 1)
    #expect(await recorder.failure == failure)
    #expect(recorder.state.unsignedStatements == 3)
    #expect(recorder.state.failure == failure)
    #expect(recorder.state.unsignedStatements == 3)
    #expect(log.size == 1)
  }

  @Test func `signs nothing more after a failed head`() async throws {
    await recorder.record([genesis])
    log.failNext(with: .system(file: "checkpoint", call: "rename", error: "No space left"))
    #expect(await recorder.writeCheckpoint() == nil)
    let signatures = signer.count
    await recorder.record([statement(1)])
    #expect(await recorder.writeCheckpoint() == nil)
    #expect(signer.count == signatures)
    #expect(log.size == 1)
    #expect(recorder.state.unsignedStatements == 1)
  }

  @Test func `keeps nothing of a group whose signing fails halfway`() async throws {
    await recorder.record([genesis])
    signer.fail(with: SigningError("the secure element does not answer"))
    await recorder.record([statement(1), statement(2)])
    signer.fail(with: nil)
    await recorder.record([statement(3)])
    #expect(log.size == 1)
    #expect(recorder.state.unsignedStatements == 3)
    let failure = try #require(await recorder.failure)
    #expect(failure.description.contains("the secure element does not answer"))
  }

  @Test func `gives every place in the log to one entry, whoever calls`() async throws {
    await recorder.record([genesis])
    await withDiscardingTaskGroup { group in
      for caller in 0..<60 {
        group.addTask { [recorder] in
          await recorder.record((0..<(1 + caller % 3)).map { statement(caller * 10 + $0) })
          if caller.isMultiple(of: 7) { _ = await recorder.writeCheckpoint() }
        }
      }
    }
    let entries = try verified(log, by: identity())
    let subjects = entries.flatMap(\.events).map(\.subject)
    #expect(entries.count == 121)
    #expect(Set(subjects).count == 120)
    // The statements of one call stand together.
    for (index, subject) in subjects.enumerated() {
      let number = try #require(Int(subject))
      guard number % 10 > 0 else { continue }
      #expect(subjects[index - 1] == "\(number - 1)")
    }
  }

  @Test func `goes on signing where an entry cannot be read, and reads it when it can`()
    async throws
  {
    await recorder.record([genesis, statement(1)])
    let failure = LogFailure.system(file: "bundle", call: "open", error: "Too many open files")
    log.failReading(with: failure)
    #expect(await recorder.entries(from: 0, limit: 8) == [])
    #expect(recorder.state.readFailure == failure)
    #expect(recorder.state.readFailure == failure)
    #expect(await recorder.failure == nil)
    #expect(await recorder.record([statement(2)]) == 3)
    log.failReading(with: nil)
    #expect(await recorder.entries(from: 1, limit: 8) == Array(log.entries[1...]))
    #expect(recorder.state.readFailure == nil)
  }

  @Test func `gives entries from a place on, up to a number of them`() async throws {
    await recorder.record([genesis] + (1..<10).map { statement($0) })
    #expect(await recorder.entries(from: 3, limit: 4) == Array(log.entries[3..<7]))
    #expect(await recorder.entries(from: 8, limit: 4) == Array(log.entries[8...]))
    #expect(await recorder.entries(from: 10, limit: 4) == [])
  }

  @Test func `tells how it is while the disk hangs`() async throws {
    await recorder.record([genesis])
    log.hold()
    let recording = Task { [recorder] in await recorder.record([statement(1)]) }
    try await log.waitUntilHolding()
    #expect(recorder.state.size == 1)
    log.release()
    #expect(await recording.value == 2)
    #expect(recorder.state.size == 2)
  }
}
