import Board
import Evidence
import RuntimeTesting
import Testing

@testable import Runtime

/// A pipeline over a log in memory, with everything that it sends.
struct PipelineBench {
  let log = InMemoryEvidenceLog()
  let outbox = Outbox()
  let topics = Topics(board: "test")
  let recorder: Recorder
  let pipeline: Pipeline

  /// A pipeline that has signed its start at the millisecond 0.
  init(
    _ board: Board, boardFile: [UInt8] = Array("file".utf8), acknowledged: UInt64 = 0,
    retention: RetentionSettings? = nil, startingWithoutClock: Bool = false
  ) async throws {
    recorder = Recorder(log: log, signer: try identity(), subject: board.urn, boot: 1)
    await recorder.record([genesis])
    pipeline = Pipeline(
      board: board, boardFile: boardFile, version: "cairn 1", recorder: recorder, publisher: nil,
      topics: topics, retention: retention,
      acknowledged: { acknowledged }, remedy: { _ in "see to the disk" },
      send: { [outbox] in outbox.send($0) })
    await pipeline.recordStart(at: startingWithoutClock ? instant(0, quality: nil) : instant(0))
  }

  func accept(
    _ outcome: Acquisition.Outcome, sensor: Int = 0, at moment: Moment,
    calibration: [UInt8]? = nil
  ) async {
    await pipeline.accept(
      Acquisition(sensor: sensor, moment: moment, outcome: outcome, calibration: calibration))
  }

  /// All entries, checked as a stranger would.
  func entries() throws -> [Entry] { try verified(log, by: identity()) }

  /// One entry; throws where there is none, so that one failure ends one test only.
  func entry(_ index: Int) throws -> Entry {
    try #require(try entries().dropFirst(index).first)
  }

  func events(_ kind: EventKind) throws -> [Event] {
    try entries().flatMap(\.events).filter { $0.kind == kind }
  }

  func records() throws -> [SenMLRecord] { try entries().flatMap(\.records) }
}
