import Evidence
import JSONText
import MerkleLog
import RuntimeTesting
import Testing

@testable import Runtime

/// What happens to statements that may not be signed, or not yet.
@Suite(.timeLimit(.minutes(1))) struct UnsignedTests {
  let log = InMemoryEvidenceLog()
  let spool = InMemorySpool()

  func recorder(waitingBecause reason: String? = nil) async throws -> Recorder {
    let first = Recorder(log: log, signer: try identity(), subject: "urn:dev:x:test", boot: 1)
    await first.record([genesis])
    return Recorder(
      log: log, signer: try identity(), subject: "urn:dev:x:test", boot: 2, spool: spool,
      waitingBecause: reason)
  }

  @Test func `statements wait for the leave to sign, and are signed in their order`() async throws {
    let recorder = try await recorder(waitingBecause: "the broker is asked")
    await recorder.record([statement(1)])
    await recorder.record([statement(2), statement(3)])
    #expect(await recorder.writeCheckpoint() == nil)
    #expect(log.size == 1)
    #expect(recorder.state.standing == .waiting("the broker is asked"))
    await recorder.permit()
    #expect(recorder.state.standing == .signing)
    await recorder.record([statement(4)])
    let entries = try verified(log, by: identity())
    #expect(entries.flatMap(\.events).map(\.subject) == ["1", "2", "3", "4"])
    #expect(spool.lines.isEmpty)
    #expect(recorder.state.unsignedStatements == 0)
  }

  @Test func `more than can wait goes into the spool, and is counted`() async throws {
    let recorder = try await recorder(waitingBecause: "the broker is away")
    for number in 0..<600 { await recorder.record([statement(number)]) }
    #expect(spool.lines.count == 600 - 512)
    #expect(recorder.state.unsignedStatements == 88)
    await recorder.permit()
    #expect(log.size == 513)
    #expect(recorder.state.lostStatements == 0)
  }

  @Test func `what still waits when the board stops is kept unsigned`() async throws {
    let recorder = try await recorder(waitingBecause: "the broker is away")
    await recorder.record([statement(1), statement(2)])
    await recorder.stopWaiting()
    #expect(spool.lines.count == 2)
    #expect(log.size == 1)
  }

  @Test func `after a failure everything goes into the spool, and says why`() async throws {
    let recorder = try await recorder()
    await recorder.record([statement(1)])
    log.failNext(with: .system(file: "wal", call: "fdatasync", error: "Input/output error"))
    await recorder.record([statement(2)])
    await recorder.record([statement(3)])
    #expect(log.size == 2)
    #expect(
      spool.lines
        == [2, 3].map { number in
          #"{"unsigned":"fdatasync of wal: Input/output error","type":"event","boot":2,"#
            + #""mono_ms":1000,"time":1750000001,"events":[{"kind":"command","#
            + #""subject":"\#(number)","time":1750000001}]}"#
        })
  }

  @Test func `records and raw bytes can be read in the spool`() async throws {
    let recorder = Recorder(failed: .contradiction("entry 7 is gone"), spool: spool)
    let record = try SenMLRecord(
      name: "urn:dev:x:test:air/temperature", unit: "Cel", timeSeconds: 1_750_000_001,
      value: .number(21.5))
    await recorder.record([
      Statement(
        type: .data, moment: instant(1000, quality: nil), body: DataBody([.record(record)]).cbor,
        evidence: [SensorEvidence(sensor: "air", readings: [[0xAB, 0x01]])])
    ])
    #expect(
      spool.lines == [
        #"{"unsigned":"entry 7 is gone","type":"data","boot":0,"mono_ms":1000,"time":null,"#
          + #""records":[{"n":"urn:dev:x:test:air/temperature","u":"Cel","t":1750000001.0,"#
          + #""v":21.5}],"raw":{"air":["ab01"]}}"#
      ])
    #expect(recorder.state.size == 0 && recorder.state.checkpointSize == nil)
    #expect(await recorder.entries(from: 0, limit: 5) == [])
    #expect(await recorder.checkpoint == nil)
  }

  @Test func `what not even the spool takes is counted as lost`() async throws {
    let recorder = Recorder(failed: .contradiction("entry 7 is gone"), spool: spool)
    let failure = LogFailure.system(file: "s", call: "pwrite", error: "No space left on device")
    spool.fail(with: failure)
    await recorder.record([statement(1), statement(2)])
    #expect(recorder.state.lostStatements == 2)
    #expect(recorder.state.spoolFailure == failure)
    spool.fail(with: nil)
    await recorder.record([statement(3)])
    #expect(recorder.state.lostStatements == 2)
    #expect(recorder.state.spoolFailure == nil)
    #expect(recorder.state.unsignedStatements == 3)
  }

  @Test func `a refusal while statements wait spools them, and no leave comes after it`()
    async throws
  {
    let recorder = try await recorder(waitingBecause: "the broker is asked")
    await recorder.record([statement(1)])
    await recorder.fail(with: .rolledBack("older copy"))
    await recorder.permit()
    await recorder.record([statement(2)])
    #expect(log.size == 1)
    #expect(spool.lines.count == 2)
    #expect(recorder.state.failure == .rolledBack("older copy"))
  }
}
